"""Counting working days, Monday to Friday; holidays are not known here."""

from __future__ import annotations

from datetime import date, timedelta

_PER_WEEK = 5


def workday_number(day: date) -> int:
    """How many working days lie before ``day``: days of a weekend bear the number of their Monday."""
    # Day 1 of the calendar is a Monday.
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    return weeks * _PER_WEEK + min(weekday, _PER_WEEK)


def ordinal_of_workday(number: int) -> int:
    """The ordinal (``date.toordinal``) of the working day with this number."""
    weeks, weekday = divmod(number, _PER_WEEK)
    return weeks * 7 + weekday + 1


def workdays_after(day: date, amount: int) -> date:
    """The ``amount``-th working day after ``day``; from a weekend the Monday is the first.

    Raises:
        OverflowError: beyond the calendar.
        ValueError: beyond the calendar.
    """
    return date.fromordinal(ordinal_of_workday(workday_number(day + timedelta(days=1)) - 1 + amount))
