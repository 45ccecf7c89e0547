"""The moment and place in which a line is read, and the calendar steps counted from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from todo_app.domain.quick_add.vocabulary import Unit

# 29 February can be eight years away (1896 to 1904, 2096 to 2104).
_LEAP_DAY_REACH = 9
# Nobody plans further; near the ends of the calendar the next step or a zone's offset would fall off.
_FIRST_YEAR, _LAST_YEAR = 1000, 9000

_Day = TypeVar("_Day", date, datetime)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where somebody types: ``now`` on the wall clock of ``timezone``, to the minute.

    ``day_first`` tells how they mean ``9/11``: 9 November when it is set.
    """

    now: datetime
    timezone: ZoneInfo
    day_first: bool = False

    @classmethod
    def of(cls, now: datetime, timezone: ZoneInfo, *, day_first: bool = False) -> Moment:
        """The moment ``now`` (aware, any zone) as somebody in ``timezone`` reads it off their clock."""
        return cls(now.astimezone(timezone).replace(second=0, microsecond=0), timezone, day_first)

    def moved_to(self, day: date) -> Moment:
        """The same moment as if that day was today."""
        return replace(self, now=self.now.replace(year=day.year, month=day.month, day=day.day))

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.date()

    def next_clock(self, clock: time) -> date:
        """The day on which the clock shows ``clock`` next; the present minute counts as past."""
        return self.today if clock > self.now.time() else self.today + timedelta(days=1)

    def after_elapsed(self, amount: int, unit: Unit) -> datetime:
        """The wall clock, naive, when ``amount`` hours or minutes of real time have passed."""
        step = timedelta(hours=amount) if unit is Unit.HOUR else timedelta(minutes=amount)
        instant = (self.now.astimezone(UTC) + step).astimezone(self.timezone)
        # A due date can't tell the second pass of a doubled hour from the first.
        return instant.replace(tzinfo=None, fold=0)


def shifted(day: _Day, amount: int, unit: Unit) -> _Day | None:
    """The date or wall clock ``amount`` days, weeks, months or years on, clamped to the last of the month.

    ``None`` outside the years 1000 to 9000.
    """
    step = {
        Unit.DAY: relativedelta(days=amount),
        Unit.WEEK: relativedelta(weeks=amount),
        Unit.MONTH: relativedelta(months=amount),
        Unit.YEAR: relativedelta(years=amount),
    }[unit]
    try:
        found = day + step
    except (OverflowError, ValueError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def monday_of_next_week(day: date) -> date:
    """The Monday after ``day``."""
    return day + timedelta(days=7 - day.weekday())


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday after ``day``, never ``day`` itself."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def next_month_day(day: date, *, number: int) -> date | None:
    """The first date from ``day`` on that bears this number in its month."""
    month = day.replace(day=1)
    for step in range(12):
        found = date_or_none(*_month_after(month, step), number)
        if found is not None and found >= day:
            return found
    return None


def next_year_day(day: date, *, month: int, number: int) -> date | None:
    """The first date from ``day`` on with this month and number."""
    for year in range(day.year, day.year + _LEAP_DAY_REACH):
        found = date_or_none(year, month, number)
        if found is not None and found >= day:
            return found
    return None


def last_of_month(day: date) -> date:
    """The last day of the month of ``day``."""
    return day + relativedelta(day=31)


def date_or_none(year: int, month: int, day: int) -> date | None:
    """The date, or ``None`` where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_after(month: date, steps: int) -> tuple[int, int]:
    years, zero_based = divmod(month.month - 1 + steps, 12)
    return month.year + years, zero_based + 1
