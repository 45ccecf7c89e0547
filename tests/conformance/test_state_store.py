"""The state store as a table, on SQLite and PostgreSQL, and as what stands in for another one."""

from __future__ import annotations

import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.conformance.away_store import SometimesAway
from tests.conformance.state_store_suite import StateStoreSuite
from tests.notifications.scene import Clock
from todo_app.bootstrap import bootstrap
from todo_app.db.engine import create_engine
from todo_app.db.unit_of_work import Work
from todo_app.domain.errors import TooManyAttempts
from todo_app.services.throttle import PER_ACCOUNT, count_attempt
from todo_app.settings import Settings
from todo_app.state_store.fallback import FallbackStateStore
from todo_app.state_store.port import StaleEtag, StateStore
from todo_app.state_store.table import TableStateStore

HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 7, 15, 7, tzinfo=UTC))


@pytest.fixture
async def table(settings: Settings, clock: Clock) -> AsyncIterator[StateStore]:
    engine = create_engine(settings.async_database_url)
    yield TableStateStore(Work(engine, clock=clock))
    await engine.dispose()


class TestTable(StateStoreSuite):
    @pytest.fixture
    def store(self, table: StateStore) -> StateStore:
        return table


@dataclass
class Pair:
    """A store that may be away and the one in front of it, with the seconds that it goes by."""

    first: SometimesAway
    store: FallbackStateStore
    seconds: float = 0.0


@pytest.fixture
async def pair(sqlite_template: Path, tmp_path: Path, clock: Clock) -> AsyncIterator[Pair]:
    files = [shutil.copyfile(sqlite_template, tmp_path / name) for name in ("first.db", "second.db")]
    engines = [create_engine(f"sqlite+aiosqlite:///{file}") for file in files]
    first, second = (TableStateStore(Work(engine, clock=clock)) for engine in engines)
    away = SometimesAway(first)
    pair = Pair(away, FallbackStateStore(away, second, now=lambda: pair.seconds))
    yield pair
    for engine in engines:
        await engine.dispose()


class TestFallback(StateStoreSuite):
    @pytest.fixture(params=["there", "away"])
    def store(self, request: pytest.FixtureRequest, pair: Pair) -> StateStore:
        pair.first.is_away = request.param == "away"
        return pair.store


async def test_a_store_that_is_away_is_asked_again_after_a_while(pair: Pair) -> None:
    await pair.store.set("key", "first", ttl=HOUR)
    pair.first.is_away = True
    await pair.store.set("key", "second", ttl=HOUR)
    pair.first.is_away = False

    pair.seconds += 4.9
    assert [await value(pair), pair.first.calls] == ["second", 2]
    pair.seconds += 0.1
    assert [await value(pair), pair.first.calls] == ["first", 3]


async def test_a_stale_etag_is_no_reason_to_ask_the_other_store(pair: Pair) -> None:
    await pair.store.set("key", "first", ttl=HOUR)

    with pytest.raises(StaleEtag):
        await pair.store.set_unless_changed("key", "mine", etag=None, ttl=HOUR)

    assert await value(pair) == "first"


async def test_while_the_sidecar_is_away_the_database_counts(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    away = settings.model_copy(update={"mode": "dapr", "dapr_grpc_port": port})
    application = bootstrap(away)
    count = partial(
        count_attempt, application.state_store, what="login", account="ada", network_address="::1"
    )

    for _ in range(PER_ACCOUNT):
        await count()
    with pytest.raises(TooManyAttempts):
        await count()
    await application.close()


async def value(pair: Pair) -> object:
    stored = await pair.store.get("key")
    return stored and stored.value
