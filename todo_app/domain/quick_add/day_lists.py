"""Lists of days that come again: ``1st and 15th``, ``last friday``, ``1st wed jan, 3rd thu jul``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from todo_app.domain.quick_add.dates import read_day_of_year
from todo_app.domain.quick_add.vocabulary import (
    MONTHS,
    ORDINAL_WORDS,
    ORDINALS,
    WEEKDAYS,
    WORKDAY_WORDS,
    number,
)
from todo_app.domain.quick_add.words import Line
from todo_app.domain.recurrence.clamp import SAFE_DAY, monthly_on, yearly_on
from todo_app.domain.recurrence.rule import WORKWEEK, ByDay, Frequency, Rule
from todo_app.domain.recurrence.rule_text import MAX_RULES

_LAST_DAY_NUMBER = 31
# More of them no month has.
_MOST_OF_A_WEEKDAY, _MOST_WORKDAYS = 5, 23


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the month, from its end when negative.

    ``bare`` marks a number without a noun: in ``1st and 3rd friday`` the first is a Friday too.
    """

    number: int
    bare: bool = False


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """Such as the third Friday of the month, or of one month in the year."""

    nth: int
    weekday: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class NthWorkday:
    """Such as the last day from Monday to Friday of the month."""

    nth: int


@dataclass(frozen=True, slots=True)
class YearDay:
    """A date of the year."""

    month: int
    day: int


DayItem = MonthDay | NthWeekday | NthWorkday | YearDay


def read_day_list(line: Line, at: int) -> tuple[tuple[DayItem, ...], int] | None:
    """The days listed from word ``at`` on, between commas or ``and``, and the index behind them."""
    items: list[DayItem] = []
    end = at
    while len(items) < MAX_RULES:
        begin = end + 1 if items and line.keys[end] == "and" else end
        if items and begin == end and not line.is_joined(end):
            break
        found = _read_item(line.keys, begin)
        if found is None:
            break
        items.append(found[0])
        end = found[1]
    return (_with_kinds(items), end) if items else None


def read_weekdays(line: Line, at: int) -> tuple[tuple[ByDay, ...], int] | None:
    """The weekdays from word ``at`` on, between spaces, commas or ``and``, and the index behind them."""
    days: dict[ByDay, None] = {}
    end = at
    while True:
        begin = end + 1 if days and line.keys[end] == "and" else end
        weekday = WEEKDAYS.get(line.keys[begin], WEEKDAYS.get(line.keys[begin].removesuffix("s")))
        if weekday is None:
            break
        days[ByDay(weekday)] = None
        end = begin + 1
    return (tuple(sorted(days, key=lambda day: day.weekday)), end) if days else None


def monthly_rules(items: Sequence[DayItem], *, interval: int = 1) -> tuple[Rule, ...]:
    """Rules for days that come every month, dates of the year among them coming every year."""
    days = _in_order({item.number for item in items if isinstance(item, MonthDay)})
    safe = tuple(day for day in days if day <= SAFE_DAY)
    rules = [Rule(Frequency.MONTHLY, interval, by_month_day=safe)] if safe else []
    rules += [monthly_on(day, interval=interval) for day in days if day > SAFE_DAY]
    return (*rules, *_numbered_rules(items, Frequency.MONTHLY, interval))


def yearly_rules(items: Sequence[DayItem], *, interval: int = 1) -> tuple[Rule, ...] | None:
    """Rules for days that come once a year; ``None`` when one does not say in which month."""
    if any(isinstance(item, MonthDay) for item in items):
        return None
    return _numbered_rules(items, Frequency.YEARLY, interval)


