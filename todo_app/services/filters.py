"""What people do with saved filters: create, change, move, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import SavedFilter
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Conflict, Invalid, NameTaken, NotFound
from todo_app.domain.events import Change, FilterCreated, FilterDeleted, FilterRestored, FilterUpdated
from todo_app.domain.filter_facets import facets, scope, status_facet, tag_facets
from todo_app.domain.filter_language import Unreadable, format_filter
from todo_app.domain.filter_language.lexer import Kind
from todo_app.domain.filter_language.parser import TEXT_MAX
from todo_app.domain.filter_language.renaming import with_renamed
from todo_app.domain.filter_language.tree import all_of
from todo_app.domain.ranking import rank_at, rank_between
from todo_app.domain.text import clean_name, fold
from todo_app.domain.views import ListName, View
from todo_app.services import lists
from todo_app.services.lists import read_filter

FILTERS_MAX = 100
MATCHES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a filter would find: how many tasks, up to ``MATCHES_MAX``, and which of its names nothing has."""

    matches: int
    unknown: list[str]


async def foresee(uow: UnitOfWork, query: str) -> Foreseen:
    """What a filter would find.

    Raises:
        Unreadable: when it can't be read.
    """
    expression, known = read_filter(uow, query), await uow.lists.known_names()
    matches = await lists.matches(uow, expression, known, at_most=MATCHES_MAX)
    return Foreseen(matches, known.unknown_in(expression))


async def describe(uow: UnitOfWork, view: View) -> str:
    """A filter that finds what a view shows, as far as one can say that; empty when it says nothing.

    Raises:
        Unreadable: when the view's own filter can't be read.
    """
    names = {tag.id: tag.name for tag in await uow.tags.all()}
    names |= {project.id: project.name for project in await uow.projects.all()}

    def named(each_id: UUID) -> str:
        return names.get(each_id, "deleted")

    day, chosen = lists.today(uow), view.filters
    said = scope(view, today=day, named=named)
    saved = await uow.filters.find(view.id) if view.list is ListName.FILTER and view.id else None
    said += [read_filter(uow, query) for query in (saved.query if saved else "", chosen.query) if query]
    said += status_facet(chosen) + tag_facets(chosen, named=named) + facets(chosen, today=day)
    return format_filter(all_of(said)) if said else ""


async def create(uow: UnitOfWork, name: str, query: str) -> SavedFilter:
    """Save a filter, below those that there are.

    Raises:
        Invalid: when the name can't be so, or there are ``FILTERS_MAX`` filters.
        NameTaken: when a filter is so called, in any case.
        Unreadable: when the filter can't be read.
    """
    name, query = clean_name(name, what="filter"), check_query(uow, query)
    existing = await uow.filters.all()
    taken = next((each for each in existing if each.name_folded == fold(name)), None)
    if taken is not None:
        raise NameTaken("filter", taken.name)
    if len(existing) >= FILTERS_MAX:
        raise Invalid("name", f"There are {FILTERS_MAX} filters already. Delete one first.")
    filter_id = uuid7()
    new = SavedFilter(
        id=filter_id,
        user_id=uow.user_id,
        name=name,
        name_folded=fold(name),
        query=query,
        rank=rank_at(uow.now, filter_id),
        created_at=uow.now,
    )
    saved = await uow.filters.add(new)
    if saved is None:
        raise NameTaken("filter", name)
    uow.record(saved.id, saved.version, FilterCreated(name=name, query=query))
    return saved


async def edit(
    uow: UnitOfWork, filter_id: UUID, *, name: str | None = None, query: str | None = None
) -> SavedFilter:
    """Give a filter another name, or let it find other tasks; ``None`` leaves that as it is.

    Raises:
        Invalid: when the name can't be so.
        NameTaken: when another filter is so called.
        NotFound: when there is no such filter.
        Unreadable: when the filter can't be read.
    """
    saved = await uow.filters.get(filter_id)
    values: dict[str, str] = {}
    if name is not None:
        values["name"] = clean_name(name, what="filter")
        await _refuse_taken_by_another(uow, saved, values["name"])
    if query is not None:
        values["query"] = check_query(uow, query)
    _change(uow, saved, values)
    return saved


