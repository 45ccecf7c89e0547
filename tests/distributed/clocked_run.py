"""The whole distributed mode with one clock for all processes, which a test sets."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from distributed.apps import APPS
from distributed.local_run import Change, LocalRun, Plan
from e2e.clock import Clock
from tests.fixtures.clocked_app import CLOCK_FILE


@dataclass(frozen=True)
class ClockedRun:
    """A run, and its clock."""

    run: LocalRun
    clock: Clock

    def url(self, web: str) -> str:
        """Where a web process listens."""
        return f"http://localhost:{self.run.ports[web]}"


@contextmanager
def clocked_run(moment: datetime, **settings: str) -> Iterator[ClockedRun]:
    """Run everything while the block lasts, from an instant on.

    Args:
        moment: What time it is for the apps at first.
        settings: Variables of every app.
    """
    folder = Path(tempfile.mkdtemp(prefix="punctual-clocked-"))
    # As root, PostgreSQL runs as another user, who must get in.
    folder.chmod(0o711)
    clock = Clock(folder / "clock")
    clock.set(moment)
    wiring = [sys.executable, "-m", "tests.fixtures.clocked_app"]
    plan = Plan(
        folder,
        settings={CLOCK_FILE: str(clock.file), **settings},
        changes={app.name: Change(command=[*wiring, *app.arguments]) for app in APPS},
        is_thrown_away=True,
    )
    try:
        with LocalRun(plan, say=lambda *_: None) as run:
            yield ClockedRun(run, clock)
    finally:
        shutil.rmtree(folder)
