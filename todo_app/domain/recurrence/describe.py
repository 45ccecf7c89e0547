"""Rules in words: ``every month on the 1st``. What quick add can say, it reads back as the same rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import product
from zoneinfo import ZoneInfo

from todo_app.domain.recurrence.clamp import SAFE_DAY, clamped_day
from todo_app.domain.recurrence.rule import WORKWEEK, Anchor, ByDay, Frequency, Recurrence, Rule
from todo_app.domain.recurrence.series import local_date

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PERIODS = {
    Frequency.YEARLY: "year",
    Frequency.MONTHLY: "month",
    Frequency.WEEKLY: "week",
    Frequency.DAILY: "day",
    Frequency.HOURLY: "hour",
    Frequency.MINUTELY: "minute",
    Frequency.SECONDLY: "second",
}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


def describe(recurrence: Recurrence, *, timezone: ZoneInfo) -> str:
    """The recurrence in English, as ``every 2 weeks on Monday and Friday at 09:00 until 3 August 2026``.

    The zone tells on which local day an UNTIL given as an instant lies. The time of day that a series
    takes from its start is not part of the rule and not mentioned.
    """
    every = "every!" if recurrence.anchor is Anchor.COMPLETION else "every"
    days = list(dict.fromkeys(_days_only(rule) for rule in recurrence.rules))
    times = sorted({clock for rule in recurrence.rules for clock in _times(rule)})
    words = [every, _joined_rules(days)]
    if times:
        words.append("at " + _listed([f"{clock:%H:%M}" for clock in times]))
    return " ".join(words) + _ending(recurrence.rules[0], timezone)


def _days_only(rule: Rule) -> Rule:
    rule = replace(rule, count=None, until=None)
    return rule if rule.freq.below_day else replace(rule, by_hour=(), by_minute=(), by_second=())


def _times(rule: Rule) -> list[time]:
    if rule.freq.below_day or not rule.by_hour:
        return []
    return [time(hour, minute) for hour, minute in product(rule.by_hour, rule.by_minute or (0,))]


def _ending(rule: Rule, timezone: ZoneInfo) -> str:
    if rule.count is not None:
        return f" for {rule.count} time{'s' if rule.count > 1 else ''}"
    if rule.until is not None:
        return f" until {_full_date(local_date(rule.until, timezone))}"
    return ""


def _full_date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _joined_rules(rules: list[Rule]) -> str:
    """One head for rules that differ in their days only: ``year on 14 January and 15 June``."""
    if len(rules) == 1:
        return _rule_words(rules[0])
    heads = {_head(rule) for rule in rules}
    items = _items_of_several(rules)
    if items and len(heads) == 1:
        return f"{heads.pop()} on {_listed(items)}"
    if items and heads == {"month", "year"} and all(_names_month(rule) for rule in rules):
        return _listed([item.removeprefix("the ") for item in items])
    return " and every ".join(_rule_words(rule) for rule in rules)


def _items_of_several(rules: list[Rule]) -> list[str]:
    """The days of all rules; none when there is a rule whose days can't be listed."""
    # In "the 31st and last Monday" the 31st would be a Monday: it follows, and as a day.
    numbered = [rule for rule in rules if rule.by_day]
    others = [rule for rule in rules if not rule.by_day]
    items: list[str] = []
    for rule in numbered + others:
        days = _items(rule)
        if days is None:
            return []
        is_number = numbered and rule in others and rule.freq is Frequency.MONTHLY
        items += [f"{day} day" if is_number and not day.endswith(" day") else day for day in days]
    return items


def _names_month(rule: Rule) -> bool:
    return rule.freq is Frequency.MONTHLY or bool(rule.by_month)


def _rule_words(rule: Rule) -> str:
    weekly = _plain_weekly(rule)
    if weekly is not None:
        return weekly
    items = _items(rule)
    if items:
        return f"{_head(rule)} on {_listed(items)}"
    return " ".join([_head(rule), *_conditions(rule)])


def _head(rule: Rule) -> str:
    period = "workday" if rule.workdays else _PERIODS[rule.freq]
    return period if rule.interval == 1 else f"{rule.interval} {period}s"


def _plain_weekly(rule: Rule) -> str | None:
    """``Monday and Friday`` for a rule that means these days in every week."""
    if rule.freq not in (Frequency.WEEKLY, Frequency.DAILY) or rule.interval > 1 or not rule.by_day:
        return None
    if rule.by_set_pos or rule.by_month or rule.by_month_day:
        return None
    return "workday" if rule.by_day == WORKWEEK else _listed([_WEEKDAYS[day.weekday] for day in rule.by_day])


