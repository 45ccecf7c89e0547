"""How long does a tab wait for the answer to an event, and does it depend on how many tasks there are?"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack

from bench.figures import Figure, p50, p95
from bench.libraries import cookies, library
from bench.server import serving
from bench.tabs import LIST, QUICK_ADD, Tab, last_arrival, open_tabs

SIZES = (100, 10_000, 100_000)
ROUNDS, WARM_UP, PAUSE_SECONDS = 100, 10, 0.05
P95_MS, GROWTH = 10, 1.5

_ROWS, _MESSAGE = '"groups_rx_state_":', '"toast_rx_state_":'


async def _add(tab: Tab) -> float:
    after, text = tab.count, "Call the bench maker today p1"
    return await _answer(tab, after, tab.send(f"{QUICK_ADD}.add", text=text), _MESSAGE)


async def _complete(tab: Tab) -> float:
    first, after = tab.ids()[0], tab.count
    return await _answer(tab, after, tab.send(f"{LIST}.complete", task_id=first), _ROWS)


async def _to_all(tab: Tab) -> float:
    return await _answer(tab, tab.count, tab.go_to("/all"), _ROWS)


async def _to_today(tab: Tab) -> float:
    return await _answer(tab, tab.count, tab.go_to("/today"), _ROWS)


async def _answer(tab: Tab, after: int, sent: float, marker: str) -> float:
    return await last_arrival([tab], marker, after=[after]) - sent


# In this order in turn, so that the number of open tasks and the number of rows stay the same.
ACTIONS: dict[str, Callable[[Tab], Awaitable[float]]] = {
    "to today": _to_today,
    "to all tasks": _to_all,
    "add": _add,
    "complete": _complete,
}


def answer() -> Sequence[Figure]:
    """Measure all sizes in turn, so that what else the machine does meets them alike."""
    with ExitStack() as stack:
        addresses = []
        for size in SIZES:
            settings = stack.enter_context(library(size))
            (cookie,) = cookies(settings)
            server = stack.enter_context(serving(settings))
            server.wait_until_idle()
            addresses.append((server.url, cookie))
        seconds = asyncio.run(_measure(addresses))
    figures = []
    for name in ACTIONS:
        for size in SIZES:
            figures.append(Figure(f"{name}, {size:,} tasks, p50", p50(seconds[name, size]), "ms"))
            figures.append(Figure(f"{name}, {size:,} tasks, p95", p95(seconds[name, size]), "ms", P95_MS))
        growth = p50(seconds[name, SIZES[-1]]) / p50(seconds[name, SIZES[0]])
        figures.append(Figure(f"{name}, {SIZES[-1]:,} to {SIZES[0]}", growth, "x", GROWTH, relative=True))
    return figures


async def _measure(addresses: Sequence[tuple[str, str]]) -> dict[tuple[str, int], list[float]]:
    seconds: dict[tuple[str, int], list[float]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        tabs = []
        for url, cookie in addresses:
            tabs += await stack.enter_async_context(open_tabs(url, [cookie], "/all"))
        for number in range(WARM_UP + ROUNDS):
            for name, action in ACTIONS.items():
                for size, tab in zip(SIZES, tabs, strict=True):
                    taken = await action(tab)
                    # The event takes effect in the background; nobody clicks that fast.
                    await asyncio.sleep(PAUSE_SECONDS)
                    if number >= WARM_UP:
                        seconds[name, size].append(taken)
    return seconds
