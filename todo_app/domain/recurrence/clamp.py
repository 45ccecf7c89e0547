"""Rules on a day that not every month has: they fall back to its last day instead of skipping it."""

from __future__ import annotations

from todo_app.domain.recurrence.rule import Frequency, Rule

# The last day that every month has.
SAFE_DAY = 28

_LAST_OF_THESE = (-1,)


def monthly_on(day: int, *, interval: int = 1) -> Rule:
    """Every month on this day, or on the last one before it."""
    if day <= SAFE_DAY:
        return Rule(Frequency.MONTHLY, interval, by_month_day=(day,))
    return Rule(Frequency.MONTHLY, interval, by_month_day=_up_to(day), by_set_pos=_LAST_OF_THESE)


def yearly_on(month: int, day: int, *, interval: int = 1) -> Rule:
    """Every year on this date, 29 February being the 28th in common years."""
    if (month, day) != (2, 29):
        return Rule(Frequency.YEARLY, interval, by_month=(month,), by_month_day=(day,))
    return Rule(
        Frequency.YEARLY, interval, by_month=(month,), by_month_day=_up_to(day), by_set_pos=_LAST_OF_THESE
    )


def clamped_day(rule: Rule) -> int | None:
    """The day that a rule made here stands for; ``None`` for a rule that clamps nothing."""
    days = rule.by_month_day
    if rule.by_set_pos != _LAST_OF_THESE or rule.by_day or not days:
        return None
    return days[-1] if days[-1] > SAFE_DAY and days == _up_to(days[-1]) else None


def _up_to(day: int) -> tuple[int, ...]:
    return tuple(range(SAFE_DAY, day + 1))
