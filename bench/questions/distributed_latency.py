"""Distributed: how long from a commit until its event has taken effect, at 100 commands a second?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bench.events import source
from bench.figures import Figure, p50, p95, p99
from bench.whole import Whole, servers, wait_until
from distributed.apps import APPS
from todo_app.bootstrap import bootstrap
from workers.roster import AUDIT, REMINDERS

COMMANDS, WARM_UP, PER_SECOND, P95_MS = 1_500, 300, 100, 50


def answer() -> Sequence[Figure]:
    """By when PostgreSQL says that each was committed, with two web processes and all workers."""
    with servers(APPS) as found:
        found.keep_commit_times()
        found.run.start_apps()
        pace = asyncio.run(_add_tasks(found))
        latencies = {worker: _latencies(found, worker) for worker in (REMINDERS, AUDIT)}
    return [Figure("commands a second", pace, "")] + [
        figure
        for worker, seconds in latencies.items()
        for figure in (
            Figure(f"{worker}, p50", p50(seconds), "ms"),
            Figure(f"{worker}, p95", p95(seconds), "ms", P95_MS),
            Figure(f"{worker}, p99", p99(seconds), "ms"),
        )
    ]


async def _add_tasks(found: Whole) -> float:
    application = bootstrap(found.settings)
    people = await source(application)
    pace = 0.0
    for count in (WARM_UP, COMMANDS):
        before = await asyncio.to_thread(found.taken, REMINDERS)
        pace = await people.add_tasks(count, per_second=PER_SECOND)
        await asyncio.to_thread(wait_until, lambda until=before + count: found.taken(REMINDERS) >= until)
    await application.close()
    await asyncio.to_thread(wait_until, lambda: found.undone(AUDIT) == 0)
    return pace


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
    )[-COMMANDS:]
