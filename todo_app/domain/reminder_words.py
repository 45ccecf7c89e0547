"""Reminders in words, and words as reminders: “30 minutes before”, “tomorrow 9am”."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from todo_app.domain.errors import Invalid
from todo_app.domain.events import ReminderData
from todo_app.domain.labels import day_label
from todo_app.domain.quick_add import ReminderBefore, parse

TYPED_MAX = 200
_UNITS = ((7 * 24 * 60, "week"), (24 * 60, "day"), (60, "hour"), (1, "minute"))
_AT_DUE = frozenset({"at due time", "due time", "when due", "when it is due", "at the time", "on time"})


def say_before(minutes: int) -> str:
    """So many minutes before a task is due: “1 hour 30 minutes before”."""
    if minutes == 0:
        return "When it is due"
    parts = []
    for length, unit in _UNITS:
        # Two weeks are said as weeks, ten days are not.
        if unit == "week" and minutes % length:
            continue
        amount, minutes = divmod(minutes, length)
        if amount:
            parts.append(f"{amount} {unit}{'s' if amount > 1 else ''}")
    return " ".join(parts) + " before"


def say_instant(instant: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """An instant on the clock of a zone: “Tomorrow 09:00”."""
    local = instant.astimezone(zone)
    return f"{day_label(local.date(), today=now.astimezone(zone).date())} {local:%H:%M}"


def say_reminder(reminder: ReminderData, *, now: datetime, zone: ZoneInfo) -> str:
    """When a reminder goes off, as it was set."""
    if reminder.at is None:
        return say_before(reminder.minutes_before or 0)
    words = say_instant(reminder.at, now=now, zone=zone)
    return f"Snoozed until {words}" if reminder.snooze else words


def read_reminder(text: str, *, now: datetime, zone: ZoneInfo) -> ReminderData:
    """The reminder that a typed line spells and nothing else.

    Raises:
        Invalid: when it spells none.
    """
    words = " ".join(text[:TYPED_MAX].split()).removeprefix("!").strip()
    if words.casefold() in _AT_DUE:
        return ReminderData(minutes_before=0)
    for line in (f"!{words}", f"!{words} before"):
        said = parse(line, now=now, timezone=zone)
        if len(said.reminders) == 1 and not said.title:
            (found,) = said.reminders
            if isinstance(found, ReminderBefore):
                return ReminderData(minutes_before=found.minutes)
            return ReminderData(at=found.instant)
    raise Invalid("text", f"“{words[:40]}” is no time to remind. Try “2 hours before” or “tomorrow 9am”.")
