"""Reminders one by one, as programs add, change and remove them; each is a change of its task."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from todo_app.db.models import Reminder, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NotFound
from todo_app.domain.events import ReminderData
from todo_app.services.task_fields import TaskPatch
from todo_app.services.task_reminders import refuse_past, reminders_of
from todo_app.services.tasks import apply_changes


async def read(uow: UnitOfWork, reminder_id: UUID) -> Reminder:
    """One reminder, with its task locked in a transaction that writes.

    Raises:
        NotFound: when there is no such reminder, or its task was removed for good.
    """
    _, row = await _with_task(uow, reminder_id)
    return row


async def add(uow: UnitOfWork, task_id: UUID, wanted: ReminderData) -> Reminder:
    """Remind of a task once more; one that is there already stays as it is.

    Raises:
        Invalid: when the moment can't be, or there are too many.
        NotFound: when there is no such task.
    """
    task = await uow.tasks.get(task_id)
    await uow.reminders.load([task.id])
    return await _set(uow, task, reminders_of(uow, task), wanted)


async def change(uow: UnitOfWork, reminder_id: UUID, wanted: ReminderData) -> Reminder:
    """Remind at another moment.

    Raises:
        Invalid: when the moment can't be.
        NotFound: when there is no such reminder.
    """
    task, row = await _with_task(uow, reminder_id)
    return await _set(uow, task, _others(uow, task, row), wanted)


async def remove(uow: UnitOfWork, reminder_id: UUID) -> None:
    """Remind no longer.

    Raises:
        NotFound: when there is no such reminder.
    """
    task, row = await _with_task(uow, reminder_id)
    await apply_changes(uow, task, TaskPatch(reminders=tuple(_others(uow, task, row))))


async def _with_task(uow: UnitOfWork, reminder_id: UUID) -> tuple[Task, Reminder]:
    task = await uow.tasks.get(await uow.reminders.task_of(reminder_id))
    await uow.reminders.load([task.id])
    for row in uow.reminders.of(task):
        if row.id == reminder_id:
            return task, row
    # Somebody removed it while we waited for its task.
    raise NotFound("reminder")


def _others(uow: UnitOfWork, task: Task, row: Reminder) -> list[ReminderData]:
    rows = uow.reminders.of(task)
    return [data for each, data in zip(rows, reminders_of(uow, task), strict=True) if each.id != row.id]


async def _set(uow: UnitOfWork, task: Task, others: Iterable[ReminderData], wanted: ReminderData) -> Reminder:
    refuse_past([wanted], reminders_of(uow, task), now=uow.now)
    await apply_changes(uow, task, TaskPatch(reminders=(*others, wanted)))
    rows = zip(uow.reminders.of(task), reminders_of(uow, task), strict=True)
    return next(row for row, data in rows if data == wanted)
