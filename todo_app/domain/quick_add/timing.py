"""Taking out of a line when its task is due and how it repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from todo_app.domain.quick_add.due import DuePhrase, read_due
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.repeating import RecurrencePhrase, read_recurrence
from todo_app.domain.quick_add.schedule import Schedule, schedule
from todo_app.domain.quick_add.tokens import TokenKind
from todo_app.domain.quick_add.words import Line
from todo_app.domain.task import Due

# The longest phrase before a recurrence is "12:00 am 27 jan 2023".
_LONGEST_BEFORE = 6


def take_due(line: Line, moment: Moment) -> Due | None:
    """Take the first date out of the line, and the first time, which may stand apart from it."""
    edges = line.edges()
    found: DuePhrase | None = None
    index = 0
    while index < len(line):
        phrase = read_due(line.keys, index, moment, edges=edges) if line.keys[index] else None
        if phrase is None:
            index += 1
            continue
        merged = _merged(found, phrase)
        if merged is None:
            break
        line.take(TokenKind.DUE, index, phrase.end)
        found, index = merged, phrase.end
    return found.due if found is not None else None


def _merged(found: DuePhrase | None, phrase: DuePhrase) -> DuePhrase | None:
    """Both phrases as one; ``None`` when the second says what the first has said already."""
    if found is None:
        return phrase
    day, clock = (found, phrase) if found.names_date else (phrase, found)
    if clock.names_date or day.time is not None or not day.names_date:
        return None
    return DuePhrase(day.date, clock.time, phrase.end)


def take_recurrence(line: Line, moment: Moment) -> Schedule | None:
    """Take the first phrase that repeats out of the line, with a date right beside it or a time."""
    for index in range(len(line)):
        phrase = read_recurrence(line, index, moment)
        found = schedule(phrase, moment) if phrase is not None else None
        if phrase is None or found is None:
            continue
        due = _phrase_beside(line, index, phrase, moment)
        started = schedule(_started(phrase, due[1]), moment) if due is not None else None
        line.take(TokenKind.RECURRENCE, index, phrase.end)
        if due is None or started is None:
            return found
        line.take(TokenKind.DUE, due[0], due[1].end)
        return started
    return None


def _phrase_beside(
    line: Line, at: int, phrase: RecurrencePhrase, moment: Moment
) -> tuple[int, DuePhrase] | None:
    """The date or time right beside the phrase, or a time elsewhere, that says something new."""
    for begin, due in _candidates(line, at, phrase, moment):
        says_date = due.names_date and phrase.start is None
        says_time = due.time is not None and not phrase.times
        if (says_date or not due.names_date) and (says_time or due.time is None):
            return begin, due
    return None


def _candidates(
    line: Line, at: int, phrase: RecurrencePhrase, moment: Moment
) -> Iterator[tuple[int, DuePhrase]]:
    edges = line.edges()
    for begin in range(max(0, at - _LONGEST_BEFORE), at):
        due = read_due(line.keys, begin, moment, edges=edges) if line.keys[begin] else None
        if due is not None and due.end == at:
            yield begin, due
    behind = line.next_left(phrase.end)
    due = read_due(line.keys, behind, moment, edges=edges) if behind < len(line) else None
    if due is not None:
        yield behind, due
    apart = _first_due(line, (at, phrase.end), moment)
    if apart is not None and not apart[1].names_date:
        yield apart


def _first_due(line: Line, skip: tuple[int, int], moment: Moment) -> tuple[int, DuePhrase] | None:
    edges = line.edges()
    for index in range(len(line)):
        if line.keys[index] and not skip[0] <= index < skip[1]:
            due = read_due(line.keys, index, moment, edges=edges)
            if due is not None:
                return index, due
    return None


def _started(phrase: RecurrencePhrase, due: DuePhrase) -> RecurrencePhrase:
    """The phrase that begins on the date, or at the time, that stands beside it."""
    start = due.date if due.names_date else phrase.start
    times = phrase.times or ((due.time,) if due.time is not None else ())
    return replace(phrase, start=start, times=times)
