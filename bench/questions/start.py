"""How long do a start and a stop take when everything is built?"""

from __future__ import annotations

import time
from collections.abc import Sequence

from bench.figures import Figure
from bench.libraries import library
from bench.server import serving
from todo_app.frontend import ensure_built
from todo_app.settings import Settings

TASKS, STARTS = 10_000, 3
START_S, STOP_S = 5, 5


def answer() -> Sequence[Figure]:
    """Start and stop the server a few times as `make run` does; the best start counts, the rest is noise."""
    ensure_built()
    with library(TASKS) as settings:
        runs = [_run(settings) for _ in range(STARTS)]
    return [
        Figure("start", min(started for started, _ in runs), "s", START_S),
        Figure("stop", max(stopped for _, stopped in runs), "s", STOP_S),
    ]


def _run(settings: Settings) -> tuple[float, float]:
    before = time.monotonic()
    with serving(settings) as server:
        started = time.monotonic() - before
        server.wait_until_idle()
        before = time.monotonic()
        server.stop()
        return started, time.monotonic() - before
