"""How long until the last of so many tabs shows a change: of one person, and of as many people?

One person: a task is completed in one of the tabs, and all show the list without it. As many people with a
tab each: one of them completes a task and has a second tab that shows it, while the others look on; and all
of them complete one at the same moment, which takes as many transactions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bench.figures import Figure, p50, p95
from bench.libraries import cookies, crowd, library
from bench.server import serving
from bench.tabs import LIST, Tab, last_arrival, open_tabs

TABS = (10, 100, 500)
ROUNDS, ROUNDS_OF_ALL, WARM_UP, PAUSE_SECONDS = 20, 3, 3, 0.3
# Enough for 50 rows to the end.
TASKS, TASKS_OF_EACH = 10_000, 100
PATH, LAST_TAB_MS = "/all", 150

Round = Callable[[], Awaitable[float]]


def answer() -> Sequence[Figure]:
    """Measure with few tabs first."""
    return [*_tabs_of_one(), *_tabs_of_many()]


def _tabs_of_one() -> list[Figure]:
    figures = []
    with library(TASKS) as settings:
        cookie = cookies(settings)
        with serving(settings) as server:
            server.wait_until_idle()
            for count in TABS:
                seconds = asyncio.run(_one(server.url, cookie * count))
                figures.append(Figure(f"{count} tabs of one person, p50", p50(seconds), "ms"))
                figures.append(Figure(f"{count} tabs of one person, p95", p95(seconds), "ms", LAST_TAB_MS))
    return figures


def _tabs_of_many() -> list[Figure]:
    figures = []
    with crowd(TABS[-1], tasks_of_each=TASKS_OF_EACH) as settings:
        everybody = cookies(settings, people=TABS[-1])
        with serving(settings) as server:
            server.wait_until_idle()
            for count in TABS:
                one, everyone = asyncio.run(_many(server.url, everybody[:count]))
                figures.append(Figure(f"{count} people, one acts, p50", p50(one), "ms"))
                figures.append(Figure(f"{count} people, one acts, p95", p95(one), "ms", LAST_TAB_MS))
                figures.append(Figure(f"{count} people, all act at once, p50", p50(everyone), "ms"))
    return figures


async def _one(url: str, same_cookies: Sequence[str]) -> list[float]:
    async with open_tabs(url, same_cookies, PATH) as tabs:
        return await rounds(lambda: complete(tabs[:1], shown_in=tabs), ROUNDS)


async def _many(url: str, everybody: Sequence[str]) -> tuple[list[float], list[float]]:
    async with open_tabs(url, [*everybody, everybody[0]], PATH) as (*first_tabs, second):
        one = await rounds(lambda: complete(first_tabs[:1], shown_in=[second]), ROUNDS)
        return one, await rounds(lambda: complete(first_tabs, shown_in=first_tabs), ROUNDS_OF_ALL)


async def rounds(measure: Round, rounds: int) -> list[float]:
    """What is measured so often, after a few times that don't count."""
    seconds = []
    for _ in range(WARM_UP + rounds):
        seconds.append(await measure())
        # What follows from a command, such as its line in the activity list, has to be done by the next.
        await asyncio.sleep(PAUSE_SECONDS)
    return seconds[WARM_UP:]


async def complete(actors: Sequence[Tab], *, shown_in: Sequence[Tab]) -> float:
    """Complete the first task in each of some tabs; the seconds until the last of others shows it."""
    firsts = [tab.ids()[0] for tab in actors]
    after = [tab.count for tab in shown_in]
    sent = [tab.send(f"{LIST}.complete", task_id=first) for tab, first in zip(actors, firsts, strict=True)]
    return await last_arrival(shown_in, '"groups_rx_state_":', after=after) - sent[0]
