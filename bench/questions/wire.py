"""How many bytes does an action cost, with 50 rows shown, in the tab that acts and in another one?

What is counted is what comes over the connection, compressed as it is for a browser.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bench.figures import Figure
from bench.libraries import cookies, library
from bench.server import serving
from bench.tabs import DETAILS, LIST, QUICK_ADD, Tab, open_tabs

TASKS, WIRE_KB = 10_000, 12
QUIET_SECONDS, POLL_SECONDS = 0.5, 0.05
BY_DUE, BY_HAND = "/all", "/all?sort=manual"

Action = Callable[[Tab], Awaitable[None]]


async def _complete(tab: Tab) -> None:
    tab.send(f"{LIST}.complete", task_id=tab.ids()[0])


async def _add(tab: Tab) -> None:
    # So long overdue that it is at the top of the list.
    tab.send(f"{QUICK_ADD}.add", text="Call the bench maker 2001-01-01")


async def _reorder(tab: Tab) -> None:
    first, second, third = tab.ids()[:3]
    tab.send(f"{LIST}.move", form={"task_id": first, "after_id": second, "before_id": third})


async def _open_details(tab: Tab) -> None:
    task_id = tab.ids()[0]
    tab.send(f"{LIST}.open_task", task_id=task_id)
    # As the page does when it is told the new address.
    tab.go_to(f"{BY_HAND}&task={task_id}")


async def _rename(tab: Tab) -> None:
    title = tab.rows()[0]["title"]
    tab.send(f"{DETAILS}.commit_text", field="title", value=f"{title}, again", base=title)


async def _go_to_another_list(tab: Tab) -> None:
    tab.go_to("/today")


# With what both tabs show before; a task is renamed in the panel, which then is open already.
ACTIONS: dict[str, tuple[str, Action]] = {
    "complete": (BY_DUE, _complete),
    "add": (BY_DUE, _add),
    "reorder": (BY_HAND, _reorder),
    "open details": (BY_HAND, _open_details),
    "rename": (BY_HAND, _rename),
    "to another list": (BY_HAND, _go_to_another_list),
}


def answer() -> Sequence[Figure]:
    """Count for each action in turn."""
    with library(TASKS) as settings:
        cookie = cookies(settings)
        with serving(settings) as server:
            server.wait_until_idle()
            return asyncio.run(_count(server.url, cookie * 2))


async def _count(url: str, same_cookies: Sequence[str]) -> list[Figure]:
    figures = []
    async with open_tabs(url, same_cookies, BY_DUE) as tabs:
        for name, (path, action) in ACTIONS.items():
            for tab in tabs:
                if not tab.path.startswith(path):
                    tab.go_to(path)
            await _quiet(tabs)
            before = [(tab.received_bytes, tab.count) for tab in tabs]
            await action(tabs[0])
            await _quiet(tabs)
            for tab, who, (wire, count) in zip(tabs, ("here", "another tab"), before, strict=True):
                plain = sum(len(message.text.encode()) for message in tab.messages[count:])
                kilobytes = (tab.received_bytes - wire) / 1000
                figures.append(Figure(f"{name}, {who}", kilobytes, "KB", WIRE_KB, relative=True))
                figures.append(Figure(f"{name}, {who}, before compression", plain / 1000, "KB"))
    return figures


async def _quiet(tabs: Sequence[Tab]) -> None:
    """Wait until nothing has come for a while."""
    quiet, count = 0.0, -1
    while quiet < QUIET_SECONDS:
        await asyncio.sleep(POLL_SECONDS)
        now = sum(tab.count for tab in tabs)
        quiet, count = quiet + POLL_SECONDS if now == count else 0.0, now
