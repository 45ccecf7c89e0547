"""The database engine, set up so that SQLite and PostgreSQL keep the same promises."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from todo_app import owner_only
from todo_app.db import sqlite_driver

# An execution option of connections that will write: they take SQLite's write lock at BEGIN, since a
# lock taken halfway through a transaction can't be waited for.
WRITES = "punctual_writes"
# An execution option of writing connections whose transaction would be done again after a power cut, so
# that it need not wait for the disk. It can't outlive an earlier one that was lost: both databases lose
# the end of their log, never a part in the middle. See docs/decisions/0021-follow-up-transactions.md.
FOLLOW_UP = "punctual_follow_up"

# What says that the database is away or busy, which is no fault of whoever asked.
AWAY = (OperationalError, InterfaceError, PoolExhausted)

_BUSY_TIMEOUT_MS = 15_000
_CONNECT_TIMEOUT_SECONDS = 5
_POOL_TIMEOUT_SECONDS = 10
# A statement that runs away, and a transaction whose process hangs, let go of what they hold; what waits for
# a row gives up as it does on SQLite.
_POSTGRESQL_OPTIONS = " ".join(
    f"-c {name}={milliseconds}"
    for name, milliseconds in {
        "statement_timeout": 30_000,
        "idle_in_transaction_session_timeout": 60_000,
        "lock_timeout": _BUSY_TIMEOUT_MS,
    }.items()
)
_SYNCHRONOUS = "punctual_synchronous"
_PRAGMAS = (
    "journal_mode = WAL",
    # An acknowledged command survives a power cut: every commit reaches the disk.
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {_BUSY_TIMEOUT_MS}",
    "cache_size = -16000",
    "temp_store = MEMORY",
)


def options_for_reading(engine: AsyncEngine) -> dict[str, Any]:
    """Execution options of connections that only look: what they see is of one instant.

    SQLite does so by itself. PostgreSQL would show each statement what was committed before it.
    """
    if engine.dialect.name != "postgresql":
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def create_engine(url: str) -> AsyncEngine:
    """An async engine for a ``sqlite+aiosqlite`` or ``postgresql+psycopg`` URL."""
    if url.startswith("sqlite"):
        return _sqlite_engine(url)
    engine = create_async_engine(
        url,
        # For two processes of the web app and four workers within PostgreSQL's default of 100 connections.
        pool_size=8,
        max_overflow=6,
        pool_timeout=_POOL_TIMEOUT_SECONDS,
        # A connection that was lost is found out before it is used.
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_SECONDS, "options": _POSTGRESQL_OPTIONS},
    )
    event.listen(engine.sync_engine, "begin", _begin_postgresql_transaction)
    return engine


def _sqlite_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=5, max_overflow=5, connect_args={"async_creator_fn": sqlite_driver.connect}
    )
    event.listen(engine.sync_engine, "do_connect", _make_sqlite_file)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite_connection)
    event.listen(engine.sync_engine, "begin", _begin_sqlite_transaction)
    return engine


def _make_sqlite_file(_: Dialect, __: ConnectionPoolEntry, arguments: list[Any], ___: dict[str, Any]) -> None:
    owner_only.make_database(Path(arguments[0]))


def _prepare_sqlite_connection(connection: Any, _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, and not before a SELECT; we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(WRITES, False):
        _set_sqlite_durability(connection, "NORMAL" if options.get(FOLLOW_UP, False) else "FULL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _set_sqlite_durability(connection: Connection, level: str) -> None:
    # SQLite keeps the level per connection, and refuses to change it once a transaction has begun.
    if connection.info.get(_SYNCHRONOUS, "FULL") != level:
        connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
        connection.info[_SYNCHRONOUS] = level


def _begin_postgresql_transaction(connection: Connection) -> None:
    if connection.get_execution_options().get(FOLLOW_UP, False):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def data_version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection has committed to the file."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
