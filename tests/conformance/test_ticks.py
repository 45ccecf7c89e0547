"""Ticks by APScheduler, and the addresses that a sidecar's bindings call."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.conformance.ticks_suite import Count, TicksSuite
from todo_app.ticks.bindings import ticks_router
from todo_app.ticks.port import EVERY, Tick, Ticks
from todo_app.ticks.scheduler import ticking


class TestScheduler(TicksSuite):
    @pytest.fixture
    async def ticks(self) -> AsyncIterator[Ticks]:
        ticks = Ticks()
        async with ticking(ticks):
            yield ticks


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def client(ticks: Ticks) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(ticks_router(ticks), prefix="/events")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
        yield client


@pytest.mark.parametrize("tick", Tick)
async def test_a_binding_calls_those_who_subscribed_to_its_tick(
    tick: Tick, ticks: Ticks, client: httpx.AsyncClient
) -> None:
    counts = {each: Count() for each in Tick}
    for each, count in counts.items():
        ticks.subscribe(each, count)

    asked = await client.options(f"/events/ticks/{tick}")
    ticked = await client.post(f"/events/ticks/{tick}", content=b"")

    assert (asked.status_code, ticked.status_code, ticked.content) == (200, 200, b"")
    assert [each for each, count in counts.items() if count.calls] == [tick]


async def test_a_binding_that_nobody_knows_is_not_wanted(client: httpx.AsyncClient) -> None:
    asked = await client.options("/events/ticks/coffee")
    ticked = await client.post("/events/ticks/coffee")

    assert (asked.status_code, ticked.status_code) == (404, 404)


def test_every_tick_has_its_time() -> None:
    assert EVERY.keys() == set(Tick)