def _items(rule: Rule) -> list[str] | None:
    """The days of a rule one by one, for the rules that can be said so; ``None`` for all others."""
    if rule.by_year_day or rule.by_week_no or rule.week_start:
        return None
    match rule.freq:
        case Frequency.WEEKLY:
            return (
                None if rule.by_set_pos or rule.by_month else [_WEEKDAYS[day.weekday] for day in rule.by_day]
            )
        case Frequency.MONTHLY:
            return None if rule.by_month else _month_items(rule)
        case Frequency.YEARLY:
            return _year_items(rule)
        case _:
            return None


def _month_items(rule: Rule) -> list[str] | None:
    clamped = clamped_day(rule)
    if clamped is not None:
        return [f"the {_ordinal(clamped)}"]
    if rule.by_set_pos:
        is_workday = set(rule.by_day) == set(WORKWEEK) and not rule.by_month_day
        return [f"the {_position(nth)} workday" for nth in rule.by_set_pos] if is_workday else None
    if rule.by_month_day and not rule.by_day:
        return None if max(rule.by_month_day) > SAFE_DAY else [_month_day(day) for day in rule.by_month_day]
    if rule.by_day and not rule.by_month_day and all(day.nth for day in rule.by_day):
        return [f"the {_position(day.nth)} {_WEEKDAYS[day.weekday]}" for day in rule.by_day]
    return None


def _year_items(rule: Rule) -> list[str] | None:
    clamped = clamped_day(rule)
    days = rule.by_month_day if clamped is None else (clamped,)
    if rule.by_month and days and not rule.by_day and min(days) > 0 and (clamped or not rule.by_set_pos):
        # 29 February taken literally skips years, which its name alone would not say.
        if clamped is None and 2 in rule.by_month and max(days) > SAFE_DAY:
            return None
        return [f"{day} {_MONTHS[month - 1]}" for month, day in product(rule.by_month, days)]
    if not rule.by_day or days or rule.by_set_pos or not all(day.nth for day in rule.by_day):
        return None
    weekdays = [f"the {_position(day.nth)} {_WEEKDAYS[day.weekday]}" for day in rule.by_day]
    if not rule.by_month:
        return weekdays
    return [f"{weekday} of {_MONTHS[month - 1]}" for month, weekday in product(rule.by_month, weekdays)]


def _conditions(rule: Rule) -> list[str]:
    """Every BY part on its own, for rules that no short phrase covers."""
    conditions: list[str] = []
    if rule.by_day:
        conditions.append("on " + _listed([_numbered_weekday(day) for day in rule.by_day]))
    if rule.by_month_day:
        conditions.append("on " + _listed([_month_day(day) for day in rule.by_month_day]))
    if rule.by_year_day:
        conditions.append(f"on the {_listed([_position(day) for day in rule.by_year_day])} day of the year")
    if rule.by_week_no:
        conditions.append(f"in the {_listed([_position(week) for week in rule.by_week_no])} week of the year")
    if rule.by_month:
        conditions.append("in " + _listed([_MONTHS[month - 1] for month in rule.by_month]))
    if rule.by_hour:
        conditions.append("in the hours " + _listed([f"{hour:02}" for hour in rule.by_hour]))
    if rule.by_minute:
        conditions.append("in the minutes " + _listed([f"{minute:02}" for minute in rule.by_minute]))
    if rule.by_set_pos:
        conditions.append(f"(only the {_listed([_position(nth) for nth in rule.by_set_pos])} of these)")
    elif rule.by_month_day and max(rule.by_month_day) > SAFE_DAY:
        conditions.append("(only where there is one)")
    return conditions


def _numbered_weekday(day: ByDay) -> str:
    name = _WEEKDAYS[day.weekday]
    return f"the {_position(day.nth)} {name}" if day.nth else name


def _month_day(day: int) -> str:
    return f"the {_ordinal(day)}" if day > 0 else f"the {_position(day)} day"


def _position(nth: int) -> str:
    if nth > 0:
        return _ordinal(nth)
    return "last" if nth == -1 else f"{_ordinal(-nth)} last"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in _TEENS else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(items: list[str]) -> str:
    if len(items) == 1:
        return items[0]
    if all(item.startswith("the ") for item in items):
        return "the " + _listed([item.removeprefix("the ") for item in items])
    return ", ".join(items[:-1]) + " and " + items[-1]
