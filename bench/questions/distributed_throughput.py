"""Distributed: how many events a second take effect behind relay, sidecars and Kafka?"""

from __future__ import annotations

from collections.abc import Sequence

from bench.events import commit
from bench.figures import Figure
from bench.whole import wait_until, whole
from distributed.apps import WEB, WORKERS, App
from workers.roster import AUDIT, REMINDERS

EVENTS, PER_SECOND = 20_000, 1_000


def answer() -> Sequence[Figure]:
    """One web process and one worker at a time: one with little to do, and the one that takes longest."""
    figures = []
    for worker in WORKERS:
        if worker.name in (REMINDERS, AUDIT):
            rate = _rate(worker)
            figures += [
                Figure(f"{worker.name}: time for one", 1000 / rate, "ms", 1000 / PER_SECOND),
                Figure(f"{worker.name}: with effect a second", rate, ""),
            ]
    return figures


def _rate(worker: App) -> float:
    with whole([WEB[0], worker]) as found:
        commit(found.settings, EVENTS)
        wait_until(lambda: found.waiting() == found.undone(worker.name) == 0)
        return found.sustained(worker.name)
