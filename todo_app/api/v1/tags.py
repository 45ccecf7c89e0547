"""``/tags``."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import WRITER, Answer, Command, answer_json
from todo_app.api.v1.parameters import LIMIT, Cursor, Id, Limit
from todo_app.api.v1.routers import v1_router
from todo_app.api.v1.versions import IfMatch, etag, refuse_stale, versioned, versions_of
from todo_app.db.models import Tag
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services import tags
from todo_app.services.cursors import cursor_of, text_place
from todo_app.services.task_document import instant

_NAME_MAX = 200

Color = Literal["red", "orange", "amber", "green", "teal", "cyan", "blue", "violet", "pink", "slate"]


class TagDocument(TypedDict):
    """A tag, and how many open tasks bear it."""

    id: str
    name: str
    color: str
    tasks: int
    created_at: str
    version: int


class TagPage(TypedDict):
    """A stretch of the tags, by name."""

    items: list[TagDocument]
    next_cursor: str | None


class TagToAdd(Body):
    """A new tag; without a colour it takes the next one of the palette."""

    name: Text = Field(max_length=_NAME_MAX, examples=["home"])
    color: Color | None = None


class TagFields(Body):
    """What is to change."""

    name: Text = Field("", max_length=_NAME_MAX, examples=["house"])
    color: Color = "slate"


class TagToMerge(Body):
    """The tag that takes the place of this one."""

    into: Id


router = v1_router("tags")


@router.get("/tags", response_model=TagPage)
async def list_tags(limit: Limit = LIMIT, cursor: Cursor = None, look: Look = READER) -> Response:
    async with look.read() as uow:
        found = await uow.tags.page(start=text_place(cursor, "tags"), limit=limit + 1)
        counts = await uow.tasks.counts.all()
    following = cursor_of("tags", found[limit].name_folded) if len(found) > limit else None
    items = [_document(tag, counts) for tag in found[:limit]]
    return answer_json(TagPage(items=items, next_cursor=following))


@router.post("/tags", status_code=201, response_model=TagDocument)
async def add_a_tag(body: TagToAdd, request: Request, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        tag = await tags.create(uow, body.name, color=body.color)
        return await _tag(uow, tag.id, status=201, location=f"{request.url.path}/{tag.id}")

    return await command.run(act)


@router.get("/tags/{tag_id}", response_model=TagDocument)
async def read_a_tag(tag_id: UUID, look: Look = READER) -> Response:
    async with look.read() as uow:
        found = await _found(uow, tag_id)
    return answer_json(found, headers={"ETag": etag(found["version"])})


@router.patch("/tags/{tag_id}", response_model=TagDocument)
async def change_a_tag(
    tag_id: UUID, body: TagFields, if_match: IfMatch = None, command: Command = WRITER
) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        refuse_stale("tag", await _found(uow, tag_id), versions_of(if_match))
        await _change(uow, tag_id, body)
        return await _tag(uow, tag_id)

    return await command.run(act)


@router.post("/tags/{tag_id}/merge", response_model=TagDocument)
async def merge_a_tag(tag_id: UUID, body: TagToMerge, command: Command = WRITER) -> Response:
    """Let another tag take the place of this one on all its tasks."""

    async def act(uow: UnitOfWork) -> Answer:
        target = await tags.merge(uow, tag_id, body.into)
        return await _tag(uow, target.id)

    return await command.run(act)


@router.delete("/tags/{tag_id}", status_code=204)
async def delete_a_tag(tag_id: UUID, if_match: IfMatch = None, command: Command = WRITER) -> Response:
    """Delete a tag; its tasks stay, without it."""

    async def act(uow: UnitOfWork) -> Answer:
        refuse_stale("tag", await _found(uow, tag_id), versions_of(if_match))
        await tags.delete(uow, tag_id)
        return Answer(status=204)

    return await command.run(act)


async def _change(uow: UnitOfWork, tag_id: UUID, body: TagFields) -> None:
    if "name" in body.model_fields_set:
        await tags.rename(uow, tag_id, body.name)
    if "color" in body.model_fields_set:
        await tags.recolor(uow, tag_id, body.color)


async def _tag(uow: UnitOfWork, tag_id: UUID, *, status: int = 200, location: str = "") -> Answer:
    await uow.flush()
    return versioned(await _found(uow, tag_id), status=status, location=location)


async def _found(uow: UnitOfWork, tag_id: UUID) -> TagDocument:
    return _document(await uow.tags.get(tag_id), await uow.tasks.counts.all())


def _document(tag: Tag, counts: dict[str, int]) -> TagDocument:
    return TagDocument(
        id=str(tag.id),
        name=tag.name,
        color=tag.color,
        tasks=counts.get(f"tag:{tag.id}", 0),
        created_at=instant(tag.created_at) or "",
        version=tag.version,
    )