def _numbered_rules(items: Sequence[DayItem], freq: Frequency, interval: int) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    by_day = dict.fromkeys(
        ByDay(item.weekday, item.nth) for item in items if isinstance(item, NthWeekday) and item.month is None
    )
    if by_day:
        rules.append(Rule(freq, interval, by_day=tuple(by_day)))
    workdays = _in_order({item.nth for item in items if isinstance(item, NthWorkday)})
    if workdays:
        rules.append(Rule(freq, interval, by_day=WORKWEEK, by_set_pos=workdays))
    for item in items:
        if isinstance(item, YearDay):
            rules.append(yearly_on(item.month, item.day, interval=interval))
        elif isinstance(item, NthWeekday) and item.month is not None:
            weekday = ByDay(item.weekday, item.nth)
            rules.append(Rule(Frequency.YEARLY, interval, by_month=(item.month,), by_day=(weekday,)))
    return tuple(dict.fromkeys(rules))


def _in_order(numbers: Iterable[int]) -> tuple[int, ...]:
    """From the first to the last of a month: those counted from its end come last."""
    return tuple(sorted(numbers, key=lambda number: (number < 0, number)))


def _read_item(keys: Sequence[str], at: int) -> tuple[DayItem, int] | None:
    if keys[at] == "the":
        at += 1
    date = read_day_of_year(keys, at)
    if date is not None:
        month, day, end = date
        return YearDay(month, day), end
    nth, end = _read_position(keys, at)
    if nth is not None:
        return _read_numbered(keys, end, nth)
    plain = number(keys[at]) if keys[at].isdecimal() else None
    return (
        (MonthDay(plain, bare=True), at + 1) if plain is not None and 1 <= plain <= _LAST_DAY_NUMBER else None
    )


def _read_position(keys: Sequence[str], at: int) -> tuple[int | None, int]:
    """``3rd``, ``third``, ``last`` or ``3rd last`` as a number, and the index behind it."""
    if keys[at] == "last":
        return -1, at + 1
    nth = ORDINALS.get(keys[at], ORDINAL_WORDS.get(keys[at]))
    if nth is not None and keys[at + 1] == "last":
        return -nth, at + 2
    return nth, at + 1


def _read_numbered(keys: Sequence[str], at: int, nth: int) -> tuple[DayItem, int] | None:
    key = keys[at]
    if key in WEEKDAYS and abs(nth) <= _MOST_OF_A_WEEKDAY:
        month, end = _read_month(keys, at + 1)
        return NthWeekday(nth, WEEKDAYS[key], month), end
    if key in WORKDAY_WORDS and abs(nth) <= _MOST_WORKDAYS:
        return NthWorkday(nth), _behind_of_the_month(keys, at + 1)
    if key == "day":
        return MonthDay(nth), _behind_of_the_month(keys, at + 1)
    if nth < 0:
        return None
    end = _behind_of_the_month(keys, at)
    return MonthDay(nth, bare=end == at), end


def _read_month(keys: Sequence[str], at: int) -> tuple[int | None, int]:
    behind_of = at + 1 if keys[at] in ("of", "in") else at
    if keys[behind_of] in MONTHS:
        return MONTHS[keys[behind_of]], behind_of + 1
    return None, _behind_of_the_month(keys, at)


def _behind_of_the_month(keys: Sequence[str], at: int) -> int:
    if keys[at] == "of" and keys[at + 1] in ("the", "each", "every") and keys[at + 2] == "month":
        return at + 3
    return at


def _with_kinds(items: Sequence[DayItem]) -> tuple[DayItem, ...]:
    """``1st and 3rd friday`` as two Fridays: a number without a noun takes that of the next item."""
    complete: list[DayItem] = []
    kind: DayItem | None = None
    for item in reversed(items):
        most = _MOST_OF_A_WEEKDAY if isinstance(kind, NthWeekday) else _MOST_WORKDAYS
        takes_kind = isinstance(item, MonthDay) and item.bare and item.number <= most
        if isinstance(item, MonthDay) and takes_kind and isinstance(kind, NthWeekday | NthWorkday):
            complete.append(replace(kind, nth=item.number))
        else:
            complete.append(item)
        kind = complete[-1]
    return tuple(reversed(complete))
