"""What a recurrence consists of: the parts of an RFC 5545 rule, and whether done or planned days drive it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from todo_app.domain.errors import Invalid


class Frequency(StrEnum):
    """How long the period is that a rule repeats in (RFC 5545 §3.3.10)."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"
    MINUTELY = "MINUTELY"
    SECONDLY = "SECONDLY"

    @property
    def below_day(self) -> bool:
        """Whether the period is shorter than a day."""
        return self in (Frequency.HOURLY, Frequency.MINUTELY, Frequency.SECONDLY)


class Anchor(StrEnum):
    """What the next occurrence is counted from."""

    SCHEDULE = "schedule"
    COMPLETION = "completion"


class InvalidRule(Invalid):
    """A rule that RFC 5545 does not allow or that we can't follow."""

    def __init__(self, reason: str) -> None:
        super().__init__("rule", reason)


@dataclass(frozen=True, slots=True)
class ByDay:
    """A weekday, Monday being 0, and which one it is in the month or year; 0 stands for every one."""

    weekday: int
    nth: int = 0


WORKWEEK = tuple(ByDay(weekday) for weekday in range(5))


@dataclass(frozen=True, slots=True)
class Rule:
    """One recurrence rule; the fields are the parts of RFC 5545 §3.3.10.

    ``until`` is an aware datetime for an instant, a naive one for a wall clock, or a date for that
    whole local day. ``workdays`` is ours: a daily rule that counts Monday to Friday only.
    """

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    by_second: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_day: tuple[ByDay, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0
    workdays: bool = False

    @property
    def picks_days(self) -> bool:
        """Whether a BY part says which days count; without one the start does."""
        return bool(self.by_day or self.by_month_day or self.by_year_day or self.by_week_no or self.by_month)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One or more rules whose occurrences are merged, and what they are counted from.

    Several rules say what no single one can, such as 14 January and 15 June.
    """

    rules: tuple[Rule, ...]
    anchor: Anchor = Anchor.SCHEDULE
