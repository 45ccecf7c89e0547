"""How much memory does the server hold, idle and with so and so many tabs open?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bench.figures import Figure
from bench.libraries import cookies, library
from bench.server import Server, serving
from bench.tabs import open_tabs

TASKS, TABS, IDLE_MB = 10_000, (100, 500), 250


def answer() -> Sequence[Figure]:
    """Measure after the tabs have loaded a list of 50 rows and it is quiet again."""
    with library(TASKS) as settings:
        cookie = cookies(settings)
        with serving(settings) as server:
            server.wait_until_idle()
            idle = Figure("idle", server.megabytes, "MB", IDLE_MB, relative=True)
            held = [asyncio.run(_with_tabs(server, cookie * count)) for count in TABS]
    return [idle, *(Figure(f"{count} tabs", memory, "MB") for count, memory in zip(TABS, held, strict=True))]


async def _with_tabs(server: Server, same_cookies: Sequence[str]) -> float:
    async with open_tabs(server.url, same_cookies, "/all"):
        await asyncio.to_thread(server.wait_until_idle)
        return server.megabytes
