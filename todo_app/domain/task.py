"""The values that describe a task: its status, its priority and when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Status(StrEnum):
    """Whether a task is still to be done."""

    OPEN = "open"
    COMPLETED = "completed"


class Priority(StrEnum):
    """How much a task matters; a task without one has ``None``."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Due:
    """When a task is due.

    A date alone is an all-day due date. With a time and no ``timezone`` it is floating: it follows
    the user's own zone. With a ``timezone`` (an IANA name) it is bound to that zone's wall clock.
    """

    date: date
    time: time | None = None
    timezone: str | None = None

    def at(self, user_zone: ZoneInfo) -> datetime | None:
        """The UTC instant of a timed due date, ``None`` for an all-day one.

        A wall clock inside a daylight-saving gap takes the offset from before the gap, a doubled
        one is its first pass (RFC 5545 §3.3.5).
        """
        if self.time is None:
            return None
        zone = ZoneInfo(self.timezone) if self.timezone else user_zone
        return datetime.combine(self.date, self.time, tzinfo=zone).astimezone(UTC)
