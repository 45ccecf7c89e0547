"""How a task may repeat as a form offers it: presets from its date, a builder, and typed phrases for both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.repeating import read_recurrence
from todo_app.domain.quick_add.schedule import schedule
from todo_app.domain.quick_add.words import Line
from todo_app.domain.recurrence import Anchor, Recurrence
from todo_app.domain.recurrence.clamp import SAFE_DAY, monthly_on, yearly_on
from todo_app.domain.recurrence.rule import WORKWEEK, ByDay, Frequency, Rule
from todo_app.domain.recurrence.series import local_date
from todo_app.domain.series import Wall
from todo_app.domain.task import Due

EVERY_MAX = 999
COUNT_MAX = 999
PHRASE_MAX = 2_000
# Stands for Monday to Friday where a day of the week is chosen.
WORKDAY = 7
LAST = -1
_NTHS = (1, 2, 3, 4, LAST)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Unit(StrEnum):
    """What is counted between two occurrences."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class On(StrEnum):
    """Which day of the month or year: the one it is due anyway, a date, a numbered weekday, the last."""

    SAME = "same"
    DAY = "day"
    WEEKDAY = "weekday"
    LAST = "last"


class Ends(StrEnum):
    """When a series is over."""

    NEVER = "never"
    DATE = "date"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the builder's fields hold; those that its unit does not use are as they were."""

    every: int = 1
    unit: Unit = Unit.WEEK
    weekdays: tuple[int, ...] = ()
    on: On = On.SAME
    day: int = 1
    nth: int = 1
    weekday: int = 0
    month: int = 1
    anchor: Anchor = Anchor.SCHEDULE
    ends: Ends = Ends.NEVER
    until: date | None = None
    count: int = 10


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a phrase says: how to repeat, and where it says so, from when on."""

    recurrence: Recurrence
    start: Wall | None = None


def choice_for(day: date) -> Choice:
    """The builder as it stands before anything is chosen, for a task due on a day."""
    nth = LAST if _is_last_week(day) and (day.day - 1) // 7 == 4 else (day.day - 1) // 7 + 1
    return Choice(
        weekdays=(day.weekday(),), on=On.DAY, day=day.day, nth=nth, weekday=day.weekday(), month=day.month
    )


def presets(day: date) -> list[Choice]:
    """What is often chosen for a task that is due on a day."""
    start = choice_for(day)
    monthly = replace(start, unit=Unit.MONTH)
    choices = [
        replace(start, unit=Unit.DAY),
        replace(start, unit=Unit.WORKDAY),
        replace(start, unit=Unit.WEEK),
        monthly,
        replace(monthly, on=On.WEEKDAY),
        replace(start, unit=Unit.YEAR),
    ]
    if _is_last(day):
        choices.insert(4, replace(monthly, on=On.LAST))
    return choices


def recurrence_of(choice: Choice, start: date) -> Recurrence:
    """The rule of a choice for a task that is due on ``start``.

    Raises:
        Invalid: when a field holds what can't be; it is named as in ``Choice``.
    """
    _check(choice)
    rule = _rule(choice, start)
    if choice.ends is Ends.DATE:
        rule = replace(rule, until=choice.until)
    elif choice.ends is Ends.COUNT:
        rule = replace(rule, count=choice.count)
    return Recurrence((rule,), choice.anchor)


def choice_of(recurrence: Recurrence, *, start: date, timezone: ZoneInfo) -> Choice | None:
    """The choice that makes this very rule; ``None`` for one that the builder can't show."""
    rule = recurrence.rules[0]
    if len(recurrence.rules) > 1 or rule.interval > EVERY_MAX or (rule.count or 0) > COUNT_MAX:
        return None
    if rule.until is not None:
        rule = replace(rule, until=local_date(rule.until, timezone))
    fields = _fields(rule, choice_for(start))
    if fields is None:
        return None
    choice = _ending(replace(fields, every=rule.interval, anchor=recurrence.anchor), rule)
    return choice if recurrence_of(choice, start).rules == (rule,) else None


