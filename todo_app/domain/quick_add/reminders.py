"""Reminders: ``!30 min before`` counts back from the due date, ``!tomorrow 9am`` is a moment of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from todo_app.domain.quick_add.due import read_due
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.tokens import TokenKind
from todo_app.domain.quick_add.vocabulary import UNITS, Unit, number
from todo_app.domain.quick_add.words import Line

_GLUED = re.compile(r"([0-9]{1,4})([a-z]+)")
_MAX_PARTS = 3  # as many as "1 day 2 hours 30 min before" has
_UNIT_LENGTHS = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class ReminderBefore:
    """A reminder so many minutes before the task is due."""

    minutes: int


@dataclass(frozen=True, slots=True)
class ReminderAt:
    """A reminder at an instant, in UTC, whatever the due date."""

    instant: datetime


Reminder = ReminderBefore | ReminderAt


def take_reminders(line: Line, moment: Moment) -> tuple[Reminder, ...]:
    """Take all reminders out of the line; one that is named twice counts once."""
    reminders: dict[Reminder, None] = {}
    for index in range(len(line)):
        key = line.keys[index]
        if key[:1] != "!" or key == "!":
            continue
        line.keys[index] = key[1:]
        found = _before_due(line.keys, index) or _at_instant(line, index, moment)
        if found is None:
            line.keys[index] = key
            continue
        reminder, end = found
        reminders[reminder] = None
        line.take(TokenKind.REMINDER, index, end)
    return tuple(reminders)


def _before_due(keys: Sequence[str], at: int) -> tuple[Reminder, int] | None:
    lead, first = timedelta(), at
    for _ in range(_MAX_PARTS):
        part = _length_of_time(keys, at)
        if part is None:
            break
        lead, at = lead + part[0], part[1]
    if at == first or keys[at] != "before":
        return None
    return ReminderBefore(int(lead / timedelta(minutes=1))), at + 1


def _length_of_time(keys: Sequence[str], at: int) -> tuple[timedelta, int] | None:
    """A number with its unit, as ``30 min`` or ``30min``, and the index behind it."""
    glued = _GLUED.fullmatch(keys[at])
    amount, unit_word, end = (
        (int(glued[1]), glued[2], at + 1) if glued else (number(keys[at]), keys[at + 1], at + 2)
    )
    unit_length = _UNIT_LENGTHS.get(UNITS.get(unit_word, Unit.YEAR))
    return (amount * unit_length, end) if amount is not None and unit_length is not None else None


def _at_instant(line: Line, at: int, moment: Moment) -> tuple[Reminder, int] | None:
    # No word of a reminder is an edge of the title.
    phrase = read_due(line.keys, at, moment, edges=(-1, len(line)))
    if phrase is None or phrase.time is None:
        return None
    wall_clock = datetime.combine(phrase.date, phrase.time, tzinfo=moment.timezone)
    return ReminderAt(wall_clock.astimezone(UTC)), phrase.end
