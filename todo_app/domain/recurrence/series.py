"""The occurrences of a schedule in its zone: instants for a timed series, dates for an all-day one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from typing import TypeVar
from zoneinfo import ZoneInfo

from todo_app.domain.recurrence.expansion import LAST_DAY, wall_clocks
from todo_app.domain.recurrence.rule import InvalidRule, Recurrence, Rule

_Moment = TypeVar("_Moment", date, datetime)

# A wall clock lies at most this far from its instant in UTC.
_ZONE_REACH = timedelta(days=1)


def occurrences(
    recurrence: Recurrence,
    *,
    start: date | datetime,
    timezone: ZoneInfo,
    since: date | datetime | None = None,
) -> Iterator[date | datetime]:
    """The occurrences by the calendar, in order, whatever has been completed.

    Args:
        recurrence: the rules; their anchor is not looked at.
        start: DTSTART, a date for an all-day series, else a naive wall clock. Listed only if it matches.
        timezone: the zone of that wall clock.
        since: leave out what is before this date or aware instant, without walking there.

    Yields:
        Dates for an all-day series, else aware datetimes in ``timezone``. A wall clock inside a
        daylight-saving gap takes the offset from before the gap, a doubled one is its first pass.

    Raises:
        InvalidRule: when a rule by the hour or less has an all-day start.
    """
    if isinstance(start, datetime):
        first = _instant(since, timezone) if since is not None else None
        instants = merge(*(_instants(rule, start, timezone, first) for rule in recurrence.rules))
        yield from (instant.astimezone(timezone) for instant in _rising(instants))
    else:
        day = local_date(since, timezone) if since is not None else None
        yield from _rising(merge(*(_days(rule, start, timezone, day) for rule in recurrence.rules)))


def first_occurrence(
    recurrence: Recurrence, *, start: date | datetime, timezone: ZoneInfo
) -> date | datetime:
    """The first occurrence from ``start`` on, for a series that is about to be saved.

    Raises:
        InvalidRule: when there is none, or the rule does not go with an all-day start.
    """
    for occurrence in occurrences(recurrence, start=start, timezone=timezone):
        return occurrence
    raise InvalidRule("No day ever matches this rule.")


def next_occurrence(
    recurrence: Recurrence, *, start: date | datetime, timezone: ZoneInfo, after: date | datetime
) -> date | datetime | None:
    """The first occurrence later than ``after``: a date in an all-day series, else an aware datetime."""
    for occurrence in occurrences(recurrence, start=start, timezone=timezone, since=after):
        if _order(occurrence) > _order(after):
            return occurrence
    return None


def resolved(clock: datetime, timezone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in the zone show ``clock`` (RFC 5545 §3.3.5)."""
    return clock.replace(tzinfo=timezone, fold=0).astimezone(UTC)


def local_date(moment: date | datetime, timezone: ZoneInfo) -> date:
    """The day of a moment: that of an aware datetime on the calendar of the zone."""
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(timezone) if moment.tzinfo is not None else moment).date()


def is_within_until(rule: Rule, moment: date | datetime, timezone: ZoneInfo) -> bool:
    """Whether the UNTIL of the rule, which is inclusive, has not passed at a date or aware instant.

    UNTIL as a date covers that whole local day; an all-day series has only the date of any UNTIL.
    """
    until = rule.until
    if until is None:
        return True
    if not isinstance(moment, datetime) or not isinstance(until, datetime):
        return local_date(moment, timezone) <= local_date(until, timezone)
    return moment.astimezone(UTC) <= (until if until.tzinfo is not None else resolved(until, timezone))


def _order(moment: date | datetime) -> date | datetime:
    # Datetimes of one zone compare by wall clock, which misorders the doubled hour.
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _rising(moments: Iterator[_Moment]) -> Iterator[_Moment]:
    """The moments without those that do not come after the one before.

    Two rules may share an occurrence, and a wall clock in a gap may land on or behind the next one.
    """
    latest: _Moment | None = None
    for moment in moments:
        if latest is None or moment > latest:
            latest = moment
            yield moment


def _instants(rule: Rule, start: datetime, timezone: ZoneInfo, since: datetime | None) -> Iterator[datetime]:
    day = local_date(since, timezone) - _ZONE_REACH if since is not None else None
    clocks = wall_clocks(rule, start, since=_skip_to(rule, day), last=_last_day(rule))
    instants = _rising(resolved(clock, timezone) for clock in clocks)
    for number, instant in enumerate(instants, start=1):
        if _is_over(rule, number) or not is_within_until(rule, instant, timezone):
            return
        if since is None or instant >= since:
            yield instant


def _days(rule: Rule, start: date, timezone: ZoneInfo, since: date | None) -> Iterator[date]:
    clocks = wall_clocks(rule, start, since=_skip_to(rule, since), last=_last_day(rule))
    for number, clock in enumerate(clocks, start=1):
        day = clock.date()
        if _is_over(rule, number) or not is_within_until(rule, day, timezone):
            return
        if since is None or day >= since:
            yield day


def _skip_to(rule: Rule, day: date | None) -> datetime | None:
    """The wall clock to begin at; a rule with a COUNT has to be counted from its start."""
    return datetime.combine(day, time()) if day is not None and rule.count is None else None


def _is_over(rule: Rule, number: int) -> bool:
    return rule.count is not None and number > rule.count


def _instant(moment: date | datetime, timezone: ZoneInfo) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return resolved(datetime.combine(moment, time()), timezone)


def _last_day(rule: Rule) -> date:
    if rule.until is None:
        return LAST_DAY
    until = rule.until.date() if isinstance(rule.until, datetime) else rule.until
    return min(until, LAST_DAY) + _ZONE_REACH
