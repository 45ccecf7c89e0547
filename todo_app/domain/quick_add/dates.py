"""Dates in words: ``tomorrow``, ``next friday``, ``3rd of july``, ``in 5 days``, ``a week before 21 jul``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum, auto

from todo_app.domain.quick_add.figures import date_in_figures
from todo_app.domain.quick_add.moment import (
    Moment,
    date_or_none,
    last_of_month,
    monday_of_next_week,
    next_month_day,
    next_weekday,
    next_year_day,
    shifted,
)
from todo_app.domain.quick_add.vocabulary import (
    DAY_PARTS,
    MONTHS,
    NAMED_DAYS,
    ORDINALS,
    UNITS,
    WEEKDAYS,
    Unit,
    number,
)

_DAY_NUMBER = re.compile(r"[0-9]{1,2}")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_LEAP_YEAR = 2000
_NAME_STARTS = frozenset(words[0] for words in NAMED_DAYS)


class Standing(Enum):
    """Where a spelling has to stand to be a date; elsewhere it is text."""

    ANYWHERE = auto()
    EDGE_OR_BEFORE_TIME = auto()
    END_OR_BESIDE_TIME = auto()
    BESIDE_TIME = auto()


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date and the index of the word behind it; some phrases bring a time, as ``tonight`` does."""

    date: date
    end: int
    time: time | None = None
    standing: Standing = Standing.ANYWHERE


_Reader = Callable[[Sequence[str], int, Moment], DateMatch | None]


