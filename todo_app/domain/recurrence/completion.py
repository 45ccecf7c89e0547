"""Recurrences that count from the day a task was done: ``every! 3 days``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from todo_app.domain.recurrence.expansion import LAST_DAY
from todo_app.domain.recurrence.rule import Frequency, Recurrence, Rule
from todo_app.domain.recurrence.series import is_within_until, local_date, occurrences, resolved
from todo_app.domain.recurrence.workdays import workdays_after

_STEPS = {
    Frequency.YEARLY: relativedelta(years=1),
    Frequency.MONTHLY: relativedelta(months=1),
    Frequency.WEEKLY: relativedelta(weeks=1),
    Frequency.DAILY: relativedelta(days=1),
}
_SHORT_STEPS = {
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.SECONDLY: timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True)
class _Done:
    """When a task was done, in UTC, the zone whose calendar counts, and the series' time of day."""

    instant: datetime
    timezone: ZoneInfo
    at: time | None

    @property
    def day(self) -> date:
        return local_date(self.instant, self.timezone)


def after_completion(
    recurrence: Recurrence, *, completed_at: datetime, timezone: ZoneInfo, at: time | None
) -> date | datetime | None:
    """The occurrence that follows from completing the one before.

    An interval is added to the local day of completion, months clamped to their last day; one by the
    hour to the instant. Rules that pick days give the first such day after that of completion.

    Args:
        recurrence: one or more rules; COUNT is not looked at, as only the caller knows what was done.
        completed_at: the instant of completion, aware.
        timezone: the zone whose calendar counts.
        at: the time of day of the series, ``None`` when it is all-day.

    Returns:
        A date for an all-day series, else an aware datetime in ``timezone``; ``None`` when UNTIL has
        passed.
    """
    done = _Done(completed_at.astimezone(UTC), timezone, at)
    found = [_next_by(rule, done) for rule in recurrence.rules]
    return min((moment for moment in found if moment is not None), default=None)


def chain(
    recurrence: Recurrence, *, first: date | datetime | None, timezone: ZoneInfo, at: time | None
) -> Iterator[date | datetime]:
    """The occurrences from ``first`` on, as if each was done on its day; COUNT counts from ``first``."""
    limit = recurrence.rules[0].count
    moment, number = first, 0
    while moment is not None and (limit is None or number < limit):
        yield moment
        number += 1
        done = (
            moment if isinstance(moment, datetime) else resolved(datetime.combine(moment, time()), timezone)
        )
        moment = after_completion(recurrence, completed_at=done, timezone=timezone, at=at)


def _next_by(rule: Rule, done: _Done) -> date | datetime | None:
    if rule.picks_days or rule.by_hour or rule.by_minute:
        return _next_picked(rule, done)
    moment = _one_interval_later(rule, done)
    if moment is None or local_date(moment, done.timezone) > LAST_DAY:
        return None
    return moment if is_within_until(rule, moment, done.timezone) else None


def _one_interval_later(rule: Rule, done: _Done) -> date | datetime | None:
    try:
        if rule.freq.below_day:
            to_the_minute = done.instant.replace(second=0, microsecond=0)
            return (to_the_minute + rule.interval * _SHORT_STEPS[rule.freq]).astimezone(done.timezone)
        if rule.workdays:
            day = workdays_after(done.day, rule.interval)
        else:
            day = done.day + _STEPS[rule.freq] * rule.interval
        if done.at is None:
            return day
        return resolved(datetime.combine(day, done.at), done.timezone).astimezone(done.timezone)
    except (OverflowError, ValueError):
        # An interval that leads out of the calendar has no next occurrence.
        return None


def _next_picked(rule: Rule, done: _Done) -> date | datetime | None:
    # With hours of its own a rule may come again on the day it was done.
    clock = time() if rule.by_hour else done.at
    start = done.day if done.at is None or clock is None else datetime.combine(done.day, clock)
    uncounted = Recurrence((replace(rule, count=None),))
    for moment in occurrences(uncounted, start=start, timezone=done.timezone, since=done.day):
        if isinstance(moment, datetime) and rule.by_hour:
            if moment > done.instant:
                return moment
        elif local_date(moment, done.timezone) > done.day:
            return moment
    return None
