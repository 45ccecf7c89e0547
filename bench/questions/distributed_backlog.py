"""Distributed: how long does it take to work off 50,000 events that nobody could publish?"""

from __future__ import annotations

from collections.abc import Sequence

from bench.events import commit
from bench.figures import Figure
from bench.whole import wait_until, whole
from distributed.apps import WEB
from workers.roster import AUDIT, REMINDERS

EVENTS = 50_000


def answer() -> Sequence[Figure]:
    """The sidecars of the web processes are away meanwhile; all workers run."""
    with whole() as found:
        for app in WEB:
            found.run[app.sidecar].kill()
        commit(found.settings, EVENTS)
        for app in WEB:
            found.run[app.sidecar].start()
        published = wait_until(lambda: found.waiting() == 0)
        drained = published + wait_until(lambda: found.undone(REMINDERS) == found.undone(AUDIT) == 0)
    return [
        Figure("50,000 events published", published, "s"),
        Figure("50,000 events with effect at each worker", drained, "s"),
        Figure("a second", EVENTS / drained, ""),
    ]
