"""Distributed: how long until a tab at one web process shows what was clicked at another one?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.figures import Figure, p50, p95
from bench.libraries import cookies, register_all
from bench.questions.push import complete, rounds
from bench.tabs import open_tabs
from bench.whole import Whole, wait_until, whole
from todo_app.bootstrap import bootstrap
from todo_app.services import seed
from workers.roster import AUDIT

TASKS, ROUNDS, P95_MS = 1_000, 50, 250


def answer() -> Sequence[Figure]:
    """Click at the one, look at the other; the notice goes by the outbox, the relay and Kafka."""
    with whole() as found:
        asyncio.run(_seed(found))
        wait_until(lambda: found.undone(AUDIT) == 0)
        [cookie] = cookies(found.settings)
        here, there = (f"http://localhost:{found.run.ports[name]}" for name in ("web-1", "web-2"))
        seconds = asyncio.run(_click(here, there, cookie))
    return [
        Figure("tab at another process, p50", p50(seconds), "ms"),
        Figure("tab at another process, p95", p95(seconds), "ms", P95_MS),
    ]


async def _seed(found: Whole) -> None:
    application = bootstrap(found.settings)
    [owner] = await register_all(application, people=1)
    async for _ in seed.seed(application.engine, owner, count=TASKS, now=datetime.now(UTC)):
        pass
    await application.close()


async def _click(here: str, there: str, cookie: str) -> list[float]:
    async with open_tabs(here, [cookie], "/all") as clicked, open_tabs(there, [cookie], "/all") as shown:
        # Both, so that what is clicked next is not what is gone already; the other one is always the last.
        return await rounds(lambda: complete(clicked, shown_in=[*clicked, *shown]), ROUNDS)
