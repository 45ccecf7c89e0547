"""Days and spans of days in sentences, read as quick add reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from todo_app.assistant.interpreter.sentence import Sentence
from todo_app.domain.quick_add import parse_due
from todo_app.domain.quick_add.due import STANDS_ANYWHERE, read_due
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.words import keys_of
from todo_app.domain.task import Due

# The longest date in words is about "on the 3rd of july 2026 at 9 am".
_LONGEST = 9
_LEADS = ("to ", "on ", "until ", "till ", "for ", "by ", "at ", "the ")


@dataclass(frozen=True, slots=True)
class When:
    """A date, a time, or both, as a due date in words of figures; a time alone leaves the day as it is."""

    date: date | None
    time: str | None

    @property
    def text(self) -> str:
        """As ``2026-07-17``, ``2026-07-17T09:00`` or ``09:00``."""
        parts = (self.date.isoformat() if self.date else None, self.time)
        return "T".join(part for part in parts if part)


def read_when(words: str, sentence: Sentence) -> When | None:
    """The date or time that words are, and nothing else."""
    words = words.strip(" ,")
    due = _due(words, sentence)
    for lead in _LEADS:
        if due is None and words.lower().startswith(lead):
            return read_when(words[len(lead) :], sentence)
    if due is None and words.lower() == "weekend":
        due = _due("this weekend", sentence)
    if due is None:
        return None
    clock = due.time.strftime("%H:%M") if due.time else None
    return When(due.date if _names_date(words, sentence) else None, clock)


def split_when(words: str, sentence: Sentence) -> tuple[str, When] | None:
    """Words with a date at their end, apart: ``dentist next friday``; the longest date that there is."""
    parts = words.split()
    for first in range(max(1, len(parts) - _LONGEST), len(parts)):
        when = read_when(" ".join(parts[first:]), sentence)
        if when is not None:
            return " ".join(parts[:first]), when
    return None


def today(sentence: Sentence) -> date:
    """The person's day."""
    return sentence.now.astimezone(sentence.zone).date()


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _due(words: str, sentence: Sentence) -> Due | None:
    return parse_due(words, now=sentence.now, timezone=sentence.zone)


def _names_date(words: str, sentence: Sentence) -> bool:
    moment = Moment.of(sentence.now, sentence.zone)
    phrase = read_due(keys_of(words), 0, moment, edges=STANDS_ANYWHERE)
    return phrase is None or phrase.names_date or words.lower().startswith("in ")
