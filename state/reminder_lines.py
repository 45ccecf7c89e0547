"""The reminders of a task in words: when each goes off, when it was sent, or why it can't be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from todo_app.db.models import Reminder, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import ReminderData
from todo_app.domain.reminder_words import say_instant, say_reminder
from todo_app.domain.reminders import moment_of
from todo_app.services.task_reminders import reminders_of


@dataclass(frozen=True)
class ReminderLine:
    """One reminder in words; ``note`` says when it goes off, when it did, or why it can't."""

    key: str = ""
    words: str = ""
    note: str = ""
    state: str = "planned"


async def lines_of(uow: UnitOfWork, task: Task) -> tuple[ReminderLine, ...]:
    """The reminders of a loaded task in words, the earliest first."""
    await uow.reminders.load([task.id])
    rows = uow.reminders.of(task)
    if not rows:
        return ()
    all_day_at = (await uow.reminders.preferences()).all_day_at
    known = list(zip(rows, reminders_of(uow, task), strict=True))
    moments = [moment_of(data, task.due, zone=uow.identity.zone, all_day_at=all_day_at) for _, data in known]
    lines = [
        (moment or uow.now, _line(uow, task, row, data, moment))
        for (row, data), moment in zip(known, moments, strict=True)
    ]
    return tuple(line for _, line in sorted(lines, key=lambda each: each[0]))


def key_of(data: ReminderData) -> str:
    """What tells the reminders of one task apart."""
    if data.at is None:
        return f"before-{data.minutes_before}"
    return f"{'snooze' if data.snooze else 'at'}-{data.at.isoformat()}"


def _line(
    uow: UnitOfWork, task: Task, row: Reminder, data: ReminderData, moment: datetime | None
) -> ReminderLine:
    zone = uow.identity.zone
    words = say_reminder(data, now=uow.now, zone=zone)
    state, note = _state(uow, task, row, moment)
    is_instant = data.at is not None
    if state == "planned":
        note = "" if is_instant or moment is None else say_instant(moment, now=uow.now, zone=zone)
    return ReminderLine(key_of(data), words, note, state)


def _state(uow: UnitOfWork, task: Task, row: Reminder, moment: datetime | None) -> tuple[str, str]:
    zone = uow.identity.zone
    if row.sent_at is not None:
        today, local = uow.now.astimezone(zone).date(), row.sent_at.astimezone(zone)
        when = f"{local:%H:%M}" if local.date() == today else say_instant(local, now=uow.now, zone=zone)
        return "sent", f"sent {when}"
    if task.completed_at or task.deleted_at:
        return "off", "not sent"
    if moment is None:
        return "off", "needs a date"
    if moment <= uow.now and row.fires_at is None:
        return "off", "already past"
    return "planned", ""
