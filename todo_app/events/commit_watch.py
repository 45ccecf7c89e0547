"""Hears of commits by other processes, so that the relay need not wait for its slow poll."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import psycopg
from psycopg import AsyncConnection

from todo_app.db.engine import data_version
from todo_app.db.repositories.outbox import WAKE
from todo_app.events.supervisor import Loop

_LOOK_EVERY_SECONDS = 0.05
_LISTEN_SECONDS = 60.0


class SqliteWatch:
    """Asks SQLite whether any other connection has committed; takes microseconds and no lock."""

    def __init__(self, file: Path, on_commit: Callable[[], None]) -> None:
        self.loop = Loop("commit watch", self.step)
        self._file = file
        self._on_commit = on_commit
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None

    async def step(self) -> float:
        """Look once."""
        if self._connection is None:
            self._connection = sqlite3.connect(
                f"{self._file.resolve().as_uri()}?mode=ro", uri=True, timeout=0
            )
        version = data_version(self._connection)
        if version != self._seen:
            self._seen = version
            self._on_commit()
        return _LOOK_EVERY_SECONDS

    async def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresqlWatch:
    """Listens to the notification that PostgreSQL sends when a transaction with events commits."""

    def __init__(self, url: str, on_commit: Callable[[], None]) -> None:
        self.loop = Loop("commit watch", self.step, interruptible=True)
        self._url = url
        self._on_commit = on_commit
        self._connection: AsyncConnection | None = None

    async def step(self) -> float:
        """Listen for a while; connect first when there is no connection or it broke."""
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
            await self._connection.execute(f"LISTEN {WAKE}")
            # Whatever was committed while nobody listened.
            self._on_commit()
        notifications = self._connection.notifies(timeout=_LISTEN_SECONDS)
        async with aclosing(notifications):
            async for _ in notifications:
                self._on_commit()
        return 0.0

    async def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
