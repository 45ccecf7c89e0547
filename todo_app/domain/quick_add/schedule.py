"""From a phrase that repeats to its rule and its first occurrence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import groupby, islice, takewhile

from todo_app.domain.quick_add.moment import Moment, shifted
from todo_app.domain.quick_add.repeating import RecurrencePhrase
from todo_app.domain.quick_add.vocabulary import Unit
from todo_app.domain.recurrence.clamp import SAFE_DAY, monthly_on, yearly_on
from todo_app.domain.recurrence.completion import after_completion
from todo_app.domain.recurrence.expansion import wall_clocks
from todo_app.domain.recurrence.rule import Anchor, Frequency, Recurrence, Rule
from todo_app.domain.recurrence.series import resolved
from todo_app.domain.task import Due

_MIDNIGHT = time()
_LAST_SECOND = time(23, 59, 59)
# "every hour for 50 years" is stored by its end instead of being counted out.
_MAX_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recurrence and its first occurrence, from which all later ones follow.

    ``first`` is a date for an all-day series, else a wall clock in the zone of the person.
    """

    recurrence: Recurrence
    first: date | datetime

    @property
    def due(self) -> Due:
        """The first occurrence as a due date."""
        if isinstance(self.first, datetime):
            return Due(self.first.date(), self.first.time())
        return Due(self.first)


def schedule(phrase: RecurrencePhrase, moment: Moment) -> Schedule | None:
    """The schedule that a phrase means at ``moment``; ``None`` when it has no occurrence ahead."""
    if phrase.until is not None and phrase.until < (phrase.start or moment.today):
        return None
    if phrase.rules[0].freq.below_day:
        found = _hourly(phrase, moment)
    elif phrase.anchor is Anchor.COMPLETION:
        found = _from_completion(phrase, moment)
    else:
        found = _by_calendar(phrase, moment)
    if found is None:
        return None
    rules, first = found
    ended = _with_end(rules, first, phrase, moment)
    return Schedule(Recurrence(ended, phrase.anchor), first) if ended else None


_Found = tuple[tuple[Rule, ...], date | datetime]


def _hourly(phrase: RecurrencePhrase, moment: Moment) -> _Found | None:
    """One interval from now, unless the phrase names a start."""
    rules = phrase.rules
    if phrase.start is None and not phrase.times:
        return rules, moment.after_elapsed(rules[0].interval, Unit.HOUR)
    if len(phrase.times) > 1:
        return None
    clock = phrase.times[0] if phrase.times else moment.now.time().replace(fold=0)
    start = datetime.combine(phrase.start or moment.next_clock(clock), clock)
    first = _first_ahead(rules, start, moment)
    return (rules, first) if first is not None else None


def _from_completion(phrase: RecurrencePhrase, moment: Moment) -> _Found | None:
    """One interval from now, as if something was done just now, unless the phrase names a start."""
    rules = _at_times(phrase.rules, phrase.times)
    if phrase.start is not None:
        seeds = _at_times(_each_fitting_day(phrase.rules), phrase.times)
        first = _first_ahead(seeds, _at_first_time(phrase.start, phrase.times), moment)
        return (rules, first) if first is not None else None
    first = after_completion(
        Recurrence(rules, Anchor.COMPLETION),
        completed_at=moment.now,
        timezone=moment.timezone,
        at=phrase.times[0] if phrase.times else None,
    )
    if first is None:
        return None
    return rules, first.replace(tzinfo=None, fold=0) if isinstance(first, datetime) else first


def _by_calendar(phrase: RecurrencePhrase, moment: Moment) -> _Found | None:
    """The earliest day that fits; it sets the rhythm, unless the phrase names another start for it."""
    begin = _at_first_time(phrase.start or moment.today, phrase.times)
    seeds = _at_times(_each_fitting_day(phrase.rules), phrase.times)
    seed = next(_unrolled(seeds, begin), None) if phrase.start else _first_ahead(seeds, begin, moment)
    if seed is None:
        return None
    rules = _at_times(tuple(_clamped(rule, seed) for rule in phrase.rules), phrase.times)
    first = _first_ahead(rules, seed, moment)
    return (rules, first) if first is not None else None


def _at_first_time(day: date, times: tuple[time, ...]) -> date | datetime:
    return datetime.combine(day, times[0]) if times else day


