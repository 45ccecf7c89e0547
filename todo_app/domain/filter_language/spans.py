"""Dates in filters: what quick add reads, and days gone by, each as the stretch of time that it covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from todo_app.domain.quick_add import parse_due
from todo_app.domain.quick_add.moment import Moment, shifted
from todo_app.domain.quick_add.vocabulary import UNITS, Unit, number
from todo_app.domain.task import Due

_AGO = re.compile(r"-(?P<minus>\w+) ?(?P<minus_unit>\w+)|(?P<ago>\w+) (?P<ago_unit>\w+) ago")
# Further out the next step or a zone's offset would fall off the calendar.
_FIRST_YEAR, _LAST_YEAR = 1000, 9000


@dataclass(frozen=True, slots=True)
class Span:
    """A day, or a minute where a time is named, on the person's wall clock; ``end`` is not part of it."""

    start: datetime
    end: datetime


def read_span(phrase: str, *, now: datetime, timezone: ZoneInfo) -> Span | None:
    """The day or minute that a phrase in lower case names for somebody in ``timezone``; else ``None``."""
    due = _past(phrase, Moment.of(now, timezone)) or parse_due(phrase, now=now, timezone=timezone)
    if due is None or not _FIRST_YEAR <= due.date.year <= _LAST_YEAR:
        return None
    start = datetime.combine(due.date, due.time or time())
    return Span(start, start + (timedelta(minutes=1) if due.time else timedelta(days=1)))


def _past(phrase: str, moment: Moment) -> Due | None:
    if phrase == "yesterday":
        return Due(moment.today - timedelta(days=1))
    found = _AGO.fullmatch(phrase)
    if found is None:
        return None
    amount, unit = number(found["minus"] or found["ago"]), UNITS.get(found["minus_unit"] or found["ago_unit"])
    if amount is None or unit is None:
        return None
    if unit in (Unit.HOUR, Unit.MINUTE):
        clock = moment.after_elapsed(-amount, unit)
        return Due(clock.date(), clock.time())
    day = shifted(moment.today, -amount, unit)
    return Due(day) if day else None
