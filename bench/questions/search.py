"""How long does a search take, from the words to the tasks that are shown?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from bench.figures import Figure, p50, p95
from bench.libraries import library, log_in
from todo_app.bootstrap import bootstrap
from todo_app.domain.views import ListName, Sort, View
from todo_app.services import lists
from todo_app.settings import Settings

GOALS_MS = {10_000: 10, 200_000: 30}
# As people type: beginnings, frequent and rare words, several, none that is found.
QUERIES = ("b", "ca", "call", "call ben", "report", "chapter 7", "zurich", "bake cake gr", "qqq", "the")
ROUNDS, WARM_UP, ROWS = 12, 2, 50


def answer() -> Sequence[Figure]:
    """Measure each size."""
    figures = []
    for size, goal in GOALS_MS.items():
        with library(size) as settings:
            seconds = asyncio.run(_measure(settings))
        figures.append(Figure(f"{size:,} tasks, p50", p50(seconds), "ms"))
        figures.append(Figure(f"{size:,} tasks, p95", p95(seconds), "ms", goal))
    return figures


async def _measure(settings: Settings) -> list[float]:
    application = bootstrap(settings)
    token = await log_in(application)
    seconds = []
    for number in range(WARM_UP + ROUNDS):
        for query in QUERIES:
            view = View(list=ListName.SEARCH, search=query, sort=Sort.RELEVANCE)
            before = time.perf_counter()
            async with application.work.read(token) as uow:
                await lists.window(uow, view, limit=ROWS)
            if number >= WARM_UP:
                seconds.append(time.perf_counter() - before)
    await application.close()
    return seconds
