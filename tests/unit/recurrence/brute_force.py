"""RFC 5545 rules by looking at every single day: slow, plain, and without a line of the app or of dateutil.

It reads the text of a rule, asks of each day whether the rule wants it, and puts the times of day on it. It
is the yardstick of the walk over ten years.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby, product
from typing import Any
from zoneinfo import ZoneInfo

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)


def walk(rule: str, start: datetime, zone: ZoneInfo, until: date) -> list[datetime]:
    """All occurrences from ``start``, a wall clock of the zone, up to a day, as instants in UTC."""
    parts = {name: value for name, _, value in (part.partition("=") for part in rule.split(";"))}
    wanted = _Wanted(parts, start)
    instants = sorted(
        {
            clock.replace(tzinfo=zone, fold=0).astimezone(UTC)
            for clock in wanted.clocks(until)
            if clock >= start
        }
    )
    return instants[: int(parts["COUNT"])] if "COUNT" in parts else instants


class _Wanted:
    """What a rule wants of a day, with what it takes from its start filled in (RFC 5545 §3.3.10)."""

    def __init__(self, parts: dict[str, str], start: datetime) -> None:
        self.freq = parts["FREQ"]
        self.interval = int(parts.get("INTERVAL", 1))
        self.start = start
        self.week_start = _WEEKDAYS.index(parts.get("WKST", "MO"))
        self.months = _numbers(parts, "BYMONTH")
        self.month_days = _numbers(parts, "BYMONTHDAY")
        self.year_days = _numbers(parts, "BYYEARDAY")
        self.weeks = _numbers(parts, "BYWEEKNO")
        self.days = [(_WEEKDAYS.index(item[-2:]), int(item[:-2] or 0)) for item in _items(parts, "BYDAY")]
        self.positions = _numbers(parts, "BYSETPOS")
        self.times = sorted(
            timedelta(hours=hour, minutes=minute, seconds=second)
            for hour, minute, second in product(
                _numbers(parts, "BYHOUR") or {start.hour},
                _numbers(parts, "BYMINUTE") or {start.minute},
                _numbers(parts, "BYSECOND") or {start.second},
            )
        )
        self._fill_in()

    def _fill_in(self) -> None:
        picks = self.month_days or self.year_days or self.weeks or self.days
        if self.freq == "WEEKLY" and not self.days:
            self.days = [(self.start.weekday(), 0)]
        elif self.freq == "MONTHLY" and not picks:
            self.month_days = {self.start.day}
        elif self.freq == "YEARLY" and not picks:
            self.months, self.month_days = self.months or {self.start.month}, {self.start.day}
        elif self.freq == "YEARLY" and self.month_days and not self.months:
            # Only what a rule that names no day of the year leaves open comes from the start.
            self.months = self.months or {self.start.month}
        elif self.freq == "YEARLY" and self.weeks and not self.days:
            self.days = [(self.start.weekday(), 0)]

    def clocks(self, until: date) -> Iterator[datetime]:
        """The wall clocks of every period, from the beginning of the one that the start lies in."""
        for _, days in groupby(self._days(until), key=self._period):
            midnights = [datetime.combine(day, datetime.min.time()) for day in days]
            clocks = [midnight + time for midnight in midnights for time in self.times]
            yield from self._picked(clocks)

    def _picked(self, clocks: list[datetime]) -> list[datetime]:
        if not self.positions:
            return clocks
        last = len(clocks)
        return [
            clock
            for number, clock in enumerate(clocks, start=1)
            if number in self.positions or number - last - 1 in self.positions
        ]

    def _days(self, until: date) -> Iterator[date]:
        day = date(self.start.year - 1, 1, 1)
        first = self._period(self.start.date())
        # Two weeks more than asked for, so that the last period is whole where it matters.
        end = date(until.year + 1, 1, 14)
        while day <= end:
            if self.wants(day):
                period = self._period(day)
                if period >= first and (period - first) % self.interval == 0:
                    yield day
            day += _DAY

    def _period(self, day: date) -> int:
        match self.freq:
            case "YEARLY":
                return _week(day, self.week_start)[0] if self.weeks else day.year
            case "MONTHLY":
                return day.year * 12 + day.month
            case "WEEKLY":
                return (day.toordinal() - 1 - self.week_start) // 7
            case _:
                return day.toordinal()

    def wants(self, day: date) -> bool:
        """Whether no part of the rule speaks against the day."""
        if self.months and day.month not in self.months:
            return False
        if self.month_days and not self.month_days & {
            day.day,
            day.day - _month_length(day.year, day.month) - 1,
        }:
            return False
        if self.year_days:
            number = day.timetuple().tm_yday
            if not self.year_days & {number, number - _year_length(day.year) - 1}:
                return False
        if self.weeks:
            year, week = _week(day, self.week_start)
            if not self.weeks & {week, week - _weeks_in(year, self.week_start) - 1}:
                return False
        return not self.days or any(self._is_day(day, weekday, nth) for weekday, nth in self.days)

    def _is_day(self, day: date, weekday: int, nth: int) -> bool:
        if day.weekday() != weekday:
            return False
        if nth == 0:
            return True
        if self.freq == "MONTHLY" or self.months:
            index, length = day.day - 1, _month_length(day.year, day.month)
        else:
            index, length = day.timetuple().tm_yday - 1, _year_length(day.year)
        return nth in (index // 7 + 1, -((length - 1 - index) // 7 + 1))


def _items(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _numbers(parts: dict[str, str], name: str) -> set[int]:
    return set(map(int, _items(parts, name)))


@cache
def _month_length(year: int, month: int) -> int:
    following: Any = date(year + month // 12, month % 12 + 1, 1)
    return (following - _DAY).day


def _year_length(year: int) -> int:
    return date(year, 12, 31).timetuple().tm_yday


@cache
def _week(day: date, week_start: int) -> tuple[int, int]:
    """The year that a week belongs to, which has at least four of its days, and its number in it."""
    first = day - timedelta(days=(day.weekday() - week_start) % 7)
    year = (first + 3 * _DAY).year
    fourth = date(year, 1, 4)
    beginning = fourth - timedelta(days=(fourth.weekday() - week_start) % 7)
    return year, (first - beginning).days // 7 + 1


@cache
def _weeks_in(year: int, week_start: int) -> int:
    return _week(date(year, 12, 28), week_start)[1]