def moved_to(recurrence: Recurrence, *, old: date, new: date, timezone: ZoneInfo) -> Recurrence:
    """The rule when the occurrence of one day, and with it the following ones, are moved to another day.

    What is every Monday is every Wednesday then. A rule that the builder can't show stays as it is.
    """
    choice = choice_of(recurrence, start=old, timezone=timezone)
    moved = _moved(choice, old, new) if choice is not None and new != old else None
    return recurrence_of(moved, new) if moved is not None and moved != choice else recurrence


def _moved(choice: Choice, old: date, new: date) -> Choice:
    there = choice_for(new)
    match choice.unit, choice.on:
        case Unit.WEEK, _ if old.weekday() in choice.weekdays:
            days = set(choice.weekdays) - {old.weekday()} | {there.weekday}
            return replace(choice, weekdays=tuple(sorted(days)))
        case ((Unit.MONTH | Unit.YEAR), On.WEEKDAY):
            return replace(choice, nth=there.nth, weekday=there.weekday, month=there.month)
        case Unit.MONTH, On.LAST if _is_last(new):
            return choice
        case Unit.MONTH, (On.DAY | On.LAST):
            return replace(choice, on=On.DAY, day=there.day)
        case Unit.YEAR, On.DAY:
            return replace(choice, day=there.day, month=there.month)
        case _:
            return choice


def read_repeat(text: str, *, due: Due | None, now: datetime, zone: ZoneInfo) -> Spoken:
    """What a typed phrase says about a task that is due on ``due``, which it counts from unless it says more.

    Raises:
        Invalid: when it is no phrase that repeats, or names no day that is still ahead.
    """
    if len(text) > PHRASE_MAX:
        raise Invalid("phrase", f"A phrase has at most {PHRASE_MAX:,} characters.")
    line, moment = Line(text.strip()), Moment.of(now, zone)
    phrase = read_recurrence(line, 0, moment) if len(line) else None
    if phrase is None or phrase.end != len(line):
        words = text.strip()[:40]
        raise Invalid(
            "phrase", f"“{words}” is no way to repeat. Try “every 2 weeks on mon, fri until 1 Mar”."
        )
    says_start = phrase.start is not None or bool(phrase.times) or phrase.rules[0].freq.below_day
    if phrase.start is None and due is not None:
        phrase = replace(phrase, start=due.date)
    found = schedule(phrase, moment)
    if found is None:
        raise Invalid("phrase", "It would end before it begins. Choose a later end.")
    return Spoken(found.recurrence, found.first if says_start or due is None else None)


def _rule(choice: Choice, start: date) -> Rule:
    every = choice.every
    match choice.unit:
        case Unit.DAY:
            return Rule(Frequency.DAILY, every)
        case Unit.WORKDAY if every == 1:
            return Rule(Frequency.WEEKLY, by_day=WORKWEEK)
        case Unit.WORKDAY:
            return Rule(Frequency.DAILY, every, workdays=True)
        case Unit.WEEK:
            days = tuple(ByDay(day) for day in sorted(set(choice.weekdays)))
            return Rule(Frequency.WEEKLY, every, by_day=days)
        case Unit.MONTH:
            return _monthly(choice, start)
        case Unit.YEAR:
            return _yearly(choice, start)


def _monthly(choice: Choice, start: date) -> Rule:
    every = choice.every
    match choice.on:
        case On.SAME if choice.anchor is Anchor.SCHEDULE and start.day > SAFE_DAY:
            return monthly_on(start.day, interval=every)
        case On.SAME:
            return Rule(Frequency.MONTHLY, every)
        case On.DAY:
            return monthly_on(choice.day, interval=every)
        case On.WEEKDAY if choice.weekday == WORKDAY:
            return Rule(Frequency.MONTHLY, every, by_day=WORKWEEK, by_set_pos=(choice.nth,))
        case On.WEEKDAY:
            return Rule(Frequency.MONTHLY, every, by_day=(ByDay(choice.weekday, choice.nth),))
        case On.LAST:
            return Rule(Frequency.MONTHLY, every, by_month_day=(-1,))


def _yearly(choice: Choice, start: date) -> Rule:
    every = choice.every
    match choice.on:
        case On.SAME if choice.anchor is Anchor.SCHEDULE and (start.month, start.day) == (2, 29):
            return yearly_on(start.month, start.day, interval=every)
        case On.SAME:
            return Rule(Frequency.YEARLY, every)
        case On.WEEKDAY:
            by_day = (ByDay(choice.weekday, choice.nth),)
            return Rule(Frequency.YEARLY, every, by_month=(choice.month,), by_day=by_day)
        case _:
            return yearly_on(choice.month, choice.day, interval=every)


