"""What the date picker offers and says: the shortcuts with their dates, and a typed date in full words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add import parse_due
from todo_app.domain.task import Due

# What is offered, and what one would type for it.
_SHORTCUTS = (
    ("today", "Today", "today"),
    ("tomorrow", "Tomorrow", "tomorrow"),
    ("weekend", "This weekend", "this weekend"),
    ("next week", "Next week", "next week"),
)
_NEAR_DAYS = 2


@dataclass(frozen=True, slots=True)
class DateShortcut:
    """A day that people choose often."""

    name: str
    label: str
    date: date
    hint: str


def date_shortcuts(now: datetime, zone: ZoneInfo) -> list[DateShortcut]:
    """The shortcuts at an instant for somebody in ``zone``; each means what it means when it is typed."""
    today = now.astimezone(zone).date()
    found = []
    for name, label, words in _SHORTCUTS:
        due = parse_due(words, now=now, timezone=zone)
        if due is not None:
            found.append(DateShortcut(name, label, due.date, _hint(due.date, today)))
    return found


def read_due(text: str, *, now: datetime, zone: ZoneInfo) -> Due:
    """The due date that a typed line spells.

    Raises:
        Invalid: when it spells none.
    """
    due = parse_due(text, now=now, timezone=zone)
    if due is None:
        raise Invalid("text", f"“{text.strip()[:40]}” is no date. Try “fri 5pm”, “24 dec” or “in 3 days”.")
    return due


def read_time(text: str, *, now: datetime, zone: ZoneInfo) -> time | None:
    """The time of day in a field: ``17:00``, ``5pm``; ``None`` when the field is empty.

    Raises:
        Invalid: when there is no such time.
    """
    text = text.strip()
    if not text:
        return None
    due = parse_due(text, now=now, timezone=zone)
    # A line that names a day besides is no time of day.
    if due is None or due.time is None or parse_due(f"tomorrow {text}", now=now, timezone=zone) is None:
        raise Invalid("time", f"“{text[:20]}” is no time. Try “17:00” or “5pm”.")
    return due.time


def say_due(due: Due, *, today: date) -> str:
    """A due date in full: “Friday 24 July, 17:00”; the year only when it is another one."""
    year = f" {due.date.year}" if due.date.year != today.year else ""
    clock = f", {due.time:%H:%M}" if due.time else ""
    return f"{due.date:%A} {due.date.day} {due.date:%B}{year}{clock}"


def _hint(day: date, today: date) -> str:
    if (day - today).days < _NEAR_DAYS:
        return f"{day:%a}"
    return f"{day:%a} {day.day} {day:%b}"
