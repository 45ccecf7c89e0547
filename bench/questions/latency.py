"""Embedded: how long from a commit until its event has taken effect, at 100 commands a second?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

from bench.events import source
from bench.figures import Figure, p50, p95, p99
from bench.libraries import empty
from todo_app.bootstrap import bootstrap
from todo_app.domain.events import Event
from todo_app.embedded_runtime import run_embedded
from todo_app.events.notices import Notice
from todo_app.settings import Settings

COMMANDS, WARM_UP, PER_SECOND, P95_MS = 1_000, 200, 100, 50
LOOK_EVERY_SECONDS = 0.05


def answer() -> Sequence[Figure]:
    """Until the audit worker has committed, which takes all events and takes longest."""
    with empty() as settings:
        seconds, pace = asyncio.run(_latencies(settings))
    return [
        Figure("commands a second", pace, ""),
        Figure("p50", p50(seconds), "ms"),
        Figure("p95", p95(seconds), "ms", P95_MS),
        Figure("p99", p99(seconds), "ms"),
    ]


async def _latencies(settings: Settings) -> tuple[list[float], float]:
    application = bootstrap(settings)
    people = await source(application)
    committed: dict[UUID, float] = {}
    sealed: dict[UUID, float] = {}

    def on_commit(events: Sequence[Event]) -> None:
        committed.update(dict.fromkeys((event.id for event in events), time.perf_counter()))

    def on_sealed(notice: Notice) -> None:
        sealed.update(dict.fromkeys(notice.event_ids, time.perf_counter()))

    application.work.after_commit(on_commit)
    application.notices.subscribe_activity(on_sealed)
    async with run_embedded(application):
        pace = 0.0
        for count in (WARM_UP, COMMANDS):
            committed.clear()
            pace = await people.add_tasks(count, per_second=PER_SECOND)
            while True:
                if committed.keys() <= sealed.keys():
                    break
                await asyncio.sleep(LOOK_EVERY_SECONDS)
    await application.close()
    return [sealed[event_id] - at for event_id, at in committed.items()], pace
