"""The reminders that a task has: read back as the values that events carry, and set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue
from uuid6 import uuid7

from todo_app.db.models import Reminder, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import ReminderData
from todo_app.domain.identity import Identity
from todo_app.domain.task import Due

REMINDERS_MAX = 20
MINUTES_MAX = 366 * 24 * 60
AHEAD_MAX = timedelta(days=366 * 50)


def value_of_reminders(uow: UnitOfWork, task: Task) -> JsonValue:
    """The reminders of a task as a JSON value; ``uow.reminders.load`` has to come first."""
    return [data.model_dump(mode="json") for data in reminders_of(uow, task)]


def reminders_of(uow: UnitOfWork, task: Task) -> list[ReminderData]:
    """The reminders of a task; ``uow.reminders.load`` has to come first."""
    return [_data(reminder) for reminder in uow.reminders.of(task)]


async def set_reminders(uow: UnitOfWork, task: Task, wanted: Sequence[ReminderData]) -> None:
    """Make exactly these the reminders of a task; one that is there already stays as it is.

    Where one takes the place of one, it is the same reminder at another moment.

    Raises:
        Invalid: when there are too many, or one is neither so long before nor at an instant.
    """
    wanted = list(dict.fromkeys(wanted))
    check_reminders(wanted)
    there = {_data(reminder): reminder for reminder in uow.reminders.of(task)}
    gone = [row for data, row in there.items() if data not in wanted]
    new = [data for data in wanted if data not in there]
    if len(gone) == len(new) == 1:
        _put_off(gone[0], new[0])
        return
    await uow.reminders.remove(gone)
    for data in new:
        add_reminder(uow, task, data)


def add_reminder(uow: UnitOfWork, task: Task, data: ReminderData, *, sent_at: datetime | None = None) -> None:
    """Give a task one more reminder; ``sent_at`` when it was sent already."""
    uow.reminders.add(
        Reminder(
            id=uuid7(),
            user_id=uow.user_id,
            task_id=task.id,
            minutes_before=data.minutes_before,
            at=data.at,
            is_snooze=data.snooze,
            sent_at=sent_at,
            created_at=uow.now,
        )
    )


def check_reminders(wanted: Sequence[ReminderData]) -> None:
    """Refuse reminders that make no sense.

    Raises:
        Invalid: when there are too many, or one is neither so long before nor at an instant.
    """
    if len(wanted) > REMINDERS_MAX:
        raise Invalid("reminders", f"A task can have at most {REMINDERS_MAX} reminders.")
    for data in wanted:
        if (data.minutes_before is None) == (data.at is None):
            raise Invalid("reminders", "A reminder is either minutes before the task is due or at a time.")
        if data.minutes_before is not None and not 0 <= data.minutes_before <= MINUTES_MAX:
            raise Invalid("reminders", "A reminder comes at most a year before the task is due.")
        if data.at is not None and data.at.tzinfo is None:
            raise Invalid("reminders", "The time of a reminder needs a time zone, such as Z.")


def refuse_past(new: Sequence[ReminderData], known: Sequence[ReminderData], *, now: datetime) -> None:
    """Refuse to set reminders for moments that have passed.

    Raises:
        Invalid: when one that is not there yet lies in the past, or absurdly far ahead.
    """
    for data in new:
        if data.at is None or data in known:
            continue
        if data.at <= now:
            raise Invalid("reminders", "That moment has passed. Choose one that lies ahead.")
        if data.at > now + AHEAD_MAX:
            raise Invalid("reminders", "A reminder lies at most fifty years ahead.")


def default_reminders(identity: Identity, due: Due | None) -> tuple[ReminderData, ...]:
    """What the user wants every task with a time of day to have."""
    minutes = identity.default_reminder_minutes
    if due is None or due.time is None or minutes is None:
        return ()
    return (ReminderData(minutes_before=minutes),)


def _put_off(row: Reminder, data: ReminderData) -> None:
    row.minutes_before, row.at, row.is_snooze = data.minutes_before, data.at, data.snooze
    # The reminders worker plans it anew.
    row.fires_at = row.sent_at = None


def _data(reminder: Reminder) -> ReminderData:
    return ReminderData(minutes_before=reminder.minutes_before, at=reminder.at, snooze=reminder.is_snooze)
