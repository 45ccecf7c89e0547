"""What a list shows: one window of it, whichever way its tasks are found."""

from __future__ import annotations

from datetime import date

from todo_app.db.repositories.task_lists import WINDOW_MAX, Reading, Window
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_language import Expression, parse_filter
from todo_app.domain.views import ListName, View

TODAY_COUNT_MAX = 100


def today(uow: UnitOfWork) -> date:
    """The day it is where the user lives."""
    return uow.now.astimezone(uow.identity.zone).date()


def read_filter(uow: UnitOfWork, text: str) -> Expression:
    """A filter as this person means it now.

    Raises:
        Unreadable: when it is none.
    """
    return parse_filter(text, now=uow.now, timezone=uow.identity.zone)


async def window(uow: UnitOfWork, view: View, *, start: str | None = None, limit: int = WINDOW_MAX) -> Window:
    """The tasks from a cursor on, at most ``limit``.

    Raises:
        Invalid: when the cursor is not one of this view.
        Unreadable: when the view's filter can't be read.
    """
    reading = _reading(uow, view)
    if view.list is ListName.SEARCH:
        task_ids = await uow.search.task_ids(view.search)
        found = await uow.lists.found(task_ids, view, reading) if task_ids else ()
        return Window(found[:limit])
    return await uow.lists.window(view, reading, start=start, limit=min(limit, WINDOW_MAX))


async def start_of_previous(uow: UnitOfWork, view: View, *, start: str, rows: int) -> str | None:
    """The cursor ``rows`` tasks above another one; ``None`` is the top of the list.

    Raises:
        Invalid: when the cursor is not one of this view.
        Unreadable: when the view's filter can't be read.
    """
    return await uow.lists.start_of_previous(view, _reading(uow, view), start=start, rows=rows)


async def counts(uow: UnitOfWork) -> dict[str, int]:
    """The numbers beside the lists of the sidebar; ``today`` is counted up to ``TODAY_COUNT_MAX``."""
    kept = await uow.tasks.counts.all()
    return kept | {"today": await uow.lists.count_due_by(today(uow), at_most=TODAY_COUNT_MAX)}


def _reading(uow: UnitOfWork, view: View) -> Reading:
    query = view.filters.query
    return Reading(today(uow), uow.identity.zone, read_filter(uow, query) if query else None)
