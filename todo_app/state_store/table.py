"""The state store as a table of the database, for the embedded mode."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import cast

from pydantic import JsonValue
from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import StoredValue
from todo_app.db.unit_of_work import UnitOfWork, Work


class TableStateStore:
    """Each call is a transaction of its own, so that a throttle counts even when the command fails."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, key: str) -> JsonValue:
        """The value of a key, ``None`` when there is none."""
        async with self._work.read() as uow:
            row = await self._row(uow, key)
            return _value(row) if row else None

    async def set(self, key: str, value: JsonValue, *, ttl: timedelta) -> None:
        """Store a value for a while, whatever was there."""
        async with self._work.write() as uow:
            await uow.session.merge(StoredValue(key=key, value=json.dumps(value), expires_at=uow.now + ttl))

    async def delete(self, key: str) -> None:
        """Forget a key."""
        async with self._work.write() as uow:
            await uow.session.execute(delete(StoredValue).where(col(StoredValue.key) == key))

    async def increment(self, key: str, *, ttl: timedelta) -> int:
        """Add one to a counter and return it; its life begins with the first one and is not prolonged."""
        async with self._work.write() as uow:
            await self._begin(uow, key, ttl=ttl)
            row = await self._row(uow, key)
            if row is None:  # over by now, within the moment
                return 1
            count = cast("int", _value(row)) + 1
            row.value = json.dumps(count)
            return count

    async def _begin(self, uow: UnitOfWork, key: str, *, ttl: timedelta) -> None:
        """Make sure that there is a counter; one that somebody else makes at the same time is waited for."""
        table: Table = StoredValue.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
        dialect = postgresql if uow.session.get_bind().dialect.name == "postgresql" else sqlite
        row = {"key": key, "value": "0", "etag": 1, "expires_at": uow.now + ttl}
        over = (col(StoredValue.key) == key) & (col(StoredValue.expires_at) <= uow.now)
        await uow.session.execute(delete(StoredValue).where(over))
        await uow.session.execute(dialect.insert(table).values(row).on_conflict_do_nothing())

    async def _row(self, uow: UnitOfWork, key: str) -> StoredValue | None:
        query = select(StoredValue).where(col(StoredValue.key) == key, col(StoredValue.expires_at) > uow.now)
        return (await uow.session.scalars(locked(uow.session, query))).one_or_none()


def _value(row: StoredValue) -> JsonValue:
    value: JsonValue = json.loads(row.value)
    return value
