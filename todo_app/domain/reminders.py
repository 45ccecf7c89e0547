"""When a reminder goes off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from todo_app.domain.events import ReminderData
from todo_app.domain.task import Due


def moment_of(
    reminder: ReminderData, due: Due | None, *, zone: ZoneInfo, all_day_at: time
) -> datetime | None:
    """The instant, in UTC, at which a reminder of a task goes off; ``None`` without a due date to count from.

    Args:
        reminder: so many minutes before the task is due, or an instant.
        due: when the task is due.
        zone: the user's zone, for due dates without one of their own.
        all_day_at: the time of day that stands for an all-day due date.
    """
    if reminder.at is not None:
        return reminder.at
    if due is None or reminder.minutes_before is None:
        return None
    due_at = (due if due.time else replace(due, time=all_day_at)).at(zone)
    return due_at - timedelta(minutes=reminder.minutes_before) if due_at else None
