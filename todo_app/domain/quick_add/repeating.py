"""Phrases that repeat: ``every other tue at 9am starting aug 1``, ``every! 3 days``, ``after 10 days``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from todo_app.domain.quick_add.dates import read_date
from todo_app.domain.quick_add.day_lists import (
    MonthDay,
    YearDay,
    monthly_rules,
    read_day_list,
    read_weekdays,
    yearly_rules,
)
from todo_app.domain.quick_add.due import STANDS_ANYWHERE, read_due
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.times import read_hour, read_time, read_time_after_date
from todo_app.domain.quick_add.vocabulary import (
    DAY_PARTS,
    ORDINAL_WORDS,
    ORDINALS,
    UNITS,
    WORKDAY_WORDS,
    Unit,
    number,
)
from todo_app.domain.quick_add.words import Line
from todo_app.domain.recurrence.rule import WORKWEEK, Anchor, ByDay, Frequency, Rule

_ADVERBS = {
    "hourly": (Frequency.HOURLY, 1),
    "daily": (Frequency.DAILY, 1),
    "everyday": (Frequency.DAILY, 1),
    "weekly": (Frequency.WEEKLY, 1),
    "monthly": (Frequency.MONTHLY, 1),
    "quarterly": (Frequency.MONTHLY, 3),
    "biannually": (Frequency.MONTHLY, 6),
    "yearly": (Frequency.YEARLY, 1),
    "annually": (Frequency.YEARLY, 1),
    "biennially": (Frequency.YEARLY, 2),
}
_UNIT_PERIODS = {
    Unit.HOUR: (Frequency.HOURLY, 1),
    Unit.DAY: (Frequency.DAILY, 1),
    Unit.WEEK: (Frequency.WEEKLY, 1),
    Unit.MONTH: (Frequency.MONTHLY, 1),
    Unit.YEAR: (Frequency.YEARLY, 1),
}
_PERIODS = {
    **{word: _UNIT_PERIODS[unit] for word, unit in UNITS.items() if unit in _UNIT_PERIODS},
    "quarter": (Frequency.MONTHLY, 3),
    "quarters": (Frequency.MONTHLY, 3),
}
_OPENINGS = {
    "every": Anchor.SCHEDULE,
    "ev": Anchor.SCHEDULE,
    "every!": Anchor.COMPLETION,
    "ev!": Anchor.COMPLETION,
    "after": Anchor.COMPLETION,
}
_WEEKEND_WORDS = ("weekend", "weekends")
_SATURDAY = (ByDay(5),)
_MAX_TIMES = 24
_MOST_REPEATS = 999
_CLAUSE_STARTS = frozenset({"at", "in", "starting", "from", "until", "till", "ending", "for", *DAY_PARTS})


@dataclass(frozen=True, slots=True)
class RecurrencePhrase:
    """What a phrase says about repetition, not yet counted from any day.

    ``end`` is the index of the word behind it. A rule without BY parts repeats the day it starts on.
    ``times`` are the times of day, none for an all-day series. ``length`` is ``for 3 weeks``, or
    ``for 5 times`` with no unit. ``bare`` marks a phrase that ends in the mere number of a day.
    """

    rules: tuple[Rule, ...]
    end: int
    anchor: Anchor = Anchor.SCHEDULE
    times: tuple[time, ...] = ()
    start: date | None = None
    until: date | None = None
    length: tuple[int, Unit | None] | None = None
    bare: bool = False


_Clause = Callable[[Line, RecurrencePhrase, Moment], RecurrencePhrase | None]


def read_recurrence(line: Line, at: int, moment: Moment) -> RecurrencePhrase | None:
    """The phrase that begins at word ``at``."""
    phrase = _read_days(line, at)
    phrase = _with_clauses(line, phrase, moment) if phrase is not None else None
    return (
        replace(phrase, anchor=_OPENINGS.get(line.keys[at], Anchor.SCHEDULE)) if phrase is not None else None
    )


def _read_days(line: Line, at: int) -> RecurrencePhrase | None:
    key = line.keys[at]
    if key in _ADVERBS:
        return _read_period(line, at + 1, *_ADVERBS[key])
    if key == "after":
        return _read_after(line, at + 1)
    return _read_every(line, at + 1) if key in _OPENINGS else None


def _read_every(line: Line, at: int) -> RecurrencePhrase | None:
    return (
        _read_counted(line, at)
        or _read_units(line, at, interval=1)
        or _read_time_of_day(line, at)
        or _read_listed_days(line, at)
    )


def _read_after(line: Line, at: int) -> RecurrencePhrase | None:
    interval, unit = number(line.keys[at]), line.keys[at + 1]
    if not interval or (unit not in _PERIODS and unit not in WORKDAY_WORDS):
        return None
    return _read_units(line, at + 1, interval=interval)


def _read_counted(line: Line, at: int) -> RecurrencePhrase | None:
    """``3 days``, ``other tue``, ``two weeks``, ``3rd day``."""
    key, following = line.keys[at], line.keys[at + 1]
    if key == "other":
        return _read_units(line, at + 1, interval=2)
    ordinal = ORDINALS.get(key, ORDINAL_WORDS.get(key))
    if ordinal is not None:
        # "3rd friday" is one of the month; only plain periods are counted by ordinals.
        return _read_units(line, at + 1, interval=ordinal) if following in _PERIODS else None
    interval = number(key)
    return _read_units(line, at + 1, interval=interval) if interval else None


def _read_units(line: Line, at: int, *, interval: int) -> RecurrencePhrase | None:
    key = line.keys[at]
    if key in _PERIODS:
        freq, length = _PERIODS[key]
        return _read_period(line, at + 1, freq, length * interval)
    if key in WORKDAY_WORDS:
        return RecurrencePhrase((_every_workday(interval),), at + 1)
    if key in _WEEKEND_WORDS:
        return RecurrencePhrase((Rule(Frequency.WEEKLY, interval, by_day=_SATURDAY),), at + 1)
    weekdays = read_weekdays(line, at)
    if weekdays is None:
        return None
    by_day, end = weekdays
    return RecurrencePhrase((Rule(Frequency.WEEKLY, interval, by_day=by_day),), end)


def _every_workday(interval: int) -> Rule:
    if interval == 1:
        return Rule(Frequency.WEEKLY, by_day=WORKWEEK)
    return Rule(Frequency.DAILY, interval, workdays=True)


def _read_period(line: Line, at: int, freq: Frequency, interval: int) -> RecurrencePhrase:
    """A period with the days in it, as behind ``month`` in ``month on the 1st``."""
    chosen = _read_days_in_period(line, at + 1, freq, interval) if line.keys[at] == "on" else None
    return chosen or RecurrencePhrase((Rule(freq, interval),), at)


def _read_days_in_period(line: Line, at: int, freq: Frequency, interval: int) -> RecurrencePhrase | None:
    if freq is Frequency.WEEKLY:
        return _read_units(line, at, interval=interval) if read_weekdays(line, at) else None
    found = read_day_list(line, at) if freq in (Frequency.MONTHLY, Frequency.YEARLY) else None
    if found is None:
        return None
    items, end = found
    if freq is Frequency.YEARLY:
        rules = yearly_rules(items, interval=interval)
    else:
        rules = (
            None
            if any(isinstance(item, YearDay) for item in items)
            else monthly_rules(items, interval=interval)
        )
    return RecurrencePhrase(rules, end) if rules else None


def _read_time_of_day(line: Line, at: int) -> RecurrencePhrase | None:
    if line.keys[at] not in DAY_PARTS and read_time(line.keys, at) is None:
        return None
    found = _read_times(line, at)
    return RecurrencePhrase((Rule(Frequency.DAILY),), found[1], times=found[0]) if found is not None else None


def _read_listed_days(line: Line, at: int) -> RecurrencePhrase | None:
    found = read_day_list(line, at)
    if found is None:
        return None
    items, end = found
    last = items[-1]
    bare = isinstance(last, MonthDay) and last.bare
    # "every second" is no day of the month, and "every 27 eggs" has none either.
    if bare and (line.keys[end - 1] in ORDINAL_WORDS or not _may_end(line, end)):
        return None
    return RecurrencePhrase(monthly_rules(items), end, bare=bare)


def _may_end(line: Line, end: int) -> bool:
    """Whether nothing follows, or a word with which a clause can begin."""
    key = line.keys[end]
    return line.ends_text(end) or key in _CLAUSE_STARTS or key[:1].isdigit() or key[:1] == "@"


def _with_clauses(line: Line, phrase: RecurrencePhrase, moment: Moment) -> RecurrencePhrase | None:
    """The phrase with its times, start and end; ``None`` where a bare number can't be a day.

    As with dates, ``every 5th`` is one at the end of the text or before a clause, but not in
    ``every 5th page``.
    """
    longest = phrase
    while (longer := _with_next_clause(line, longest, moment)) is not None:
        longest = longer
    if phrase.bare and longest.end == phrase.end and not line.ends_text(phrase.end):
        return None
    return longest


def _with_next_clause(line: Line, phrase: RecurrencePhrase, moment: Moment) -> RecurrencePhrase | None:
    for with_clause in _CLAUSES:
        longer = with_clause(line, phrase, moment)
        if longer is not None:
            return longer
    return None


def _with_times(line: Line, phrase: RecurrencePhrase, _: Moment) -> RecurrencePhrase | None:
    found = _read_times(line, phrase.end) if not phrase.times else None
    return replace(phrase, times=found[0], end=found[1]) if found is not None else None


def _with_start(line: Line, phrase: RecurrencePhrase, moment: Moment) -> RecurrencePhrase | None:
    key = line.keys[phrase.end]
    if phrase.start is not None or key not in ("starting", "from"):
        return None
    found = read_due(line.keys, phrase.end + 1, moment, edges=STANDS_ANYWHERE)
    if found is None or (key == "from" and not found.names_date):
        return None
    times = phrase.times or ((found.time,) if found.time is not None else ())
    return replace(phrase, times=times, start=found.date if found.names_date else None, end=found.end)


def _with_until(line: Line, phrase: RecurrencePhrase, moment: Moment) -> RecurrencePhrase | None:
    if phrase.until is not None or line.keys[phrase.end] not in ("until", "till", "ending"):
        return None
    found = read_date(line.keys, phrase.end + 1, moment)
    if found is not None and phrase.start is not None and found.date < phrase.start:
        # "from 10 dec until 20 jan" means the January behind that December.
        found = read_date(line.keys, phrase.end + 1, moment.moved_to(phrase.start))
    return replace(phrase, until=found.date, end=found.end) if found is not None else None


def _with_length(line: Line, phrase: RecurrencePhrase, _: Moment) -> RecurrencePhrase | None:
    word, amount, unit_word = line.keys[phrase.end : phrase.end + 3]
    length = number(amount)
    if phrase.length is not None or word != "for" or not length:
        return None
    unit = UNITS.get(unit_word)
    if unit in (Unit.HOUR, Unit.MINUTE) or (unit is None and unit_word not in ("times", "time")):
        return None
    if unit is None and length > _MOST_REPEATS:
        return None
    return replace(phrase, length=(length, unit), end=phrase.end + 3)


_CLAUSES: tuple[_Clause, ...] = (_with_times, _with_start, _with_until, _with_length)


def _read_times(line: Line, at: int) -> tuple[tuple[time, ...], int] | None:
    """One time or several between commas or ``and``, and the index behind them."""
    first = read_time_after_date(line.keys, at)
    if first is None:
        return None
    times, end = [first.time], first.end
    while len(times) < _MAX_TIMES:
        begin = end + 1 if line.keys[end] == "and" else end
        if begin == end and not line.is_joined(end):
            break
        # A bare number is an hour only in the company of another: "at 10, 12 and 17".
        following = read_time(line.keys, begin) or (read_hour(line.keys, begin) if first.needs_date else None)
        if following is None:
            break
        times.append(following.time)
        end = following.end
    return tuple(sorted(set(times))), end
