"""The reminders worker: plans reminders whenever their task changes, and sends them when they are due."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.errors import DomainError
from todo_app.domain.events import AccountUpdated, Event, TaskCreated, TaskRecurred, TaskUpdated
from todo_app.events.consumers import Consumer
from todo_app.events.supervisor import Loop
from todo_app.services.day_notices import tell
from todo_app.services.reminders import BATCH, plan, send_due

logger = logging.getLogger(__name__)

NAME: Final = "reminders"
# By themselves, in case nothing ticks: a clock was set back, or the sidecar is away.
LOOK_EVERY_SECONDS = 5.0
DAY_LOOK_EVERY_SECONDS = 300.0

_TYPES = frozenset(
    {
        "account.updated",
        "task.completed",
        "task.created",
        "task.deleted",
        "task.recurred",
        "task.reopened",
        "task.restored",
        "task.skipped",
        "task.updated",
    }
)
_MATTERS = {"due", "reminders"}


def reminders_consumer() -> Consumer:
    """The consumer that plans reminders."""
    return Consumer(name=NAME, types=_TYPES, handle=handle)


async def handle(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Plan anew the reminders that events may have moved."""
    of_user: dict[UUID, list[Event]] = {}
    for event in filter(_may_move, events):
        of_user.setdefault(event.user_id, []).append(event)
    people = await uow.accounts.workers_for(of_user.keys(), name=NAME) if of_user else {}
    for user_id, identity in people.items():
        await _plan(uow.part(identity), of_user[user_id])


async def _plan(uow: UnitOfWork, events: Sequence[Event]) -> None:
    of_tasks = [event for event in events if not isinstance(event.data, AccountUpdated)]
    # The first of several changes counts, as if nobody had known of the others yet.
    await plan(uow, {event.aggregate_id: event.occurred_at for event in reversed(of_tasks)})
    for event in events:
        if isinstance(event.data, AccountUpdated):
            await _plan_everything(uow, as_of=event.occurred_at)


def _may_move(event: Event) -> bool:
    match event.data:
        case AccountUpdated(what=what):
            return what in ("timezone", "notifications")
        case TaskCreated(reminders=reminders) | TaskRecurred(reminders=reminders):
            return bool(reminders)
        case TaskUpdated(changes=changes):
            return any(change.field in _MATTERS for change in changes)
        case _:
            return True


async def _plan_everything(uow: UnitOfWork, *, as_of: datetime) -> None:
    last = None
    while task_ids := await uow.reminders.tasks_with_unsent(after=last):
        await plan(uow, dict.fromkeys(task_ids, as_of))
        last = task_ids[-1]


class ReminderClock:
    """Sends what is due, at each tick; any number of these may run beside each other."""

    def __init__(self, work: Work) -> None:
        self.loop = Loop("reminders", self.step)
        self._work = work

    async def step(self) -> float:
        """Send everything that is due; the seconds until the next look."""
        while True:
            async with self._work.write() as uow:
                done = await send_due(uow)
            if done.claimed < BATCH:
                return LOOK_EVERY_SECONDS


class DayClock:
    """Tells of overdue tasks and of the day, at each tick, those who want it."""

    def __init__(self, work: Work) -> None:
        self.loop = Loop("day notices", self.step)
        self._work = work

    async def step(self) -> float:
        """Tell everybody what is due to be told; the seconds until the next look."""
        async with self._work.read() as uow:
            user_ids = await uow.day_notices.wanted_by()
        for user_id in user_ids:
            try:
                async with self._work.write() as uow:
                    await tell(uow, user_id, worker=NAME)
            except DomainError:
                # What one person's tasks hold is no reason not to tell the others.
                logger.exception("Could not tell user %s of their day", user_id)
        return DAY_LOOK_EVERY_SECONDS
