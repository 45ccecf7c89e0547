"""What a phrase that repeats comes to before anybody saves it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add.moment import Moment
from todo_app.domain.quick_add.repeating import read_recurrence
from todo_app.domain.quick_add.schedule import Schedule, schedule
from todo_app.domain.quick_add.words import Line
from todo_app.domain.recurrence.preview import Preview, preview_of


def parse_recurrence(
    text: str, *, now: datetime, timezone: ZoneInfo, day_first: bool = False
) -> Schedule | None:
    """The recurrence that ``text`` spells and nothing else, with its first occurrence; else ``None``."""
    moment = Moment.of(now, timezone, day_first=day_first)
    line = Line(text)
    phrase = read_recurrence(line, 0, moment) if len(line) else None
    return schedule(phrase, moment) if phrase is not None and phrase.end == len(line) else None


def preview_phrase(
    text: str,
    *,
    start: date | datetime,
    timezone: ZoneInfo,
    count: int,
    completed_at: datetime | None = None,
    day_first: bool = False,
) -> Preview:
    """The rule, the words and the first ``count`` occurrences of a phrase such as ``every 3 days``.

    Args:
        text: the phrase.
        start: the present as a wall clock of the zone; a date alone is its midnight.
        timezone: the zone of that wall clock.
        count: how many occurrences at most.
        completed_at: when a completion-anchored task was done, aware; what follows from that is listed.
        day_first: whether ``9/11`` means 9 November.

    Raises:
        Invalid: when the text is no recurrence.
    """
    clock = start if isinstance(start, datetime) else datetime.combine(start, time())
    now = clock.replace(tzinfo=timezone)
    found = parse_recurrence(text, now=now, timezone=timezone, day_first=day_first)
    if found is None:
        raise Invalid("text", "This is no recurrence. Try “every monday” or “every 3 days”.")
    return preview_of(
        found.recurrence, start=found.first, timezone=timezone, count=count, completed_at=completed_at
    )
