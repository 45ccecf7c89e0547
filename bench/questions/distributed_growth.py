"""Distributed: how much faster are two or three processes of one worker, with three partitions?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench.events import commit
from bench.figures import Figure
from bench.whole import servers, wait_until
from distributed.apps import WEB, WORKERS
from workers.roster import AUDIT

EVENTS, PROCESSES = 10_000, (1, 2, 3)
_WORKER = next(app for app in WORKERS if app.name == AUDIT)


def answer() -> Sequence[Figure]:
    """All events are in Kafka before the worker starts, so that nothing but the worker counts."""
    return [Figure(f"{count} of the audit worker, events a second", _rate(count), "") for count in PROCESSES]


def _rate(count: int) -> float:
    several = [replace(_WORKER, name=f"{AUDIT}-{number}") for number in range(1, count + 1)]
    with servers([WEB[0], *several]) as found:
        found.run.start_apps([WEB[0]])
        commit(found.settings, EVENTS)
        wait_until(lambda: found.waiting() == 0)
        found.run.start_apps(several)
        wait_until(lambda: found.undone(AUDIT) == 0)
        return found.sustained(AUDIT)
