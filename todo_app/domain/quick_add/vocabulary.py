"""The English words that quick add knows, each with what it stands for."""

from __future__ import annotations

import re
from datetime import time
from enum import StrEnum

_FIGURES = re.compile(r"[0-9]{1,4}")


class Unit(StrEnum):
    """A length of time that phrases count in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def _forms(*groups: str) -> dict[str, int]:
    return {form: number for number, group in enumerate(groups) for form in group.split()}


# Monday is 0, as in ``date.weekday()``.
WEEKDAYS = _forms(
    "monday mon",
    "tuesday tue tues",
    "wednesday wed weds",
    "thursday thu thur thurs",
    "friday fri",
    "saturday sat",
    "sunday sun",
)

MONTHS = _forms(
    "",
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept",
    "october oct",
    "november nov",
    "december dec",
)

NUMBERS = _forms("zero", "one a an", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS |= {"eleven": 11, "twelve": 12}

_ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
ORDINALS = {f"{value}{_ENDINGS.get(value, 'th')}": value for value in range(1, 32)}

UNITS = {
    **dict.fromkeys(("minute", "minutes", "min", "mins"), Unit.MINUTE),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), Unit.HOUR),
    **dict.fromkeys(("day", "days"), Unit.DAY),
    **dict.fromkeys(("week", "weeks"), Unit.WEEK),
    **dict.fromkeys(("month", "months"), Unit.MONTH),
    **dict.fromkeys(("year", "years"), Unit.YEAR),
}

ORDINAL_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}

WORKDAY_WORDS = frozenset({"workday", "workdays", "weekday", "weekdays"})

DAY_PARTS = {"morning": time(9), "afternoon": time(12), "evening": time(19), "night": time(21)}

_NEW_YEAR = (("new", "year"), ("new", "year's"), ("new", "year\u2019s"), ("new", "years"))
_VALENTINE = ("valentine", "valentine's", "valentine\u2019s", "valentines")

# Month and day of the days that people call by name; the longer of two names comes first.
NAMED_DAYS: dict[tuple[str, ...], tuple[int, int]] = {
    **{(*words, "day"): (1, 1) for words in _NEW_YEAR},
    **{(*words, "eve"): (12, 31) for words in _NEW_YEAR},
    **{(word, "day"): (2, 14) for word in _VALENTINE},
    **{(word,): (2, 14) for word in _VALENTINE},
    ("halloween",): (10, 31),
}


def number(key: str) -> int | None:
    """The value of a number in digits (four at most) or in words up to twelve."""
    return int(key) if _FIGURES.fullmatch(key) else NUMBERS.get(key)
