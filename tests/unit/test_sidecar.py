"""Talking to a sidecar that is not there, or does not answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from todo_app.settings import Settings
from todo_app.sidecar import Sidecar, SidecarUnavailable

DEADLINE = timedelta(seconds=1)


class Heartbeat:
    """Notes the longest time for which the event loop did nothing else."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._longest = 0.0

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            self._longest, self._last = self.longest_pause, time.monotonic()

    @property
    def longest_pause(self) -> float:
        """In seconds; one that has not ended yet counts."""
        return max(self._longest, time.monotonic() - self._last)


@pytest.fixture
async def heartbeat() -> AsyncIterator[Heartbeat]:
    heartbeat = Heartbeat()
    task = asyncio.create_task(heartbeat.beat())
    yield heartbeat
    task.cancel()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers, as a stopped process does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextlib.asynccontextmanager
async def sidecar_at(port: int) -> AsyncIterator[Sidecar]:
    sidecar = Sidecar(Settings(_env_file=None, dapr_grpc_port=port, dapr_http_port=port))
    yield sidecar
    await sidecar.close()


async def get_state(sidecar: Sidecar) -> None:
    async with sidecar.calling(DEADLINE) as client:
        await client.get_state("statestore", "key")


async def save_state(sidecar: Sidecar) -> None:
    async with sidecar.calling(DEADLINE) as client:
        await client.save_state("statestore", "key", "value")


async def get_secret(sidecar: Sidecar) -> None:
    async with sidecar.calling(DEADLINE) as client:
        await client.get_secret("secrets", "key")


async def publish(sidecar: Sidecar) -> None:
    async with sidecar.calling(DEADLINE) as client:
        await client.publish_events("pubsub", "topic", ["event"])


async def invoke(sidecar: Sidecar) -> None:
    async with sidecar.invoking(DEADLINE) as client:
        await client.invoke_method_async("app", "method", b"", http_verb="POST")


@pytest.fixture(params=[get_state, save_state, get_secret, publish, invoke], ids=lambda call: call.__name__)
def call(request: pytest.FixtureRequest) -> Callable[[Sidecar], Awaitable[None]]:
    call: Callable[[Sidecar], Awaitable[None]] = request.param
    return call


async def test_a_sidecar_that_is_not_there_is_one_kind_of_error(
    call: Callable[[Sidecar], Awaitable[None]], closed_port: int, heartbeat: Heartbeat
) -> None:
    async with sidecar_at(closed_port) as sidecar:
        with pytest.raises(SidecarUnavailable):
            await call(sidecar)

    assert heartbeat.longest_pause < DEADLINE.total_seconds() / 2


async def test_a_sidecar_that_does_not_answer_costs_the_deadline_and_blocks_nothing(
    call: Callable[[Sidecar], Awaitable[None]], silent_port: int, heartbeat: Heartbeat
) -> None:
    async with sidecar_at(silent_port) as sidecar:
        before = time.monotonic()
        with pytest.raises(SidecarUnavailable):
            await call(sidecar)

    assert time.monotonic() - before < 2 * DEADLINE.total_seconds()
    assert heartbeat.longest_pause < DEADLINE.total_seconds() / 2


async def test_making_one_connects_nowhere(closed_port: int) -> None:
    async with sidecar_at(closed_port):
        pass
