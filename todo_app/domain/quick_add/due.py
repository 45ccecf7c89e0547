"""A due date as people say it: a date, a time, or both side by side in either order."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from todo_app.domain.quick_add.dates import DateMatch, Standing, read_date
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.times import TimeMatch, read_time, read_time_after_date
from todo_app.domain.quick_add.words import keys_of
from todo_app.domain.task import Due

# Edges with which every spelling of a date stands where it has to.
STANDS_ANYWHERE = (sys.maxsize, -1)


@dataclass(frozen=True, slots=True)
class DuePhrase:
    """The date and time that a phrase names, and the index of the word behind it.

    A time alone means the next such time; ``names_date`` is unset then.
    """

    date: date
    time: time | None
    end: int
    names_date: bool = True

    @property
    def due(self) -> Due:
        """The phrase as a due date, floating in the person's zone."""
        return Due(self.date, self.time)


def parse_phrase(text: str, moment: Moment) -> Due | None:
    """The due date of a text that is nothing but a date, a time or both; ``None`` for any other."""
    keys = keys_of(text)
    last = len(text.split()) - 1
    phrase = read_due(keys, 0, moment, edges=(0, last))
    return phrase.due if phrase is not None and phrase.end == last + 1 else None


def read_due(keys: Sequence[str], at: int, moment: Moment, *, edges: tuple[int, int]) -> DuePhrase | None:
    """The date, time or both that begin at word ``at``; ``edges`` are the first and last title word."""
    day = read_date(keys, at, moment)
    if day is not None:
        phrase = _from_date(keys, at, day, edges)
        if phrase is not None:
            return phrase
    clock = read_time(keys, at)
    return _from_time(keys, clock, moment, edges) if clock is not None else None


def _from_date(keys: Sequence[str], at: int, day: DateMatch, edges: tuple[int, int]) -> DuePhrase | None:
    clock = read_time_after_date(keys, day.end)
    if clock is not None:
        return DuePhrase(day.date, clock.time, clock.end)
    return DuePhrase(day.date, day.time, day.end) if _stands(day, at, edges) else None


def _from_time(
    keys: Sequence[str], clock: TimeMatch, moment: Moment, edges: tuple[int, int]
) -> DuePhrase | None:
    day = read_date(keys, clock.end, moment)
    beside_time = (Standing.END_OR_BESIDE_TIME, Standing.BESIDE_TIME)
    if day is not None and (day.standing in beside_time or _stands(day, clock.end, edges)):
        return DuePhrase(day.date, clock.time, day.end)
    if clock.needs_date:
        return None
    return DuePhrase(moment.next_clock(clock.time), clock.time, clock.end, names_date=False)


def _stands(day: DateMatch, at: int, edges: tuple[int, int]) -> bool:
    """Whether a date without a time beside it stands where its spelling has to stand."""
    first, last = edges
    match day.standing:
        case Standing.ANYWHERE:
            return True
        case Standing.END_OR_BESIDE_TIME:
            return day.end > last
        case Standing.EDGE_OR_BEFORE_TIME:
            return at <= first or day.end > last
        case Standing.BESIDE_TIME:
            return False
