"""A change that is sent to many tabs alike leaves each of them with what is its own."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import cycle

from tests.fixtures.live_server import LiveServer
from tests.fixtures.tab import Tab, sign_up

_STATE = "reflex___state____state"
_NAVIGATE = f"{_STATE}.reflex___state____on_load_internal_state.on_load_internal"
_QUICK_ADD = f"{_STATE}.state___quick_add____quick_add_state.add"


async def _add(tab: Tab, *titles: str) -> None:
    for title in titles:
        await tab.send(_QUICK_ADD, text=title)
        await tab.until(lambda title=title: title in tab.titles)


async def _open(stack: AsyncExitStack, url: str, cookie: str, *, count: int) -> list[Tab]:
    return [await stack.enter_async_context(Tab(url, cookie, path="/all")) for _ in range(count)]


async def test_tabs_that_were_sent_the_same_go_on_from_it(live_server: LiveServer) -> None:
    url, cookie = live_server.url, sign_up(live_server.url)
    async with AsyncExitStack() as stack:
        tabs = await _open(stack, url, cookie, count=5)
        titles = [f"Task {number}" for number in range(5)]
        await _add(tabs[0], *titles)
        for actor, title in zip(tabs, titles, strict=True):
            await actor.until(lambda actor=actor, title=title: title in actor.titles)
            await actor.send("complete", task_id=actor.id_of(title))
            for tab in tabs:
                await tab.until(lambda tab=tab, title=title: title not in tab.titles)
        async with Tab(url, cookie, path="/all") as fresh:
            assert all(tab.list("groups") == fresh.list("groups") for tab in tabs)


async def test_each_tab_keeps_its_own_selection(live_server: LiveServer) -> None:
    url, cookie = live_server.url, sign_up(live_server.url)
    async with AsyncExitStack() as stack:
        actor, one, other = await _open(stack, url, cookie, count=3)
        await _add(actor, "Pay rent", "Buy milk", "Call Ben")
        rent, milk, ben = (actor.id_of(title) for title in ("Pay rent", "Buy milk", "Call Ben"))
        for tab, chosen in ((one, (rent, milk)), (other, (ben,))):
            await tab.until(lambda tab=tab: "Call Ben" in tab.titles)
            for task_id in chosen:
                await tab.send("toggle_selected", task_id=task_id)
            await tab.until(lambda tab=tab, chosen=chosen: tab.list("selected") == list(chosen))

        await actor.send("complete", task_id=rent)

        for tab, left in ((one, [milk]), (other, [ben])):
            await tab.until(lambda tab=tab: "Pay rent" not in tab.titles)
            assert tab.list("selected") == left
        await one.send("complete", task_id="selected")
        await other.until(lambda: "Buy milk" not in other.titles)
        assert other.list("selected") == [ben]


async def test_a_tab_that_goes_elsewhere_meanwhile_shows_what_is_there(live_server: LiveServer) -> None:
    url, cookie = live_server.url, sign_up(live_server.url)
    paths = ["/completed", "/inbox", "/trash", "/all"]
    async with AsyncExitStack() as stack:
        actor, *wanderers = await _open(stack, url, cookie, count=5)
        await _add(actor, *(f"Task {number}" for number in range(8)))
        for task_id, path in zip([row["id"] for row in actor.rows], cycle(paths), strict=False):
            await actor.send("complete", task_id=task_id)
            for tab in wanderers:
                tab.path = path
            await asyncio.gather(*(tab.send(_NAVIGATE) for tab in wanderers))
            async with Tab(url, cookie, path=path) as fresh:
                for tab in wanderers:
                    await _until_alike(tab, fresh)


async def _until_alike(one: Tab, other: Tab) -> None:
    """Wait until two tabs show the same list, whichever of them is the last to hear of it."""

    def alike() -> bool:
        return all(one.list(name) == other.list(name) for name in ("title", "groups"))

    waits = [asyncio.create_task(tab.until(alike)) for tab in (one, other)]
    done, late = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in late:
        wait.cancel()
    await asyncio.gather(*done)