def _fields(rule: Rule, base: Choice) -> Choice | None:
    """The fields from which a rule may have been made; whether it was is for the caller to see."""
    match rule.freq:
        case Frequency.DAILY:
            return replace(base, unit=Unit.WORKDAY if rule.workdays else Unit.DAY)
        case Frequency.WEEKLY if rule.by_day == WORKWEEK and rule.interval == 1:
            return replace(base, unit=Unit.WORKDAY)
        case Frequency.WEEKLY:
            return replace(base, unit=Unit.WEEK, weekdays=tuple(day.weekday for day in rule.by_day))
        case Frequency.MONTHLY:
            return _on_day(replace(base, unit=Unit.MONTH), rule)
        case Frequency.YEARLY:
            month = rule.by_month[0] if rule.by_month else base.month
            return _on_day(replace(base, unit=Unit.YEAR, month=month), rule)
        case _:
            return None


def _on_day(choice: Choice, rule: Rule) -> Choice:
    if rule.by_month_day == (LAST,):
        return replace(choice, on=On.LAST)
    if rule.by_month_day:
        return replace(choice, on=On.DAY, day=max(rule.by_month_day))
    if rule.by_day == WORKWEEK and rule.by_set_pos:
        return replace(choice, on=On.WEEKDAY, weekday=WORKDAY, nth=rule.by_set_pos[0])
    if rule.by_day:
        return replace(choice, on=On.WEEKDAY, weekday=rule.by_day[0].weekday, nth=rule.by_day[0].nth or 1)
    return replace(choice, on=On.SAME)


def _ending(choice: Choice, rule: Rule) -> Choice:
    if rule.count is not None:
        return replace(choice, ends=Ends.COUNT, count=rule.count)
    if rule.until is not None and not isinstance(rule.until, datetime):
        return replace(choice, ends=Ends.DATE, until=rule.until)
    return replace(choice, ends=Ends.NEVER)


def _check(choice: Choice) -> None:
    in_month = choice.unit in (Unit.MONTH, Unit.YEAR)
    longest = _DAYS[choice.month - 1] if choice.unit is Unit.YEAR and 1 <= choice.month <= 12 else 31
    month = f"{_MONTHS[choice.month - 1]} has" if longest < 31 else "A month has"
    weekdays = range(WORKDAY if choice.unit is Unit.YEAR else WORKDAY + 1)
    refused = (
        ("every", not 1 <= choice.every <= EVERY_MAX, f"Give a number from 1 to {EVERY_MAX}."),
        ("weekdays", not set(choice.weekdays) <= set(range(7)), "There are seven days of the week."),
        ("month", not 1 <= choice.month <= 12, "There are twelve months."),
        (
            "day",
            in_month and choice.on is On.DAY and not 1 <= choice.day <= longest,
            f"{month} the days 1 to {longest}.",
        ),
        (
            "weekday",
            in_month
            and choice.on is On.WEEKDAY
            and (choice.weekday not in weekdays or choice.nth not in _NTHS),
            "Choose a day of the week.",
        ),
        ("on", choice.unit is Unit.YEAR and choice.on is On.LAST, "Choose a date or a weekday."),
        ("until", choice.ends is Ends.DATE and choice.until is None, "Give the last day."),
        (
            "count",
            choice.ends is Ends.COUNT and not 1 <= choice.count <= COUNT_MAX,
            f"Give a number from 1 to {COUNT_MAX}.",
        ),
    )
    for field, is_wrong, reason in refused:
        if is_wrong:
            raise Invalid(field, reason)


def _is_last(day: date) -> bool:
    return (day + timedelta(days=1)).month != day.month


def _is_last_week(day: date) -> bool:
    return (day + timedelta(days=7)).month != day.month


def start_with(start: Wall, due: Due | None) -> Due:
    """A due date that begins where a phrase says; it keeps the zone of the one before."""
    if isinstance(start, datetime):
        return Due(start.date(), start.time(), due.timezone if due else None)
    at: time | None = due.time if due else None
    return Due(start, at, due.timezone if due and at else None)
