"""A series of tasks: which occurrence follows when one is closed, and the id that it will have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from itertools import count
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from todo_app.domain.recurrence import Anchor, Recurrence, after_completion, next_occurrence, occurrences
from todo_app.domain.recurrence.rule import Rule
from todo_app.domain.recurrence.series import resolved
from todo_app.domain.task import Due

# A day, or a wall clock without zone in a series with a time.
Wall = date | datetime

_AGAIN = "~"


class IfOverdue(StrEnum):
    """What follows an occurrence that was closed late: the one right after it, or the first still ahead."""

    NEXT = "next"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Series:
    """How a task repeats.

    Attributes:
        recurrence: the rules, and whether the schedule or the completion drives them.
        start: DTSTART, a date for an all-day series, else a wall clock in ``timezone``.
        timezone: the zone of that wall clock.
        if_overdue: whether missed occurrences are passed over.
    """

    recurrence: Recurrence
    start: Wall
    timezone: ZoneInfo
    if_overdue: IfOverdue = IfOverdue.FUTURE

    @property
    def is_all_day(self) -> bool:
        """Whether the occurrences are days without a time."""
        return not isinstance(self.start, datetime)


@dataclass(frozen=True, slots=True)
class Closed:
    """An occurrence that was completed or skipped.

    Attributes:
        occurrence: its place in the series.
        due: when it was due at last; it may have been put off.
        at: when it was closed, an aware instant.
        made: how many occurrences the series has had, this one included.
    """

    occurrence: Wall
    due: Due | None
    at: datetime
    made: int


def following(series: Series, closed: Closed) -> Wall | None:
    """The occurrence that follows a closed one; ``None`` when the series is over.

    There is only ever one: what was missed meanwhile does not pile up.
    """
    if series.recurrence.anchor is Anchor.COMPLETION:
        return _after_completion(series, closed)
    after = max(_moments(series, closed), key=_order)
    while True:
        found = next_occurrence(series.recurrence, start=series.start, timezone=series.timezone, after=after)
        wall = _wall(found, series.timezone)
        # An hourly series comes twice upon the hour that is doubled in autumn; a due date has it once.
        if found is None or wall is None or wall != closed.occurrence:
            return wall
        after = found


def remaining(series: Series, *, since: Wall, made: int) -> Recurrence:
    """The rules for the rest of a series, so that one that ends after so many times still does.

    Args:
        series: how it repeats.
        since: the occurrence that the rest begins with.
        made: how many occurrences the series has had, that one included.
    """
    if all(rule.count is None for rule in series.recurrence.rules):
        return series.recurrence
    if series.recurrence.anchor is Anchor.COMPLETION:
        # On which days they fell, no rule tells.
        rules = [_shortened(rule, made - 1) for rule in series.recurrence.rules]
    else:
        first = _moment(since, series)
        rules = [_shortened(rule, _gone(rule, series, first)) for rule in series.recurrence.rules]
    return replace(series.recurrence, rules=tuple(rules))


def _gone(rule: Rule, series: Series, first: date | datetime) -> int:
    """How many of the occurrences that a rule counts came before one."""
    if rule.count is None:
        return 0
    every = occurrences(Recurrence((rule,)), start=series.start, timezone=series.timezone)
    return sum(1 for moment in every if _order(moment) < _order(first))


def _shortened(rule: Rule, gone: int) -> Rule:
    return rule if rule.count is None else replace(rule, count=max(1, rule.count - gone))


def occurrence_id(series_id: UUID, key: str) -> UUID:
    """The id of the task that is an occurrence, the same whoever makes it (UUIDv5)."""
    return uuid5(series_id, key)


def keys_of(occurrence: Wall) -> Iterator[str]:
    """The key of an occurrence, and further ones for when it comes again.

    Done three days early, ``every! 3 days`` is due on the day that it was due anyway.
    """
    key = as_key(occurrence)
    yield key
    for number in count(2):
        yield f"{key}{_AGAIN}{number}"


def as_key(occurrence: Wall) -> str:
    """An occurrence as text, e.g. ``2026-12-01`` or ``2026-12-01T09:00``."""
    if not isinstance(occurrence, datetime):
        return occurrence.isoformat()
    return occurrence.isoformat(timespec="minutes" if occurrence.second == 0 else "seconds")


def from_key(key: str) -> Wall:
    """The occurrence that ``as_key`` wrote.

    Raises:
        ValueError: when it is none.
    """
    key = key.split(_AGAIN, maxsplit=1)[0]
    return datetime.fromisoformat(key) if "T" in key else date.fromisoformat(key)


def as_due(occurrence: Wall, timezone: str | None) -> Due:
    """The due date of an occurrence; without a ``timezone`` it follows the user."""
    if isinstance(occurrence, datetime):
        return Due(occurrence.date(), occurrence.time(), timezone)
    return Due(occurrence)


def wall_of(due: Due) -> Wall:
    """The day or wall clock of a due date."""
    return due.date if due.time is None else datetime.combine(due.date, due.time)


def _after_completion(series: Series, closed: Closed) -> Wall | None:
    limit = series.recurrence.rules[0].count
    if limit is not None and closed.made >= limit:
        return None
    at = series.start.time() if isinstance(series.start, datetime) else None
    found = after_completion(series.recurrence, completed_at=closed.at, timezone=series.timezone, at=at)
    return _wall(found, series.timezone)


def _moments(series: Series, closed: Closed) -> list[date | datetime]:
    """What the next occurrence has to come after."""
    moments = [_moment(closed.occurrence, series)]
    if closed.due is not None:
        moments.append(_moment_of_due(closed.due, series))
    if series.if_overdue is IfOverdue.FUTURE:
        local = closed.at.astimezone(series.timezone)
        moments.append(local.date() if series.is_all_day else local)
    return moments


def _moment_of_due(due: Due, series: Series) -> date | datetime:
    if series.is_all_day:
        return due.date
    zone = ZoneInfo(due.timezone) if due.timezone else series.timezone
    return resolved(datetime.combine(due.date, due.time or time()), zone).astimezone(series.timezone)


def _moment(wall: Wall, series: Series) -> date | datetime:
    """A wall clock as the series counts: the day, or the instant in its zone."""
    if series.is_all_day:
        return wall.date() if isinstance(wall, datetime) else wall
    clock = wall if isinstance(wall, datetime) else datetime.combine(wall, time())
    return resolved(clock, series.timezone).astimezone(series.timezone)


def _order(moment: date | datetime) -> float:
    return moment.timestamp() if isinstance(moment, datetime) else moment.toordinal()


def _wall(moment: date | datetime | None, timezone: ZoneInfo) -> Wall | None:
    if isinstance(moment, datetime):
        return moment.astimezone(timezone).replace(tzinfo=None, fold=0)
    return moment
