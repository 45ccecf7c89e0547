"""Which days of a year, month or week a rule picks (the table in RFC 5545 §3.3.10)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from todo_app.domain.recurrence.rule import ByDay, Frequency, Rule

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
# Week 1 is the first that has at least four days in the year (RFC 5545 §3.3.10, ISO 8601).
_DAYS_OF_WEEK_IN_YEAR = 4


def days_of_year(rule: Rule, year: int) -> list[date]:
    """The days a yearly rule picks; with BYWEEKNO ``year`` is the year that the weeks belong to."""
    if rule.by_week_no:
        candidates = _days_of_weeks(rule, year)
    elif rule.by_year_day:
        candidates = _days_by_number(rule, year)
    elif rule.by_month_day or rule.by_month:
        months = sorted(rule.by_month or range(1, 13))
        candidates = (day for month in months for day in _days_of_month(rule, year, month))
    else:
        candidates = _days_by_weekday(rule, date(year, 1, 1), date(year, 12, 31))
    return sorted({day for day in candidates if day_counts(rule, day)})


def days_of_month(rule: Rule, year: int, month: int) -> list[date]:
    """The days a monthly rule picks."""
    if rule.by_month and month not in rule.by_month:
        return []
    return sorted({day for day in _days_of_month(rule, year, month) if day_counts(rule, day)})


def days_of_week(rule: Rule, first: date) -> list[date]:
    """The days a weekly rule picks in the week that begins on ``first``."""
    week = (first + step * _DAY for step in range(7))
    return [day for day in week if day_counts(rule, day)]


def day_counts(rule: Rule, day: date) -> bool:
    """Whether no BY part excludes the day; week numbers are not looked at."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_month_day:
        from_end = day.day - calendar.monthrange(day.year, day.month)[1] - 1
        if day.day not in rule.by_month_day and from_end not in rule.by_month_day:
            return False
    if rule.by_year_day:
        number = day.timetuple().tm_yday
        if number not in rule.by_year_day and number - _length_of_year(day.year) - 1 not in rule.by_year_day:
            return False
    return not rule.by_day or any(_is_weekday(rule, by_day, day) for by_day in rule.by_day)


def week_year(day: date, week_start: int) -> int:
    """The year that the week of ``day`` belongs to."""
    if day >= _first_week(day.year + 1, week_start):
        return day.year + 1
    return day.year if day >= _first_week(day.year, week_start) else day.year - 1


def start_of_week(day: date, week_start: int) -> date:
    """The first day of the week that ``day`` lies in."""
    return day - (day.weekday() - week_start) % 7 * _DAY


def _is_weekday(rule: Rule, by_day: ByDay, day: date) -> bool:
    if day.weekday() != by_day.weekday:
        return False
    if by_day.nth == 0:
        return True
    # Without BYMONTH a yearly rule numbers its weekdays through the year.
    if rule.freq is Frequency.YEARLY and not rule.by_month:
        position, length = day.timetuple().tm_yday, _length_of_year(day.year)
    else:
        position, length = day.day, calendar.monthrange(day.year, day.month)[1]
    if by_day.nth > 0:
        return (position - 1) // 7 + 1 == by_day.nth
    return (length - position) // 7 + 1 == -by_day.nth


def _days_of_month(rule: Rule, year: int, month: int) -> Iterator[date]:
    length = calendar.monthrange(year, month)[1]
    if not rule.by_month_day:
        yield from _days_by_weekday(rule, date(year, month, 1), date(year, month, length))
        return
    for number in rule.by_month_day:
        day = number if number > 0 else length + 1 + number
        if 1 <= day <= length:
            yield date(year, month, day)


def _days_by_weekday(rule: Rule, first: date, last: date) -> Iterator[date]:
    for weekday in {by_day.weekday for by_day in rule.by_day}:
        day = first + (weekday - first.weekday()) % 7 * _DAY
        while day <= last:
            yield day
            day += _WEEK


def _days_by_number(rule: Rule, year: int) -> Iterator[date]:
    length = _length_of_year(year)
    for number in rule.by_year_day:
        position = number if number > 0 else length + 1 + number
        if 1 <= position <= length:
            yield date(year, 1, 1) + (position - 1) * _DAY


def _days_of_weeks(rule: Rule, year: int) -> Iterator[date]:
    first, behind = _first_week(year, rule.week_start), _first_week(year + 1, rule.week_start)
    weeks = (behind - first).days // 7
    for number in rule.by_week_no:
        index = number - 1 if number > 0 else weeks + number
        if 0 <= index < weeks:
            yield from (first + index * _WEEK + step * _DAY for step in range(7))


def _first_week(year: int, week_start: int) -> date:
    return start_of_week(date(year, 1, _DAYS_OF_WEEK_IN_YEAR), week_start)


def _length_of_year(year: int) -> int:
    return 366 if calendar.isleap(year) else 365
