"""Dates in figures: ``2021-07-06``, ``9/11``, ``27/07/2021``, ``01.02.25``."""

from __future__ import annotations

import re
from datetime import date

from todo_app.domain.quick_add.moment import Moment, date_or_none, next_year_day

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
# One-figure parts only before a four-figure year, or version numbers would turn into dates.
_DOTS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})|([0-9]{2})\.([0-9]{2})(?:\.([0-9]{2}))?")
_CENTURY = "20"
_MONTHS = 12
_NEVER_A_DATE = "24/7"


def date_in_figures(key: str, moment: Moment) -> tuple[date, bool] | None:
    """The date that one word spells in figures, and whether the word holds its year."""
    if "-" in key:
        return _year_first(key)
    if "/" in key:
        return _year_first(key) or _slashes(key, moment)
    return _dots(key, moment)


def _year_first(key: str) -> tuple[date, bool] | None:
    parts = _YEAR_FIRST.fullmatch(key)
    if parts is None:
        return None
    found = date_or_none(int(parts[1]), int(parts[3]), int(parts[4]))
    return (found, True) if found is not None else None


def _slashes(key: str, moment: Moment) -> tuple[date, bool] | None:
    parts = _SLASHES.fullmatch(key)
    if parts is None or key == _NEVER_A_DATE:
        return None
    first, second = int(parts[1]), int(parts[2])
    day_first = first > _MONTHS or (moment.day_first and second <= _MONTHS)
    day, month = (first, second) if day_first else (second, first)
    return _dated(day, month, parts[3], moment)


def _dots(key: str, moment: Moment) -> tuple[date, bool] | None:
    parts = _DOTS.fullmatch(key)
    if parts is None:
        return None
    return _dated(int(parts[1] or parts[4]), int(parts[2] or parts[5]), parts[3] or parts[6], moment)


def _dated(day: int, month: int, year: str | None, moment: Moment) -> tuple[date, bool] | None:
    if year is None:
        found = next_year_day(moment.today, month=month, number=day)
    else:
        found = date_or_none(int((_CENTURY + year)[-4:]), month, day)
    return (found, year is not None) if found is not None else None
