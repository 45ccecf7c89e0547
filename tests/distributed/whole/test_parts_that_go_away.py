"""People go on working while parts are away, and everything is made up for when they are back."""

from __future__ import annotations

import asyncio
import json
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.distributed.conftest import eventually
from tests.distributed.torture.open_tab import OpenTab
from tests.distributed.whole.conftest import Somebody, Whole


def readiness(whole: Whole, web: str = "web-1") -> tuple[int, dict[str, str]]:
    try:
        with urlopen(f"{whole.url(web)}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def test_everything_is_there(whole: Whole) -> None:
    assert readiness(whole) == (
        200,
        {"status": "ok", "database": "ok", "events": "ok", "sidecar": "ok"},
    )


@pytest.mark.parametrize("gone", ["web-1-sidecar", "kafka"])
async def test_without_a_sidecar_or_the_broker_people_go_on(
    whole: Whole, somebody: Somebody, gone: str
) -> None:
    whole.run[gone].kill()
    if gone == "web-1-sidecar":
        assert readiness(whole)[1]["sidecar"] == "missing"
    async with somebody.tab("web-1") as tab:
        await asyncio.to_thread(somebody.add, "Go on working")
        await tab.until(lambda: "Go on working" in tab.titles)
    whole.run[gone].start()
    whole.run[gone].wait_until_ready()

    eventually(whole.is_quiet, seconds=60)
    eventually(lambda: readiness(whole)[1]["status"] == "ok")


def test_without_its_database_a_web_process_is_not_ready(whole: Whole) -> None:
    whole.run["postgresql"].kill()
    assert readiness(whole) == (503, {"status": "unavailable", "database": "unreachable"})
    whole.run["postgresql"].start()
    whole.run["postgresql"].wait_until_ready()

    eventually(lambda: readiness(whole)[0] == 200)


async def test_a_tab_shows_what_changed_while_redis_was_away(whole: Whole, somebody: Somebody) -> None:
    """Redis has forgotten what the tab shows, so it connects again, as it does when a server was."""
    tab = OpenTab(whole.url("web-1"), somebody.cookie, path="/all")
    keeper = asyncio.create_task(tab.stay_open())
    async with asyncio.timeout(30):
        await tab.is_connected.wait()
    whole.run["redis"].kill()
    await asyncio.to_thread(somebody.add, "Water the plants")
    await asyncio.to_thread(eventually, whole.is_quiet, seconds=60)
    whole.run["redis"].start()
    whole.run["redis"].wait_until_ready()

    async with asyncio.timeout(8):
        while tab.tab is None or "Water the plants" not in tab.tab.titles:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.05)
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)


@pytest.mark.parametrize("worker", ["recurrence", "reminders", "notifications", "audit"])
async def test_what_a_worker_misses_it_does_when_it_is_back(
    whole: Whole, somebody: Somebody, worker: str
) -> None:
    whole.run[worker].kill()
    async with somebody.tab("web-2") as tab:
        await asyncio.to_thread(somebody.add, "Pay rent every day 18:00 !10 min before")
        await tab.until(lambda: "Pay rent" in tab.titles)
        first = tab.id_of("Pay rent")
        await tab.send("complete", task_id=first)
        whole.run[worker].start()

        await tab.until(lambda: "Pay rent" in tab.titles and tab.id_of("Pay rent") != first, seconds=60)
