"""Distributed: how long from a commit until its event has taken effect, at 10 and 100 commands a second?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from bench.events import source
from bench.figures import Figure, p50, p95, p99
from bench.whole import Whole, servers, wait_until
from distributed.apps import APPS
from todo_app.bootstrap import bootstrap
from workers.roster import AUDIT, REMINDERS

# How many commands, and how many of them a second.
WARM_UP, CALM, BUSY = (300, 100), (300, 10), (1_500, 100)
P95_MS = 50


def answer() -> Sequence[Figure]:
    """By when PostgreSQL says that each was committed, with two web processes and all workers."""
    with servers(APPS) as found:
        found.keep_commit_times()
        found.run.start_apps()
        return asyncio.run(_measure(found))


async def _measure(found: Whole) -> list[Figure]:
    application = bootstrap(found.settings)
    people = await source(application)
    figures: list[Figure] = []
    for count, per_second in (WARM_UP, CALM, BUSY):
        pace = await people.add_tasks(count, per_second=per_second)
        await asyncio.to_thread(
            wait_until, lambda: found.waiting() == found.undone(REMINDERS) == found.undone(AUDIT) == 0
        )
        if (count, per_second) != WARM_UP:
            figures += _figures(found, count, per_second, pace)
    await application.close()
    return figures


def _figures(found: Whole, count: int, per_second: int, pace: float) -> Iterator[Figure]:
    at = f"{per_second} a second"
    yield Figure(f"{at}: commands a second", pace, "")
    for worker in (REMINDERS, AUDIT):
        seconds = _latencies(found, worker)[-count:]
        yield Figure(f"{at}: {worker}, p50", p50(seconds), "ms")
        yield Figure(f"{at}: {worker}, p95", p95(seconds), "ms", P95_MS)
        yield Figure(f"{at}: {worker}, p99", p99(seconds), "ms")


def _latencies(found: Whole, worker: str) -> list[float]:
    return found.numbers(
        """
        SELECT extract(epoch FROM
            pg_xact_commit_timestamp(inbox.xmin) - pg_xact_commit_timestamp(tasks.xmin))
        FROM inbox
        JOIN outbox ON outbox.id = inbox.event_id AND outbox.type = 'task.created'
        JOIN tasks ON tasks.id = outbox.aggregate_id
        WHERE inbox.consumer = %s
        ORDER BY outbox.id
        """,
        worker,
    )
