"""Times of day in words and figures: ``6pm``, ``at 17:00``, ``in the morning``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from todo_app.domain.quick_add.vocabulary import DAY_PARTS

_HOURS, _MINUTES = "[01]?[0-9]|2[0-3]", "[0-5][0-9]"
_ON_12 = re.compile(rf"(0?[1-9]|1[0-2])(?::({_MINUTES}))?(am|pm)?")
_ON_24 = re.compile(rf"({_HOURS}):({_MINUTES})")
_BARE = re.compile(rf"({_HOURS})|([01][0-9]|2[0-3])({_MINUTES})")
_NOON = 12
_HALVES = {"am": 0, "a.m": 0, "pm": _NOON, "p.m": _NOON}


@dataclass(frozen=True, slots=True)
class TimeMatch:
    """A time of day and the index of the word behind it.

    ``needs_date`` marks spellings that are a time only beside a date, as ``at 5``.
    """

    time: time
    end: int
    needs_date: bool = False


def read_time(keys: Sequence[str], at: int) -> TimeMatch | None:
    """The time that begins at word ``at``, as a clock or as a part of the day."""
    return read_clock(keys, at) or _day_part(keys, at)


def read_time_after_date(keys: Sequence[str], at: int) -> TimeMatch | None:
    """The same behind a date, where ``morning`` alone is enough, and a clock may make it exact."""
    part = _bare_day_part(keys, at)
    if part is None:
        return read_time(keys, at)
    clock = read_clock(keys, part.end)
    return clock if clock is not None and not clock.needs_date else part


def read_clock(keys: Sequence[str], at: int) -> TimeMatch | None:
    """A time in figures, after ``at`` or ``@`` or without them."""
    key, after_at = keys[at], False
    if key in ("at", "@"):
        at, after_at = at + 1, True
        key = keys[at]
    elif key.startswith("@"):
        key, after_at = key[1:], True
    if not key[:1].isdigit():
        return None
    found = _with_half_of_day(key, keys[at + 1], at) or _with_minutes(key, at)
    return found or (_bare_number(key, at) if after_at else None)


def read_hour(keys: Sequence[str], at: int) -> TimeMatch | None:
    """A bare number on the 24-hour clock, as those that follow ``at 10`` in ``at 10, 12 and 17``."""
    return _bare_number(keys[at], at)


def _with_half_of_day(key: str, following: str, at: int) -> TimeMatch | None:
    figures = _ON_12.fullmatch(key)
    if figures is None:
        return None
    half, end = (figures[3], at + 1) if figures[3] else (following, at + 2)
    if half not in _HALVES:
        return None
    return TimeMatch(time(int(figures[1]) % _NOON + _HALVES[half], int(figures[2] or 0)), end)


def _with_minutes(key: str, at: int) -> TimeMatch | None:
    figures = _ON_24.fullmatch(key)
    return TimeMatch(time(int(figures[1]), int(figures[2])), at + 1) if figures else None


def _bare_number(key: str, at: int) -> TimeMatch | None:
    figures = _BARE.fullmatch(key)
    if figures is None:
        return None
    return TimeMatch(time(int(figures[1] or figures[2]), int(figures[3] or 0)), at + 1, needs_date=True)


def _day_part(keys: Sequence[str], at: int) -> TimeMatch | None:
    if keys[at] == "in" and keys[at + 1] == "the":
        return _bare_day_part(keys, at + 2)
    if keys[at] == "at" and keys[at + 1] == "night":
        return _bare_day_part(keys, at + 1)
    return None


def _bare_day_part(keys: Sequence[str], at: int) -> TimeMatch | None:
    clock = DAY_PARTS.get(keys[at])
    return TimeMatch(clock, at + 1) if clock is not None else None
