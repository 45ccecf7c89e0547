"""What people do with tags: create, rename, colour, merge, delete."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import Tag
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, NameTaken
from todo_app.domain.events import Change, TagCreated, TagDeleted, TagMerged, TagRestored, TagUpdated
from todo_app.domain.filter_language.lexer import Kind
from todo_app.domain.text import clean_name, fold
from todo_app.services import filters

COLORS = ("red", "orange", "amber", "green", "teal", "cyan", "blue", "violet", "pink", "slate")
TAGS_MAX = 1000


async def create(uow: UnitOfWork, name: str, *, color: str | None = None) -> Tag:
    """A new tag; without a colour it takes the next one of the palette.

    Raises:
        Invalid: when the name or colour can't be so, or there are ``TAGS_MAX`` tags.
        NameTaken: when a tag is so called, in any case.
    """
    name = clean_name(name, what="tag")
    await _refuse_taken(uow, name)
    existing = await uow.tags.count()
    if existing >= TAGS_MAX:
        raise Invalid("name", f"There are {TAGS_MAX:,} tags already. Delete or merge some first.")
    color = _check_color(color) if color else COLORS[existing % len(COLORS)]
    new = Tag(
        id=uuid7(), user_id=uow.user_id, name=name, name_folded=fold(name), color=color, created_at=uow.now
    )
    tag = await uow.tags.add(new)
    if tag is None:
        raise NameTaken("tag", name)
    uow.record(tag.id, tag.version, TagCreated(name=name, color=color))
    return tag


async def ensure(uow: UnitOfWork, names: Sequence[str]) -> frozenset[UUID]:
    """The ids of the tags with these names, in any case; those that do not exist are created.

    Raises:
        Invalid: when a name can't be so.
    """
    names = [clean_name(name, what="tag") for name in names]
    found = await uow.tags.named(names)
    for name in names:
        if fold(name) not in found:
            try:
                found[fold(name)] = await create(uow, name)
            except NameTaken:  # by somebody who committed since we looked
                found |= await uow.tags.named([name])
    return frozenset(tag.id for tag in found.values())


async def rename(uow: UnitOfWork, tag_id: UUID, name: str) -> Tag:
    """Give a tag another name.

    Raises:
        Invalid: when the name can't be so.
        NameTaken: when another tag is so called.
        NotFound: when there is no such tag.
    """
    tag = await uow.tags.get(tag_id)
    name = clean_name(name, what="tag")
    await _refuse_taken(uow, name, but=tag)
    before = tag.name
    change(uow, tag, "name", name)
    await filters.follow_renamed(uow, Kind.TAG, old=before, new=name)
    return tag


async def recolor(uow: UnitOfWork, tag_id: UUID, color: str) -> Tag:
    """Give a tag another colour of the palette.

    Raises:
        Invalid: when the palette has no such colour.
        NotFound: when there is no such tag.
    """
    tag = await uow.tags.get(tag_id)
    change(uow, tag, "color", _check_color(color))
    return tag


async def merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> Tag:
    """Let a tag take the place of another one on all its tasks.

    Raises:
        Invalid: when both are the same.
        NotFound: when one of them does not exist.
    """
    if source_id == target_id:
        raise Invalid("tag", "Choose another tag to merge into.")
    source, target = await uow.tags.get(source_id), await uow.tags.get(target_id)
    await uow.tags.tag_also(source.id, target.id, command_id=uow.command_id)
    source.deleted_at, source.merged_into_id = uow.now, target.id
    source.version += 1
    await uow.flush()
    await uow.tags.forget_count(source.id)
    await uow.tags.recount(target.id)
    uow.record(
        source.id, source.version, TagMerged(name=source.name, into_id=target.id, into_name=target.name)
    )
    await filters.follow_renamed(uow, Kind.TAG, old=source.name, new=target.name)
    return target


async def delete(uow: UnitOfWork, tag_id: UUID) -> Tag:
    """Delete a tag; its tasks stay, without it.

    Raises:
        NotFound: when there is no such tag.
    """
    tag = await uow.tags.get(tag_id)
    tag.deleted_at = uow.now
    tag.version += 1
    await uow.tags.forget_count(tag.id)
    uow.record(tag.id, tag.version, TagDeleted(name=tag.name))
    return tag


async def restore(uow: UnitOfWork, tag: Tag, *, merged_by: UUID | None = None) -> None:
    """Bring back a deleted tag, or one that the command ``merged_by`` has merged into another.

    Raises:
        NameTaken: when another tag is so called by now.
    """
    await _refuse_taken(uow, tag.name, but=tag)
    target_id, tag.merged_into_id, tag.deleted_at = tag.merged_into_id, None, None
    tag.version += 1
    if target_id is not None and merged_by is not None:
        await uow.tags.untag_command(target_id, merged_by)
        await uow.flush()
        await uow.tags.recount(target_id)
    await uow.tags.recount(tag.id)
    uow.record(tag.id, tag.version, TagRestored(name=tag.name, merged_into_id=target_id))


def change(uow: UnitOfWork, tag: Tag, field: str, value: str) -> None:
    """Set the name or colour of a loaded tag and record it; the value it has already is no change."""
    before = getattr(tag, field)
    if before == value:
        return
    setattr(tag, field, value)
    tag.name_folded = fold(tag.name)
    tag.version += 1
    changes = [Change(field=field, before=before, after=value)]
    uow.record(tag.id, tag.version, TagUpdated(name=tag.name, changes=changes))


async def _refuse_taken(uow: UnitOfWork, name: str, *, but: Tag | None = None) -> None:
    taken = (await uow.tags.named([name])).get(fold(name))
    if taken is not None and (but is None or taken.id != but.id):
        raise NameTaken("tag", taken.name)


def _check_color(color: str) -> str:
    if color not in COLORS:
        raise Invalid("color", f"“{color[:20]}” is not a colour of the palette: {', '.join(COLORS)}.")
    return color
