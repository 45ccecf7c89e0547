"""A copy of the app whose clock a test sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fixtures.clocked_app import CLOCK_FILE
from tests.fixtures.live_server import prepared_app, stop


@dataclass(frozen=True)
class Clock:
    """What time it is for the app; it goes on from there by itself."""

    file: Path

    def set(self, moment: datetime) -> None:
        """Make it this instant."""
        self._set_ahead((moment - datetime.now(UTC)).total_seconds())

    def move_on(self, time: timedelta) -> None:
        """Make it later by this much."""
        self._set_ahead(float(self.file.read_text(encoding="ascii")) + time.total_seconds())

    def _set_ahead(self, seconds: float) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(seconds), encoding="ascii")
        # In one step, as the app reads it all the time.
        fresh.rename(self.file)


@dataclass(frozen=True)
class ClockedApp:
    """A running copy of the app, and its clock."""

    url: str
    clock: Clock


@contextmanager
def clocked_app(folder: Path, moment: datetime) -> Iterator[ClockedApp]:
    """Start a copy of the app with its data in `folder` at an instant, and stop it at the end."""
    clock = Clock(folder / "clock")
    clock.set(moment)
    server = prepared_app(folder, **{CLOCK_FILE: str(clock.file)})
    process = replace(server, module="tests.fixtures.clocked_app").start()
    try:
        yield ClockedApp(server.url, clock)
    finally:
        stop(process)
