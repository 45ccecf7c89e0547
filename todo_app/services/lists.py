"""What a list shows: one window of it, whichever way its tasks are found."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from todo_app.db.models import SavedFilter
from todo_app.db.repositories.reading import Reading
from todo_app.db.repositories.task_lists import WINDOW_MAX, Window
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_language import Expression, Unreadable, parse_filter
from todo_app.domain.filter_language.known import KnownNames
from todo_app.domain.filter_language.tree import all_of
from todo_app.domain.views import ListName, View

TODAY_COUNT_MAX = 100
FILTER_COUNT_MAX = 100
# Each costs up to a millisecond whenever the sidebar is read.
FILTERS_COUNTED_MAX = 30


def today(uow: UnitOfWork) -> date:
    """The day it is where the user lives."""
    return uow.now.astimezone(uow.identity.zone).date()


def read_filter(uow: UnitOfWork, text: str) -> Expression:
    """A filter as this person means it now.

    Raises:
        Unreadable: when it is none.
    """
    return parse_filter(text, now=uow.now, timezone=uow.identity.zone)


def reading(uow: UnitOfWork, expression: Expression | None) -> Reading:
    """A filter read by this person now."""
    return Reading(today(uow), uow.identity.zone, expression)


async def window(uow: UnitOfWork, view: View, *, start: str | None = None, limit: int = WINDOW_MAX) -> Window:
    """The tasks from a cursor on, at most ``limit``.

    Raises:
        Invalid: when the cursor is not one of this view.
        Unreadable: when the view's filter can't be read.
    """
    found_as = await _reading_of(uow, view)
    if found_as is None:
        return Window()
    if view.list is ListName.SEARCH:
        task_ids = await uow.search.task_ids(view.search)
        found = await uow.lists.found(task_ids, view, found_as) if task_ids else ()
        return Window(found[:limit])
    return await uow.lists.window(view, found_as, start=start, limit=min(limit, WINDOW_MAX))


async def start_of_previous(uow: UnitOfWork, view: View, *, start: str, rows: int) -> str | None:
    """The cursor ``rows`` tasks above another one; ``None`` is the top of the list.

    Raises:
        Invalid: when the cursor is not one of this view.
        Unreadable: when the view's filter can't be read.
    """
    found_as = await _reading_of(uow, view)
    return await uow.lists.start_of_previous(view, found_as, start=start, rows=rows) if found_as else None


async def counts(uow: UnitOfWork) -> dict[str, int]:
    """The numbers beside the lists of the sidebar; ``today`` is counted up to ``TODAY_COUNT_MAX``."""
    kept = await uow.tasks.counts.all()
    return kept | {"today": await uow.lists.count_due_by(today(uow), at_most=TODAY_COUNT_MAX)}


async def filter_counts(uow: UnitOfWork, saved: Sequence[SavedFilter], known: KnownNames) -> dict[str, int]:
    """How many tasks saved filters find, up to ``FILTER_COUNT_MAX``, by list key.

    Those behind the first ``FILTERS_COUNTED_MAX``, and those that can't be read, are left out.
    """
    readings = {}
    for each in saved[:FILTERS_COUNTED_MAX]:
        with contextlib.suppress(Unreadable):
            readings[f"filter:{each.id}"] = reading(uow, read_filter(uow, each.query))
    return await uow.lists.count_passing(readings, known, at_most=FILTER_COUNT_MAX)


async def matches(uow: UnitOfWork, expression: Expression, known: KnownNames, *, at_most: int) -> int:
    """How many tasks pass a filter, counted no further than ``at_most``."""
    return (await matches_of_each(uow, {"filter": expression}, known, at_most=at_most))["filter"]


async def matches_of_each(
    uow: UnitOfWork, expressions: Mapping[str, Expression], known: KnownNames, *, at_most: int
) -> dict[str, int]:
    """How many tasks pass each of several filters, in one statement; see ``matches``."""
    readings = {name: reading(uow, expression) for name, expression in expressions.items()}
    return await uow.lists.count_passing(readings, known, at_most=at_most)


async def passing(uow: UnitOfWork, expression: Expression, *, at_most: int) -> Sequence[UUID]:
    """The tasks that a filter finds, at most so many."""
    return await uow.lists.ids_passing(reading(uow, expression), at_most=at_most)


async def _reading_of(uow: UnitOfWork, view: View) -> Reading | None:
    """How the view is read; ``None`` when its saved filter is gone."""
    queries = [view.filters.query] if view.filters.query else []
    if view.list is ListName.FILTER:
        saved = await uow.filters.find(view.id) if view.id else None
        if saved is None or saved.deleted_at:
            return None
        queries.append(saved.query)
    expressions = [read_filter(uow, query) for query in queries]
    return reading(uow, all_of(expressions) if expressions else None)
