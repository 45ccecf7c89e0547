"""Distributed: how much memory does each process of the distributed mode hold after its first events?"""

from __future__ import annotations

from collections.abc import Sequence

from bench.events import commit
from bench.figures import Figure
from bench.whole import wait_until, whole
from workers.roster import AUDIT

EVENTS = 1_000


def answer() -> Sequence[Figure]:
    """What processes share is counted for each, which makes PostgreSQL look larger than it is."""
    with whole() as found:
        commit(found.settings, EVENTS)
        wait_until(lambda: found.undone(AUDIT) == 0)
        held = {name: found.megabytes(name) for name in found.run}
    figures = [Figure(name, memory, "MB") for name, memory in held.items()]
    return [*figures, Figure("all", sum(held.values()), "MB")]
