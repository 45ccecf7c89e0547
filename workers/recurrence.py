"""The recurrence worker: makes the next occurrence when one is completed or skipped."""

from __future__ import annotations

from typing import Final

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import Event, TaskCompleted, TaskSkipped
from todo_app.events.consumers import Consumer, one_by_one
from todo_app.services.occurrences import advance

NAME: Final = "recurrence"


def recurrence_consumer() -> Consumer:
    """The consumer that keeps series going."""
    return Consumer(name=NAME, types=frozenset({"task.completed", "task.skipped"}), handle=one_by_one(handle))


async def handle(uow: UnitOfWork, event: Event) -> None:
    """Make what follows the occurrence that was closed, if it belongs to a series."""
    if not isinstance(event.data, TaskCompleted | TaskSkipped) or event.data.series_id is None:
        return
    people = await uow.accounts.workers_for({event.user_id}, name=NAME)
    if event.user_id in people:
        uow.identity = people[event.user_id]
        await advance(uow, event.aggregate_id)