def _each_fitting_day(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules without their interval: any day fits one that does not pick days."""
    return tuple(
        replace(rule, interval=1) if rule.picks_days or rule.workdays else Rule(Frequency.DAILY)
        for rule in rules
    )


def _clamped(rule: Rule, first: date) -> Rule:
    """A rule that repeats its first day, for months and years that do not have that day."""
    if rule.picks_days:
        return rule
    if rule.freq is Frequency.MONTHLY and first.day > SAFE_DAY:
        return monthly_on(first.day, interval=rule.interval)
    if rule.freq is Frequency.YEARLY and (first.month, first.day) == (2, 29):
        return yearly_on(first.month, first.day, interval=rule.interval)
    return rule


def _at_times(rules: tuple[Rule, ...], times: tuple[time, ...]) -> tuple[Rule, ...]:
    """The rules with several times a day; a single one is kept by the start."""
    if len(times) < 2:
        return rules
    return tuple(timed for rule in rules for timed in _at_several_times(rule, times))


def _at_several_times(rule: Rule, times: tuple[time, ...]) -> Iterator[Rule]:
    # BYHOUR and BYMINUTE multiply, and BYSETPOS counts times: one rule holds what stays right then.
    by_minute = sorted(times, key=lambda clock: clock.minute)
    for minute, clocks in groupby(by_minute, key=lambda clock: clock.minute):
        hours = tuple(sorted(clock.hour for clock in clocks))
        groups = [(hour,) for hour in hours] if rule.by_set_pos else [hours]
        yield from (replace(rule, by_hour=group, by_minute=(minute,)) for group in groups)


def _unrolled(
    rules: Iterable[Rule], start: date | datetime, since: datetime | None = None
) -> Iterator[date | datetime]:
    clocks = merge(*(wall_clocks(rule, start, since=since) for rule in rules))
    return clocks if isinstance(start, datetime) else (clock.date() for clock in clocks)


def _first_ahead(rules: Iterable[Rule], start: date | datetime, moment: Moment) -> date | datetime | None:
    """The first occurrence that is not past: without a time today counts, with one only what lies ahead."""
    now = moment.now.replace(tzinfo=None, fold=0)
    since = datetime.combine(now, _MIDNIGHT)
    for clock in _unrolled(rules, start, since):
        if clock > now if isinstance(clock, datetime) else clock >= now.date():
            return clock
    return None


def _with_end(
    rules: tuple[Rule, ...], first: date | datetime, phrase: RecurrencePhrase, moment: Moment
) -> tuple[Rule, ...]:
    """The rules with COUNT or UNTIL; none at all when the end lies before the first occurrence."""
    if phrase.until is not None:
        last = _last_time(phrase.until, first, phrase)
        return _until(rules, last, moment) if last >= first else ()
    if phrase.length is None:
        return rules
    amount, unit = phrase.length
    if unit is None:
        return _for_times(rules, first, amount, moment)
    behind = shifted(first, amount, unit)
    if behind is None:
        return rules
    last = behind - (timedelta(seconds=1) if isinstance(first, datetime) else timedelta(days=1))
    if phrase.anchor is Anchor.COMPLETION:
        return _until(rules, last, moment)
    within = takewhile(lambda clock: clock <= last, _unrolled(rules, first))
    number = sum(1 for _ in islice(within, _MAX_COUNTED + 1))
    return _until(rules, last, moment) if number > _MAX_COUNTED else _for_times(rules, first, number, moment)


def _last_time(until: date, first: date | datetime, phrase: RecurrencePhrase) -> date | datetime:
    """The last moment of the day that an occurrence can have."""
    if not isinstance(first, datetime):
        return until
    by_hour = phrase.rules[0].freq.below_day
    return datetime.combine(until, _LAST_SECOND if by_hour else phrase.times[-1])


def _for_times(
    rules: tuple[Rule, ...], first: date | datetime, number: int, moment: Moment
) -> tuple[Rule, ...]:
    if len(rules) == 1:
        return (replace(rules[0], count=number),)
    # Each of several rules would count for itself: they end with the last occurrence of all.
    merged = (clock for clock, _ in groupby(_unrolled(rules, first)))
    last = next(islice(merged, number - 1, None), None)
    return _until(rules, last, moment) if last is not None else rules


def _until(rules: tuple[Rule, ...], last: date | datetime, moment: Moment) -> tuple[Rule, ...]:
    until = resolved(last, moment.timezone) if isinstance(last, datetime) else last
    return tuple(replace(rule, until=until) for rule in rules)
