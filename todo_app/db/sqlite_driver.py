"""SQLite for the event loop: a statement with its rows is one trip to the connection's thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, cast

import aiosqlite
from aiosqlite.context import contextmanager

# More than a page; the rest of a longer answer is fetched when it is asked for, so that streams stay small.
ROWS_AT_FIRST = 128

Rows = Sequence[sqlite3.Row]


def connect(file: str, **options: Any) -> Connection:
    """A connection to be awaited; the options are those of ``sqlite3.connect``."""
    connection = Connection(partial(sqlite3.connect, file, **options), iter_chunk_size=ROWS_AT_FIRST)
    # A process that ends waits for nobody; SQLite rolls back what is not committed.
    connection._thread.daemon = True  # noqa: SLF001  # as SQLAlchemy does with the connections it makes
    return connection


class Connection(aiosqlite.Connection):
    """A connection whose cursors go there and back once.

    Those of the library go to the thread to be made, to execute, to fetch and to be closed, which takes
    longer than most of our statements.
    """

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """A cursor; to make one touches nothing that the thread may be using."""
        return Cursor(self, self._conn.cursor())


class Cursor(aiosqlite.Cursor):
    """Has the first rows as soon as its statement has run."""

    _waiting: Rows = ()
    # Whether the statement has no more to say; before that its cursor is the thread's.
    _is_over = True

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Cursor:
        """Run a statement."""
        values, self._is_over = tuple(parameters or ()), False
        self._waiting = await self._on_thread(
            lambda: self._cursor.execute(sql, values).fetchmany(ROWS_AT_FIRST)
        )
        self._is_over = len(self._waiting) < ROWS_AT_FIRST
        return self

    async def fetchone(self) -> sqlite3.Row | None:
        """The next row."""
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> Rows:
        """The next rows, at most so many."""
        at_most = size or self.arraysize
        if not self._waiting:
            return await self._on_thread(lambda: self._cursor.fetchmany(at_most))
        rows, self._waiting = self._waiting[:at_most], self._waiting[at_most:]
        return rows

    async def fetchall(self) -> Rows:
        """All rows that are left."""
        rows, self._waiting = self._waiting, ()
        return rows if self._is_over else [*rows, *await self._on_thread(self._cursor.fetchall)]

    async def close(self) -> None:
        """Let go of what was not fetched."""
        self._waiting = ()
        if self._is_over:
            self._cursor.close()
        else:
            await super().close()

    async def _on_thread(self, work: Callable[[], Rows]) -> Rows:
        return cast("Rows", await self._execute(work))  # type: ignore[no-untyped-call]  # the library's own
