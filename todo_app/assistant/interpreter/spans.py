"""Filters said in plain words: ``work tasks due this week``, ``high priority``, ``without a date``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from todo_app.assistant.interpreter.sentence import Sentence
from todo_app.assistant.interpreter.whens import read_when, today, week_of

_FILLING_WORDS = """
a an the my me i i'm im i've ive we our us you there there's is are am was were be been do does have
has had to of for on in at by due and or with that which what what's whats who anything something
everything any some all task tasks todo todos to-do to-dos thing things stuff item items list lists
entries still left remaining open unfinished pending outstanding scheduled planned coming up going
happening need needs got get agenda schedule plan plans set it its ones one only just every each how
many much now plate count lined store cards let top priorities matters gone doing needs needing most know get from during within over been what've we've let see supposed exactly really other else right away currently so far next about
"""
_FILLING = frozenset(_FILLING_WORDS.split())
_PRIORITIES = {
    "high": "p1",
    "medium": "p2",
    "low": "p3",
    "top": "p1",
    "highest": "p1",
    "no": "p4",
    "without": "p4",
}
_NUMBERS = {"a": 1, "couple": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_DONE_WORDS = """
completed complete done finished finish closed did accomplished accomplish achieve achieved
"""
_DONE = frozenset(_DONE_WORDS.split())
_TO_BE_DONE = re.compile(
    r"\b(?:(?:to|should|must|can) (?:be|get)|needs? to get) (?:done|finished|completed)\b", re.IGNORECASE
)
_LONGEST_DATE = 6
_SPAN_LEADS = frozenset(("for", "in", "on", "at", "the"))


@dataclass(frozen=True, slots=True)
class Found:
    """A filter in the filter language, and the words that say nothing of that kind."""

    conditions: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """All conditions together; empty when there are none."""
        return " & ".join(self.conditions)


@dataclass(frozen=True, slots=True)
class _Days:
    """A day with how it bounds the filter, or the first and last of a stretch."""

    first: date
    last: date | None = None
    relation: str = ""

    def condition(self, today: date, *, is_done: bool) -> str:
        subject = "completed" if is_done else "due"
        if self.last is None:
            ahead = (self.first - today).days
            near = {0: "today", 1: "tomorrow"}.get(ahead)
            return (
                near
                if near and not self.relation and not is_done
                else f"{subject}{self.relation}: {self.first}"
            )
        # Of the stretch that is under way only one part can be ahead, and only the other behind.
        first = max(self.first, today) if not is_done and self.last >= today else self.first
        last = min(self.last, today) if is_done else self.last
        return f"{subject} from: {first} & {subject} by: {last}"


@dataclass(slots=True)
class _Reading:
    words: list[str]
    sentence: Sentence
    is_done: bool = False
    days: list[_Days] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def key(self, at: int) -> str:
        return self.words[at].lower().strip(",:;").removesuffix("'s") if at < len(self.words) else ""


_Reader = Callable[[_Reading, int], int]


def read_filter(words: str, sentence: Sentence) -> Found | None:
    """The filter that words say; ``None`` when some of them are no part of one."""
    found = sift(words, sentence)
    return found if not found.left else None


def sift(words: str, sentence: Sentence) -> Found:
    """The filter in words, and the words that are left."""
    # What is "to be done" is open, though "done" is not.
    words = _TO_BE_DONE.sub("to do", words.replace("?", " "))
    reading = _Reading(words.split(), sentence)
    at = 0
    while at < len(reading.words):
        at = _next(reading, at)
    day = today(sentence)
    dated = (each.condition(day, is_done=reading.is_done) for each in reading.days)
    conditions = [*sorted(reading.conditions, key=_place), *dated]
    if reading.is_done and not reading.days:
        conditions.append("completed")
    return Found(tuple(dict.fromkeys(conditions)), tuple(reading.left))


def _place(condition: str) -> int:
    """Names first, then priorities, then the rest, however they were said."""
    if condition[0] in "#+":
        return 0
    return 1 if condition in ("p1", "p2", "p3", "p4") else 2


def _next(reading: _Reading, at: int) -> int:
    for reader in _READERS:
        behind = reader(reading, at)
        if behind > at:
            return behind
    if reading.key(at) not in _FILLING:
        reading.left.append(reading.words[at])
    return at + 1


def _name(reading: _Reading, at: int) -> int:
    key = reading.key(at)
    following = reading.key(at + 1)
    if key[:1] in "#+" and any(letter.isalpha() for letter in key):
        reading.conditions.append(_quoted(key[0], reading.words[at].strip(",")[1:]))
        return at + 1
    if key in ("tagged", "labelled", "labeled", "tag", "label") and following:
        skip = 2 if following in ("as", "with") else 1
        name = reading.words[at + skip] if at + skip < len(reading.words) else ""
        if name:
            reading.conditions.append(_quoted("#", name.lstrip("#").strip(",'\"")))
            return at + skip + 1
    if key == "project" and following and following not in _FILLING:
        reading.conditions.append(_quoted("+", reading.words[at + 1].lstrip("+").strip(",'\"")))
        return at + 2
    if following in ("project", "tag", "label") and key and key not in _FILLING and key != "no":
        sign = "+" if following == "project" else "#"
        reading.conditions.append(_quoted(sign, reading.words[at].lstrip("#+").strip(",'\"")))
        return at + 2
    return at


def _quoted(sign: str, name: str) -> str:
    plain = name.replace('"', "")
    return f"{sign}{plain}" if re.fullmatch(r"[\w-]+", plain) else f'{sign}"{plain}"'


def _priority(reading: _Reading, at: int) -> int:
    key, following = reading.key(at), reading.key(at + 1)
    if re.fullmatch(r"p[1-4]", key):
        reading.conditions.append(key)
        return at + 1
    if key in _PRIORITIES and following in ("priority", "prio"):
        reading.conditions.append(_PRIORITIES[key])
        return at + 2
    if key in ("priority", "prio") and following in _PRIORITIES:
        reading.conditions.append(_PRIORITIES[following])
        return at + 2
    if key in ("urgent", "important", "high-priority"):
        reading.conditions.append("p1")
        return at + 1
    return at


def _lacking(reading: _Reading, at: int) -> int:
    key = reading.key(at)
    if key in ("undated", "unscheduled"):
        reading.conditions.append("no date")
        return at + 1
    if key not in ("no", "without"):
        return at
    behind = at + 1
    while reading.key(behind) in ("a", "an", "any", "due"):
        behind += 1
    said = {"date": "no date", "dates": "no date", "deadline": "no date", "time": "no time", "tag": "no tags",
            "tags": "no tags", "labels": "no tags", "label": "no tags", "project": "no project"}.get(reading.key(behind))  # fmt: skip
    if said is None:
        return at
    reading.conditions.append(said)
    return behind + 1


def _state(reading: _Reading, at: int) -> int:
    key = reading.key(at)
    if key in (
        "overdue",
        "late",
        "behind",
        "missed",
        "miss",
        "past-due",
        "forgotten",
        "slipped",
        "slip",
        "slipping",
    ):
        reading.conditions.append("overdue")
        return at + 1 + (reading.key(at + 1) in ("on", "with"))
    if key == "past" and reading.key(at + 1) in ("due", "their", "its", "the"):
        reading.conditions.append("overdue")
        return at + 2
    if key in ("recurring", "repeating", "repeat", "repeats"):
        reading.conditions.append("recurring")
        return at + 1
    if key in _DONE:
        reading.is_done = True
        return at + 1
    return at


def _span(reading: _Reading, at: int) -> int:
    """A stretch of days: ``this week``, ``the next 3 days``, ``last month``."""
    which, unit = reading.key(at), reading.key(at + 1)
    day = today(reading.sentence)
    if which == "weekend":
        reading.days.append(_stretch("this", which, day))
        return at + 1
    if which in ("this", "next", "last", "past") and unit in ("week", "weekend", "month"):
        reading.days.append(_stretch(which, unit, day))
        return at + 2
    if which in ("next", "coming", "following", "last", "past"):
        return _counted(reading, at, which, day)
    return at


def _stretch(which: str, unit: str, day: date) -> _Days:
    step = {"this": 0, "next": 1}.get(which, -1)
    if unit == "month":
        first = day.replace(day=1) + relativedelta(months=step)
        return _Days(first, first + relativedelta(day=31))
    monday, sunday = week_of(day + timedelta(days=7 * step))
    return _Days(monday if unit == "week" else monday + timedelta(days=5), sunday)


def _counted(reading: _Reading, at: int, which: str, day: date) -> int:
    amount_word, behind = reading.key(at + 1), at + 2
    amount = (
        int(amount_word) if amount_word.isdecimal() and len(amount_word) < 4 else _NUMBERS.get(amount_word)
    )
    if amount_word == "couple" and reading.key(behind) == "of":
        behind += 1
    unit = reading.key(behind)
    length = {"day": 1, "days": 1, "week": 7, "weeks": 7}.get(unit)
    if amount is None or length is None:
        return at
    reach = timedelta(days=amount * length)
    is_ahead = which in ("next", "coming", "following")
    reading.days.append(_Days(day, day + reach) if is_ahead else _Days(day - reach, day))
    return behind + 1


def _day(reading: _Reading, at: int) -> int:
    key = reading.key(at)
    relation = {"before": " before", "after": " after", "by": " by", "until": " by", "till": " by", "since": " from", "from": " from"}.get(key, "")  # fmt: skip
    if not relation and key in _SPAN_LEADS | _FILLING:
        return at
    begin = at + 1 if relation else at
    if reading.key(begin) == "the":
        begin += 1
    possible = min(len(reading.words), begin + _LONGEST_DATE)
    for behind in range(possible, begin, -1):
        day = _date(" ".join(reading.words[begin:behind]), reading)
        if day is not None:
            reading.days.append(_Days(day, relation=relation))
            return behind
    return at


def _date(words: str, reading: _Reading) -> date | None:
    words = words.strip(",").removesuffix("'s")
    if words.lower() == "yesterday":
        return today(reading.sentence) - timedelta(days=1)
    when = read_when(words, reading.sentence) if len(words) > 1 else None
    return when.date if when is not None else None


_READERS: tuple[_Reader, ...] = (_name, _lacking, _priority, _state, _span, _day)
