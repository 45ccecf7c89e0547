"""What a rule comes to before anybody saves it: its text in words and its first occurrences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from todo_app.domain.recurrence.completion import after_completion, chain
from todo_app.domain.recurrence.describe import describe
from todo_app.domain.recurrence.rule import Anchor, Recurrence
from todo_app.domain.recurrence.rule_text import format_rules, parse_rules
from todo_app.domain.recurrence.series import occurrences, resolved


@dataclass(frozen=True, slots=True)
class Preview:
    """A recurrence with its rule as text, its words, and the occurrences asked for.

    These are dates for an all-day series, else aware datetimes in the zone; fewer than asked for means
    that the series ends there.
    """

    rule: str
    anchor: Anchor
    text: str
    occurrences: tuple[date | datetime, ...]


def preview(
    rule: str,
    *,
    start: date | datetime,
    timezone: ZoneInfo,
    count: int,
    anchor: Anchor = Anchor.SCHEDULE,
    completed_at: datetime | None = None,
) -> Preview:
    """The first ``count`` occurrences of an RFC 5545 rule.

    Args:
        rule: the rule, or several on a line each.
        start: DTSTART, a date for an all-day series, else a naive wall clock.
        timezone: the zone of that wall clock.
        count: how many occurrences at most.
        anchor: whether the schedule or the completion drives the series.
        completed_at: when a completion-anchored task was done, aware; what follows from that is listed.

    Raises:
        InvalidRule: when the rule is not allowed, or does not go with the start.
    """
    recurrence = Recurrence(parse_rules(rule), anchor)
    return preview_of(recurrence, start=start, timezone=timezone, count=count, completed_at=completed_at)


def preview_of(
    recurrence: Recurrence,
    *,
    start: date | datetime,
    timezone: ZoneInfo,
    count: int,
    completed_at: datetime | None = None,
) -> Preview:
    """The same for a recurrence that has been read already; ``start`` is its first occurrence."""
    moments = _moments(recurrence, start, timezone, completed_at)
    return Preview(
        rule=format_rules(recurrence.rules),
        anchor=recurrence.anchor,
        text=describe(recurrence, timezone=timezone),
        occurrences=tuple(islice(moments, count)),
    )


def _moments(
    recurrence: Recurrence, start: date | datetime, timezone: ZoneInfo, completed_at: datetime | None
) -> Iterator[date | datetime]:
    if recurrence.anchor is Anchor.SCHEDULE:
        return occurrences(recurrence, start=start, timezone=timezone)
    at: time | None = start.time() if isinstance(start, datetime) else None
    if completed_at is not None:
        first = after_completion(recurrence, completed_at=completed_at, timezone=timezone, at=at)
    elif isinstance(start, datetime):
        first = resolved(start, timezone).astimezone(timezone)
    else:
        first = start
    return chain(recurrence, first=first, timezone=timezone, at=at)