def read_date(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    """The date that begins at word ``at``."""
    key = keys[at]
    if key in _DAY_WORDS:
        return _day_word(key, at, moment)
    reader = _RELATIVE.get(key)
    if reader is not None:
        return reader(keys, at, moment)
    if key[:1].isdigit():
        return _so_long_before(keys, at, moment) or read_fixed_date(keys, at, moment)
    if key[:1] == "+":
        amount = number(key[1:]) if key[1:2].isdigit() else None
        return _so_long_from_now(keys, at + 1, moment, amount=amount)
    return read_fixed_date(keys, at, moment) or _so_long_before(keys, at, moment)


def read_fixed_date(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    """A weekday, a day of a month or a day with a name, maybe after ``on``, ``by`` or ``the``."""
    if keys[at] in ("on", "by"):
        at += 1
    if keys[at] == "the":
        # "The 9/11 Report" is no date, "the 3rd" can be one.
        return _begins_with_figure(keys, at + 1, moment) if keys[at + 1] in ORDINALS else None
    key = keys[at]
    if key[:1].isdigit():
        return _begins_with_figure(keys, at, moment)
    if key in WEEKDAYS:
        return DateMatch(next_weekday(moment.today, WEEKDAYS[key]), at + 1)
    return _day_of_year(keys, at, moment) if key in MONTHS or key in _NAME_STARTS else None


def read_day_of_year(keys: Sequence[str], at: int) -> tuple[int, int, int] | None:
    """Month, day and the index behind of ``jan 14``, ``14 jan``, ``3rd of july``, ``halloween``."""
    key = keys[at]
    if key in _NAME_STARTS:
        return _read_name(keys, at)
    if key in MONTHS:
        month, day, end = MONTHS[key], _day_number(keys[at + 1]), at + 2
    elif key[:1].isdigit():
        behind_of = at + (2 if keys[at + 1] == "of" else 1)
        month, day, end = MONTHS.get(keys[behind_of], 0), _day_number(key), behind_of + 1
    else:
        return None
    exists = bool(month) and day is not None and date_or_none(_LEAP_YEAR, month, day) is not None
    return (month, day, end) if exists and day is not None else None


def _read_name(keys: Sequence[str], at: int) -> tuple[int, int, int] | None:
    for words, (month, day) in NAMED_DAYS.items():
        if tuple(keys[at : at + len(words)]) == words:
            return month, day, at + len(words)
    return None


def _day_number(key: str) -> int | None:
    return int(key) if _DAY_NUMBER.fullmatch(key) else ORDINALS.get(key)


def _begins_with_figure(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    key = keys[at]
    if keys[at + 1] in MONTHS or keys[at + 1] == "of":
        return _day_of_year(keys, at, moment)
    if key.isdecimal():
        return None
    in_figures = date_in_figures(key, moment)
    if in_figures is not None:
        found, with_year = in_figures
        standing = Standing.ANYWHERE if with_year else Standing.EDGE_OR_BEFORE_TIME
        return DateMatch(found, at + 1, standing=standing)
    value = ORDINALS.get(key)
    day = next_month_day(moment.today, number=value) if value is not None else None
    return DateMatch(day, at + 1, standing=Standing.END_OR_BESIDE_TIME) if day is not None else None


def _day_of_year(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    found = read_day_of_year(keys, at)
    if found is None:
        return None
    month, day, end = found
    if _YEAR.fullmatch(keys[end]):
        dated, end = date_or_none(int(keys[end]), month, day), end + 1
    else:
        dated = next_year_day(moment.today, month=month, number=day)
    return DateMatch(dated, end) if dated is not None else None


def _day_word(key: str, at: int, moment: Moment) -> DateMatch:
    days, clock, standing = _DAY_WORDS[key]
    return DateMatch(moment.today + timedelta(days=days), at + 1, clock, standing)


def _next(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    key, today = keys[at + 1], moment.today
    if key in WEEKDAYS:
        day = monday_of_next_week(today) + timedelta(days=WEEKDAYS[key])
    elif key == "week":
        day = monday_of_next_week(today)
    elif key == "weekend":
        day = monday_of_next_week(today) + timedelta(days=5)
    elif key == "month":
        day = last_of_month(today) + timedelta(days=1)
    elif key == "year":
        day = date(today.year + 1, 1, 1)
    else:
        return None
    return DateMatch(day, at + 2)


def _this(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    key, today = keys[at + 1], moment.today
    if key == "weekend":
        # On a Sunday the weekend is under way: its Saturday has gone, today has not.
        return DateMatch(max(today, today + timedelta(days=5 - today.weekday())), at + 2)
    if key in DAY_PARTS:
        return DateMatch(today, at + 2, time=DAY_PARTS[key])
    if key in WEEKDAYS:
        return DateMatch(next_weekday(today, WEEKDAYS[key]), at + 2)
    return None


def _later(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    if keys[at + 1] not in ("this", "next") or keys[at + 2] != "week":
        return None
    sunday = monday_of_next_week(moment.today) - timedelta(days=1)
    day = min(moment.today + timedelta(days=2), sunday)
    return DateMatch(day if keys[at + 1] == "this" else day + timedelta(days=7), at + 3)


def _end_of_month(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    behind_of = at + (3 if keys[at + 2] == "the" else 2)
    if keys[at + 1] != "of" or keys[behind_of] != "month":
        return None
    return DateMatch(last_of_month(moment.today), behind_of + 1)


def _mid_month(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    month = MONTHS.get(keys[at + 1])
    day = next_year_day(moment.today, month=month, number=15) if month is not None else None
    return DateMatch(day, at + 2) if day is not None else None


def _in(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    return _so_long_from_now(keys, at + 2, moment, amount=number(keys[at + 1]))


def _so_long_from_now(
    keys: Sequence[str], unit_at: int, moment: Moment, *, amount: int | None
) -> DateMatch | None:
    unit = UNITS.get(keys[unit_at])
    if amount is None or unit is None:
        return None
    if unit in (Unit.HOUR, Unit.MINUTE):
        instant = moment.after_elapsed(amount, unit)
        return DateMatch(instant.date(), unit_at + 1, time=instant.time())
    day = shifted(moment.today, amount, unit)
    return DateMatch(day, unit_at + 1) if day is not None else None


def _so_long_before(keys: Sequence[str], at: int, moment: Moment) -> DateMatch | None:
    amount, unit = number(keys[at]), UNITS.get(keys[at + 1])
    if amount is None or unit is None or unit in (Unit.HOUR, Unit.MINUTE) or keys[at + 2] != "before":
        return None
    anchor = read_fixed_date(keys, at + 3, moment)
    if anchor is None:
        return None
    day = shifted(anchor.date, -amount, unit)
    return DateMatch(day, anchor.end) if day is not None else None


# Days from today, the time that the word brings, and where it has to stand.
_DAY_WORDS: dict[str, tuple[int, time | None, Standing]] = {
    "today": (0, None, Standing.ANYWHERE),
    "tonight": (0, DAY_PARTS["night"], Standing.ANYWHERE),
    "tomorrow": (1, None, Standing.ANYWHERE),
    "tmrw": (1, None, Standing.ANYWHERE),
    # Tom is also a person: the short form counts only beside a time.
    "tom": (1, None, Standing.BESIDE_TIME),
}

_RELATIVE: dict[str, _Reader] = {
    "next": _next,
    "this": _this,
    "later": _later,
    "end": _end_of_month,
    "mid": _mid_month,
    "in": _in,
}