async def move(uow: UnitOfWork, filter_id: UUID, *, after_id: UUID | None) -> SavedFilter:
    """Put a filter right behind another one; ``None`` puts it first.

    Raises:
        NotFound: when one of them does not exist.
    """
    saved = await uow.filters.get(filter_id)
    others = [each for each in await uow.filters.all() if each.id != filter_id]
    if after_id is not None:
        await uow.filters.get(after_id)
    behind = next((index + 1 for index, each in enumerate(others) if each.id == after_id), 0)
    before = others[behind - 1].rank if behind else None
    following = others[behind].rank if behind < len(others) else None
    if (before or "") < saved.rank and (following is None or saved.rank < following):
        return saved  # it is there already
    _change(uow, saved, {"rank": rank_between(before, following)})
    return saved


async def shift(uow: UnitOfWork, filter_id: UUID, *, places: int) -> SavedFilter:
    """Move a filter up (below 0) or down by some places, at most to the end.

    Raises:
        NotFound: when there is no such filter.
    """
    ids = [each.id for each in await uow.filters.all()]
    if filter_id not in ids:
        raise NotFound("filter")
    wanted = min(max(0, ids.index(filter_id) + places), len(ids) - 1)
    ids.remove(filter_id)
    return await move(uow, filter_id, after_id=ids[wanted - 1] if wanted else None)


async def delete(uow: UnitOfWork, filter_id: UUID) -> SavedFilter:
    """Delete a filter; the tasks that it finds stay.

    Raises:
        NotFound: when there is no such filter.
    """
    saved = await uow.filters.get(filter_id)
    saved.deleted_at = uow.now
    saved.version += 1
    uow.record(saved.id, saved.version, FilterDeleted(name=saved.name))
    return saved


async def restore(uow: UnitOfWork, saved: SavedFilter) -> None:
    """Bring back a deleted filter.

    Raises:
        NameTaken: when another filter is so called by now.
    """
    await _refuse_taken_by_another(uow, saved, saved.name)
    saved.deleted_at = None
    saved.version += 1
    uow.record(saved.id, saved.version, FilterRestored(name=saved.name))


async def take_back(uow: UnitOfWork, saved: SavedFilter, changes: list[Change]) -> None:
    """Give the fields of a filter the values from before; those that have them again already are no change.

    Raises:
        Conflict: when something else was made of one of them since.
        NameTaken: when another filter is so called by now.
    """
    for change in changes:
        current = getattr(saved, change.field)
        if current not in (change.before, change.after):
            raise Conflict(change.field, theirs=current, mine=change.before)
    values = {change.field: str(change.before) for change in changes}
    if "name" in values:
        await _refuse_taken_by_another(uow, saved, values["name"])
    _change(uow, saved, values)


async def follow_renamed(uow: UnitOfWork, kind: Kind, *, old: str, new: str) -> None:
    """Let the filters that name a tag or project name it as it is called now.

    Raises:
        Invalid: when a filter would become too long.
    """
    if old == new:
        return
    for saved in await uow.filters.all():
        query = with_renamed(saved.query, kind, old=old, new=new)
        if len(query) > TEXT_MAX:
            raise Invalid("name", f"With this name the filter “{saved.name}” would become too long.")
        _change(uow, saved, {"query": query})


def check_query(uow: UnitOfWork, query: str) -> str:
    """A filter's text as it is stored.

    Raises:
        Unreadable: when it can't be read.
    """
    query = query.strip()
    try:
        read_filter(uow, query)
    except Unreadable as error:
        raise error.in_field("query") from None
    return query


def _change(uow: UnitOfWork, saved: SavedFilter, values: Mapping[str, str]) -> None:
    changes = [
        Change(field=field, before=getattr(saved, field), after=value)
        for field, value in values.items()
        if getattr(saved, field) != value
    ]
    if not changes:
        return
    for field, value in values.items():
        setattr(saved, field, value)
    saved.name_folded = fold(saved.name)
    saved.version += 1
    uow.record(saved.id, saved.version, FilterUpdated(name=saved.name, changes=changes))


async def _refuse_taken_by_another(uow: UnitOfWork, saved: SavedFilter, name: str) -> None:
    taken = await uow.filters.named(name)
    if taken is not None and taken.id != saved.id:
        raise NameTaken("filter", taken.name)
