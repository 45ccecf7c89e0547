"""Moments in requests: instants, wall clocks and zones as text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from todo_app.domain.errors import Invalid
from todo_app.services.task_fields import FIRST_DAY, LAST_DAY, check_timezone


def zone_of(name: str | None) -> ZoneInfo | None:
    """The zone with this name; ``None`` for none.

    Raises:
        Invalid: when there is no such zone.
    """
    return ZoneInfo(check_timezone(name)) if name is not None else None


def instant_of(text: str, zone: ZoneInfo, *, field: str) -> datetime:
    """An instant with its offset, or a wall clock in ``zone``, as an instant in UTC.

    Raises:
        Invalid: when it is neither.
    """
    moment = wall_of(text, field=field)
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001  # a wall clock, as below
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def wall_of(text: str, *, field: str) -> date | datetime:
    """A date, or a date and time with or without an offset.

    Raises:
        Invalid: when it is neither, or too far away to reckon with.
    """
    try:
        moment = date.fromisoformat(text) if len(text) == len("2026-12-01") else datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(field, "Write a date as 2026-12-01, and a time behind it as T09:00.") from None
    day = moment.date() if isinstance(moment, datetime) else moment
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(field, f"The date must lie between {FIRST_DAY.year} and {LAST_DAY.year}.")
    return moment
