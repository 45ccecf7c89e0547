"""Statements on SQLite bring their rows with them, however many there are, and fail as they should."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from todo_app.db.engine import create_engine
from todo_app.db.sqlite_driver import ROWS_AT_FIRST

ROWS = 2_500
COUNTED = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT i FROM n"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'rows.db'}")
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        yield connection


@pytest.mark.parametrize("number", [0, 1, ROWS_AT_FIRST - 1, ROWS_AT_FIRST, ROWS_AT_FIRST + 1, ROWS])
async def test_all_rows_come_in_their_order(connection: AsyncConnection, number: int):
    rows = await connection.scalars(text(f"{COUNTED} LIMIT {number}"))

    assert rows.all() == list(range(1, number + 1))


@pytest.mark.parametrize("at_a_time", [1, 7, ROWS_AT_FIRST, ROWS])
async def test_a_stream_brings_each_row_once(connection: AsyncConnection, at_a_time: int):
    counted = text(COUNTED).execution_options(yield_per=at_a_time)

    found = [row.i async for row in await connection.stream(counted)]

    assert found == list(range(1, ROWS + 1))


async def test_a_stream_that_is_left_lets_others_go_on(connection: AsyncConnection):
    stream = await connection.stream(text(COUNTED).execution_options(yield_per=10))
    first = await stream.fetchmany(10)
    await stream.close()

    assert len(first) == 10
    assert (await connection.scalar(text("SELECT 1"))) == 1


async def test_what_a_change_touched_is_counted(connection: AsyncConnection):
    await connection.execute(text("CREATE TABLE t (i INTEGER)"))
    added = await connection.execute(text(f"INSERT INTO t (i) {COUNTED} RETURNING i"))
    changed = await connection.execute(text("UPDATE t SET i = i + 1 WHERE i <= 10"))

    assert len(added.all()) == ROWS
    assert changed.rowcount == 10


async def test_a_wrong_statement_fails_and_the_next_one_does_not(connection: AsyncConnection):
    with pytest.raises(OperationalError, match="no such table"):
        await connection.execute(text("SELECT * FROM elsewhere"))

    assert (await connection.scalar(text("SELECT 1"))) == 1


async def test_a_statement_that_nobody_waits_for_any_more_holds_up_nobody_else(engine: AsyncEngine):
    runs, may_go_on = threading.Event(), threading.Event()
    may_go_on.set()

    def is_to_stop() -> bool:
        runs.set()
        return not may_go_on.is_set()

    async with engine.connect() as slow, engine.connect() as other:
        driver = (await slow.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.set_progress_handler(is_to_stop, 1_000)
        running = asyncio.create_task(slow.execute(text(ENDLESS)))
        assert await asyncio.to_thread(runs.wait, 10)
        running.cancel()
        try:
            async with asyncio.timeout(10):
                assert (await other.scalar(text("SELECT 1"))) == 1
            assert not running.done()
        finally:
            may_go_on.clear()
        with pytest.raises(asyncio.CancelledError):
            await running
