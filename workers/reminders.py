"""The reminders worker: plans reminders whenever their task changes, and sends them when they are due."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.events import AccountUpdated, Event, TaskCreated, TaskRecurred, TaskUpdated
from todo_app.events.consumers import Consumer
from todo_app.events.supervisor import Loop
from todo_app.services.reminders import BATCH, plan, send_due

NAME: Final = "reminders"
TICK_SECONDS = 1.0

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


async def handle(uow: UnitOfWork, event: Event) -> None:
    """Plan anew the reminders that an event may have moved."""
    if not _may_move(event):
        return
    people = await uow.accounts.workers_for({event.user_id}, name=NAME)
    if event.user_id not in people:
        return
    uow.identity = people[event.user_id]
    if isinstance(event.data, AccountUpdated):
        await _plan_everything(uow, as_of=event.occurred_at)
    else:
        await plan(uow, [event.aggregate_id], as_of=event.occurred_at)


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
        await plan(uow, task_ids, as_of=as_of)
        last = task_ids[-1]


class ReminderClock:
    """Sends what is due, every second; any number of these may run beside each other."""

    def __init__(self, work: Work) -> None:
        self.loop = Loop("reminders", self.step)
        self._work = work

    async def step(self) -> float:
        """Send everything that is due; the seconds until the next look."""
        while True:
            async with self._work.write() as uow:
                done = await send_due(uow)
            if done.claimed < BATCH:
                return TICK_SECONDS
