"""A rule unrolled on the wall clock: all times from its start on, in order, with a bounded search.

The search is our own. python-dateutil looks for the next match of a rule such as 30 February through
eight thousand years, and for one by the minute it does not come back at all; nothing can stop it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product

from todo_app.domain.recurrence.days import (
    day_counts,
    days_of_month,
    days_of_week,
    days_of_year,
    start_of_week,
    week_year,
)
from todo_app.domain.recurrence.rule import ByDay, Frequency, InvalidRule, Rule
from todo_app.domain.recurrence.workdays import ordinal_of_workday, workday_number

# Nearer to the ends of the calendar a week or a zone's offset would fall off.
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(9000, 12, 31)

_DAY = timedelta(days=1)
_MIDNIGHT = time()
_MAX_TIMES = 24 * 60
_MOST_DAYS = {Frequency.YEARLY: 366, Frequency.MONTHLY: 31, Frequency.WEEKLY: 7}
_STEPS = {
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.SECONDLY: timedelta(seconds=1),
}
# The calendar repeats after 400 years, so a rule that is silent for that many of its periods is silent for
# good. Shorter periods, which skip whole months and days that can't match, are given as many as the weeks.
_SILENCE = {Frequency.YEARLY: 400, Frequency.MONTHLY: 4_800, Frequency.WEEKLY: 20_871}
_SILENCE_BELOW_WEEK = 20_871
# All empty periods of one unrolling together, beyond the occurrences found: about half a second.
_MAX_EFFORT = 250_000


def wall_clocks(
    rule: Rule, start: date | datetime, *, since: datetime | None = None, last: date = LAST_DAY
) -> Iterator[datetime]:
    """The wall clocks of a rule, in order; midnight stands for the day of an all-day series.

    Args:
        rule: what to unroll; COUNT and UNTIL are not looked at.
        start: DTSTART, a date for an all-day series, else a naive datetime.
        since: nothing before this is of interest, which spares the way there.
        last: nothing after this day is of interest.

    Raises:
        InvalidRule: when a rule by the hour or less has an all-day start, when one has too many times, or
            when the start lies centuries away.
    """
    first = _as_datetime(start)
    if not FIRST_DAY <= first.date() <= LAST_DAY:
        raise InvalidRule("A series starts between the years 1000 and 9000.")
    filled = _filled(rule, start)
    offsets = _offsets(filled)
    if _picks_beyond_period(filled, len(offsets)):
        return
    silent = effort = 0
    for moments in _periods(filled, first, max(first, since or first), min(last, LAST_DAY)):
        silent, effort = silent + 1, effort + 1
        for clock in _picked(filled, moments, offsets):
            if clock >= first:
                silent, effort = 0, effort - 1
                yield clock
        if silent > _SILENCE.get(rule.freq, _SILENCE_BELOW_WEEK) or effort > _MAX_EFFORT:
            return


def _as_datetime(start: date | datetime) -> datetime:
    return start.replace(microsecond=0) if isinstance(start, datetime) else datetime.combine(start, _MIDNIGHT)


def _filled(rule: Rule, start: date | datetime) -> Rule:
    """The rule with the parts that it leaves to its start."""
    if not isinstance(start, datetime):
        if rule.freq.below_day:
            raise InvalidRule("A rule by the hour or less needs a start with a time.")
        rule = replace(rule, by_hour=(0,), by_minute=(0,), by_second=(0,))
    else:
        rule = _filled_times(rule, start)
    return _filled_days(rule, start)


def _filled_times(rule: Rule, start: datetime) -> Rule:
    by_day = not rule.freq.below_day
    by_hour = by_day or rule.freq is Frequency.HOURLY
    by_minute = by_hour or rule.freq is Frequency.MINUTELY
    return replace(
        rule,
        by_hour=rule.by_hour or ((start.hour,) if by_day else ()),
        by_minute=rule.by_minute or ((start.minute,) if by_hour else ()),
        by_second=rule.by_second or ((start.second,) if by_minute else ()),
    )


def _filled_days(rule: Rule, start: date) -> Rule:
    picks_day = rule.by_day or rule.by_month_day or rule.by_year_day
    weekday = (ByDay(start.weekday()),)
    if rule.freq is Frequency.WEEKLY:
        return replace(rule, by_day=rule.by_day or weekday)
    if rule.freq is Frequency.MONTHLY:
        return rule if picks_day else replace(rule, by_month_day=(start.day,))
    if rule.freq is not Frequency.YEARLY:
        return rule
    if rule.by_week_no:
        return rule if picks_day else replace(rule, by_day=weekday)
    if not picks_day:
        rule = replace(rule, by_month_day=(start.day,))
    if rule.by_month_day and not rule.by_year_day:
        # A missing BYMONTH is taken from the start, as calendars export birthdays.
        return replace(rule, by_month=rule.by_month or (start.month,))
    return rule


def _offsets(rule: Rule) -> list[timedelta]:
    """The times of a rule, counted from the start of the day, or from that of its shorter period.

    Raises:
        InvalidRule: when they are more than the minutes of a day.
    """
    if len(rule.by_hour or (0,)) * len(rule.by_minute or (0,)) * len(rule.by_second or (0,)) > _MAX_TIMES:
        raise InvalidRule(f"A rule has at most {_MAX_TIMES:,} times a day.")
    # BYSECOND may be 60 for a leap second, which no wall clock of ours shows.
    seconds = [second for second in rule.by_second if second < 60]
    match rule.freq:
        case Frequency.SECONDLY:
            return [timedelta()]
        case Frequency.MINUTELY:
            parts = product((0,), (0,), seconds)
        case Frequency.HOURLY:
            parts = product((0,), rule.by_minute, seconds)
        case _:
            parts = product(rule.by_hour, rule.by_minute, seconds)
    return sorted(timedelta(hours=hour, minutes=minute, seconds=second) for hour, minute, second in parts)


def _picks_beyond_period(rule: Rule, times: int) -> bool:
    """Whether all positions of BYSETPOS lie outside what a period can hold, so that nothing matches."""
    if not rule.by_set_pos:
        return False
    return min(map(abs, rule.by_set_pos)) > _MOST_DAYS.get(rule.freq, 1) * times


def _picked(rule: Rule, moments: Sequence[datetime], offsets: Sequence[timedelta]) -> Iterator[datetime]:
    """The wall clocks of one period: the offsets behind each moment, or what BYSETPOS leaves of them."""
    if not rule.by_set_pos:
        yield from (moment + offset for moment in moments for offset in offsets)
        return
    total = len(moments) * len(offsets)
    indices = {position - 1 if position > 0 else total + position for position in rule.by_set_pos}
    for index in sorted(indices):
        if 0 <= index < total:
            yield moments[index // len(offsets)] + offsets[index % len(offsets)]


def _periods(rule: Rule, first: datetime, since: datetime, last: date) -> Iterator[Sequence[datetime]]:
    """Period by period the moments that times are counted from; many periods may have none."""
    if rule.freq.below_day:
        yield from _short_periods(rule, first, since, last)
        return
    days_by_period = _workdays if rule.workdays else _DAYS_BY_PERIOD[rule.freq]
    for days in days_by_period(rule, first.date(), since.date(), last):
        yield [datetime.combine(day, _MIDNIGHT) for day in days]


def _years(rule: Rule, first: date, since: date, last: date) -> Iterator[list[date]]:
    start = week_year(first, rule.week_start) if rule.by_week_no else first.year
    # Week years begin up to three days before the calendar year: look one year further back.
    year = _aligned(start, since.year - 1, rule.interval)
    while year <= last.year + 1:
        yield days_of_year(rule, year)
        year += rule.interval


def _months(rule: Rule, first: date, since: date, last: date) -> Iterator[list[date]]:
    month = _aligned(_month_number(first), _month_number(since), rule.interval)
    while month <= _month_number(last):
        yield days_of_month(rule, month // 12, month % 12 + 1)
        month += rule.interval


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _weeks(rule: Rule, first: date, since: date, last: date) -> Iterator[list[date]]:
    start = start_of_week(first, rule.week_start).toordinal()
    week = _aligned(start, since.toordinal() - 6, rule.interval * 7)
    while week <= last.toordinal():
        yield days_of_week(rule, date.fromordinal(week))
        week += rule.interval * 7


def _days(rule: Rule, first: date, since: date, last: date) -> Iterator[list[date]]:
    number = _aligned(first.toordinal(), since.toordinal(), rule.interval)
    while number <= last.toordinal():
        day = date.fromordinal(number)
        if day_counts(rule, day):
            yield [day]
            number += rule.interval
        else:
            yield []
            number = _aligned(number, _next_candidate(rule, day).toordinal(), rule.interval)


def _workdays(rule: Rule, first: date, since: date, last: date) -> Iterator[list[date]]:
    """Every ``interval``-th day of those from Monday to Friday, from the first one on."""
    number = _aligned(workday_number(first), workday_number(since), rule.interval)
    while (ordinal := ordinal_of_workday(number)) <= last.toordinal():
        yield [date.fromordinal(ordinal)]
        number += rule.interval


def _next_candidate(rule: Rule, day: date) -> date:
    """A day after ``day`` before which nothing can match."""
    if rule.by_month and day.month not in rule.by_month:
        return (day.replace(day=1) + 31 * _DAY).replace(day=1)
    return day + _DAY


def _short_periods(rule: Rule, first: datetime, since: datetime, last: date) -> Iterator[list[datetime]]:
    step, end = _STEPS[rule.freq] * rule.interval, datetime.combine(last, _MIDNIGHT) + _DAY
    clock = _at_or_after(_floor(first, rule.freq), _floor(since, rule.freq), step, end=end)
    while clock < end:
        allowed = _next_allowed(rule, clock)
        if allowed == clock:
            yield [clock]
            allowed += timedelta(seconds=1)
        else:
            yield []
        clock = _at_or_after(clock, allowed, step, end=end)


def _floor(clock: datetime, freq: Frequency) -> datetime:
    if freq is Frequency.SECONDLY:
        return clock
    return clock.replace(second=0) if freq is Frequency.MINUTELY else clock.replace(minute=0, second=0)


def _at_or_after(clock: datetime, target: datetime, step: timedelta, *, end: datetime) -> datetime:
    """The first of ``clock``, ``clock + step``, … that is not before ``target``; at most ``end``."""
    distance = max(0, -((clock - target) // step)) * step
    return clock + distance if distance < end - clock else end


def _next_allowed(rule: Rule, clock: datetime) -> datetime:
    """``clock`` itself when it matches, else a later moment before which nothing can match."""
    if not day_counts(rule, clock.date()):
        return datetime.combine(_next_candidate(rule, clock.date()), _MIDNIGHT)
    if rule.by_hour and clock.hour not in rule.by_hour:
        return clock.replace(minute=0, second=0) + timedelta(hours=1)
    if rule.freq is Frequency.HOURLY:
        return clock
    if rule.by_minute and clock.minute not in rule.by_minute:
        return clock.replace(second=0) + timedelta(minutes=1)
    if rule.freq is Frequency.SECONDLY and rule.by_second and clock.second not in rule.by_second:
        return clock + timedelta(seconds=1)
    return clock


def _aligned(start: int, target: int, interval: int) -> int:
    """The first of ``start``, ``start + interval``, … that is not before ``target``."""
    return start + max(0, -((start - target) // interval)) * interval


_DAYS_BY_PERIOD: dict[Frequency, Callable[[Rule, date, date, date], Iterator[list[date]]]] = {
    Frequency.YEARLY: _years,
    Frequency.MONTHLY: _months,
    Frequency.WEEKLY: _weeks,
    Frequency.DAILY: _days,
}
