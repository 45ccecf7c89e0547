"""What a list shows: one window of it, whichever way its tasks are found."""

from __future__ import annotations

from datetime import date

from todo_app.db.repositories.task_lists import WINDOW_MAX, Window
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.views import ListName, View

TODAY_COUNT_MAX = 100


def today(uow: UnitOfWork) -> date:
    """The day it is where the user lives."""
    return uow.now.astimezone(uow.identity.zone).date()


async def window(uow: UnitOfWork, view: View, *, start: str | None = None, limit: int = WINDOW_MAX) -> Window:
    """The tasks from a cursor on, at most ``limit``.

    Raises:
        Invalid: when the cursor is not one of this view.
    """
    if view.list is ListName.SEARCH:
        task_ids = await uow.search.task_ids(view.search)
        found = await uow.lists.found(task_ids, view, today=today(uow)) if task_ids else ()
        return Window(found[:limit])
    return await uow.lists.window(view, today=today(uow), start=start, limit=min(limit, WINDOW_MAX))


async def counts(uow: UnitOfWork) -> dict[str, int]:
    """The numbers beside the lists of the sidebar; ``today`` is counted up to ``TODAY_COUNT_MAX``."""
    kept = await uow.tasks.counts.all()
    return kept | {"today": await uow.lists.count_due_by(today(uow), at_most=TODAY_COUNT_MAX)}
