"""A real sidecar that dies, hangs, comes back, and refuses those without its token."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest

from tests.distributed.sidecars import RunningSidecar, component, run_sidecar
from todo_app.settings import Settings
from todo_app.sidecar import Sidecar, SidecarUnavailable, status_of

MEMORY = component("memory", "state.in-memory")
DEADLINE = timedelta(seconds=1)
# Of a connection that is tried again once a second.
BACK_SECONDS = 2.5


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningSidecar]:
    with run_sidecar(tmp_path, "todo-web", [MEMORY]) as running:
        yield running


@pytest.fixture
async def sidecar(running: RunningSidecar) -> AsyncIterator[Sidecar]:
    sidecar = Sidecar(running.settings)
    yield sidecar
    await sidecar.close()


async def save(sidecar: Sidecar) -> None:
    async with sidecar.calling(DEADLINE) as client:
        await client.save_state("memory", "key", "value")


async def save_when_it_is_back(sidecar: Sidecar) -> float:
    """The seconds until a call succeeded."""
    began = time.monotonic()
    while True:
        try:
            await save(sidecar)
        except SidecarUnavailable:
            await asyncio.sleep(0.05)
        else:
            return time.monotonic() - began


async def test_a_sidecar_that_died_is_used_again_soon_after_it_is_back(
    running: RunningSidecar, sidecar: Sidecar
) -> None:
    await save(sidecar)
    running.process.kill()
    # Long enough for gRPC to pause for many seconds, were it left to itself.
    away_until = time.monotonic() + 12
    while time.monotonic() < away_until:
        with pytest.raises(SidecarUnavailable):
            await save(sidecar)
        await asyncio.sleep(0.05)

    running.process.start()
    await asyncio.to_thread(running.process.wait_until_ready)

    assert await save_when_it_is_back(sidecar) < BACK_SECONDS


async def test_a_sidecar_that_hangs_costs_a_deadline_and_is_used_again_when_it_goes_on(
    running: RunningSidecar, sidecar: Sidecar
) -> None:
    await save(sidecar)
    running.process.pause()
    began = time.monotonic()
    with pytest.raises(SidecarUnavailable, match="1 s"):
        await save(sidecar)
    assert time.monotonic() - began < 2 * DEADLINE.total_seconds()

    running.process.resume()

    assert await save_when_it_is_back(sidecar) < BACK_SECONDS


async def test_without_its_token_it_answers_nothing(running: RunningSidecar) -> None:
    ports = running.settings.model_dump(include={"dapr_grpc_port", "dapr_http_port"})
    for token in (None, "another token"):
        stranger = Sidecar(Settings(_env_file=None, dapr_api_token=token, **ports))
        with pytest.raises(grpc.RpcError) as caught:
            await read(stranger)
        assert status_of(caught.value) is grpc.StatusCode.UNAUTHENTICATED
        await stranger.close()


async def read(sidecar: Sidecar) -> None:
    async with sidecar.calling(DEADLINE) as client:
        await client.get_state("memory", "key")
