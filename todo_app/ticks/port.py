"""The ticks there are, and who is called at each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Tick(StrEnum):
    """Named after the cron bindings."""

    REMINDERS = "reminder-check"
    DAYS = "day-check"
    SWEEP = "sweep"
    RETENTION = "retention-check"


EVERY: Final = {
    Tick.REMINDERS: timedelta(seconds=1),
    Tick.DAYS: timedelta(minutes=1),
    Tick.SWEEP: timedelta(seconds=30),
    Tick.RETENTION: timedelta(hours=1),
}


class Ticks:
    """Passes each tick on to whoever subscribed to it.

    Ticks may stay away: a sidecar dies, and a scheduler that plans by the clock waits when it is set back. So
    what a tick wakes also looks by itself from time to time.
    """

    def __init__(self) -> None:
        self._subscribers: dict[Tick, list[Callable[[], None]]] = {tick: [] for tick in Tick}

    def subscribe(self, tick: Tick, call: Callable[[], None]) -> None:
        """Have a function called at each such tick; it returns at once."""
        self._subscribers[tick].append(call)

    def happen(self, tick: Tick) -> None:
        """It is time for a tick."""
        for call in self._subscribers[tick]:
            call()
