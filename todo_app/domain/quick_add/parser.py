"""Quick add: one typed line in, the task it describes out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from todo_app.domain.quick_add.due import parse_phrase
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.names import take_names
from todo_app.domain.quick_add.reminders import Reminder, take_reminders
from todo_app.domain.quick_add.timing import take_due, take_recurrence
from todo_app.domain.quick_add.tokens import Token
from todo_app.domain.quick_add.words import Line
from todo_app.domain.recurrence.rule import Recurrence
from todo_app.domain.task import Due, Priority

_QUOTES = frozenset("\"'")


@dataclass(frozen=True, slots=True)
class QuickAdd:
    """What one line says: the task's fields, and the tokens that said it, from left to right."""

    title: str
    due: Due | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    project: str | None = None
    recurrence: Recurrence | None = None
    reminders: tuple[Reminder, ...] = ()
    tokens: tuple[Token, ...] = ()


def parse(
    text: str,
    *,
    now: datetime,
    timezone: ZoneInfo,
    ignored: Collection[tuple[int, int]] = (),
    day_first: bool = False,
) -> QuickAdd:
    """Read a line as a task.

    Args:
        text: the line as typed.
        now: the present instant, aware.
        timezone: the zone of the person, which decides what today is.
        ignored: spans (start, end) in code points that stay title words, whatever they look like.
        day_first: whether ``9/11`` means 9 November.
    """
    quoted = _quoted_whole(text)
    if quoted is not None:
        return QuickAdd(" ".join(quoted.split()))
    moment = Moment.of(now, timezone, day_first=day_first)
    line = Line(text, ignored=ignored)
    names = take_names(line)
    reminders = take_reminders(line, moment)
    repeated = take_recurrence(line, moment)
    due = repeated.due if repeated is not None else take_due(line, moment)
    return QuickAdd(
        title=line.title(),
        due=due,
        priority=names.priority,
        tags=names.tags,
        project=names.project,
        recurrence=repeated.recurrence if repeated is not None else None,
        reminders=reminders,
        tokens=line.tokens(),
    )


def parse_due(text: str, *, now: datetime, timezone: ZoneInfo, day_first: bool = False) -> Due | None:
    """The due date that ``text`` spells and nothing else, as typed into the date picker; else ``None``."""
    return parse_phrase(text, Moment.of(now, timezone, day_first=day_first))


def _quoted_whole(text: str) -> str | None:
    line = text.strip()
    quote = line[:1]
    parts = line.split(quote) if quote in _QUOTES else []
    match parts:
        case ["", inside, ""]:
            return inside
        case _:
            return None
