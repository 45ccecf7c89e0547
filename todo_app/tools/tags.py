"""The tools for tags."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from todo_app.db.models import Tag
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.identity import Scope
from todo_app.domain.text import fold
from todo_app.services import tags
from todo_app.services.bodies import Text
from todo_app.services.cursors import cursor_of, text_place
from todo_app.tools.naming import Deleting, Edited, Paging, new_name_of, rehearsed
from todo_app.tools.size import fitting
from todo_app.tools.tool import Answer, Tool


class TagRow(Answer):
    """A tag, and how many open tasks bear it."""

    name: str
    color: str
    tasks: int


class Tags(Answer):
    """A stretch of the tags, by name."""

    items: list[TagRow]
    next_cursor: str | None = None


class TagEdit(Deleting):
    """What is to become of a tag."""

    color: (
        Literal["red", "orange", "amber", "green", "teal", "cyan", "blue", "violet", "pink", "slate"] | None
    ) = Field(None, description="With create or rename.")


async def list_tags(uow: UnitOfWork, asked: Paging) -> Tags:
    """The tags."""
    found = await uow.tags.page(start=text_place(asked.cursor, "tags"), limit=asked.limit + 1)
    counts = await uow.tasks.counts.all()
    items = [
        TagRow(name=tag.name, color=tag.color, tasks=counts.get(f"tag:{tag.id}", 0))
        for tag in found[: asked.limit]
    ]
    items = items[: fitting(items)]
    following = cursor_of("tags", found[len(items)].name_folded) if len(found) > len(items) else None
    return Tags(items=items, next_cursor=following)


async def edit_tag(uow: UnitOfWork, asked: TagEdit) -> Edited:
    """Make a tag, or another one of it, or none."""
    if asked.action == "create":
        tag = await tags.create(uow, asked.name, color=asked.color)
        return _edited(uow, f"Created the tag “{tag.name}”.")
    tag = await _named(uow, asked.name)
    if asked.action == "delete":
        borne_by = (await uow.tasks.counts.all()).get(f"tag:{tag.id}", 0)
        await tags.delete(uow, tag.id)
        if rehearsed(asked, borne_by):
            return Edited(
                dry_run=True,
                message=f"Nothing has changed yet: {borne_by} open tasks would lose “{tag.name}”. "
                f"Call it again with confirm: true and expected_count: {borne_by}, when the person wants it.",
            )
        return _edited(uow, f"Deleted the tag “{tag.name}”; its tasks stay.")
    if asked.new_name is not None or asked.color is None:
        await tags.rename(uow, tag.id, new_name_of(asked))
    if asked.color is not None:
        await tags.recolor(uow, tag.id, asked.color)
    return _edited(uow, f"The tag is called “{tag.name}” now.")


async def _named(uow: UnitOfWork, name: Text) -> Tag:
    found = (await uow.tags.named([name])).get(fold(name))
    if found is None:
        raise Invalid("name", f"There is no tag “{name[:80]}”. `list_tags` names them all.")
    return found


def _edited(uow: UnitOfWork, message: str) -> Edited:
    return Edited(dry_run=False, message=message, undo=str(uow.command_id) if uow.events else None)


TAGS = (
    Tool(
        name="list_tags",
        title="List tags",
        description="All tags by name, with how many open tasks bear each.",
        arguments=Paging,
        answer=Tags,
        scope=Scope.READ,
        does=list_tags,
    ),
    Tool(
        name="edit_tag",
        title="Edit a tag",
        description="Create, rename or delete a tag. Deleting one that more than 5 open tasks bear has to be "
        "confirmed with their count; the tasks stay. Answers an id for `undo`.",
        arguments=TagEdit,
        answer=Edited,
        scope=Scope.WRITE,
        does=edit_tag,
        is_destructive=True,
        is_idempotent=False,
    ),
)
