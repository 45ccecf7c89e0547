"""The state store as a table of the database, for the embedded mode."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TypeAlias, cast

from pydantic import JsonValue
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import StoredValue
from todo_app.db.tables import table_of
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.state_store.port import StaleEtag, Stored

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


class TableStateStore:
    """Each call is a transaction of its own, so that a throttle counts even when the command fails."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, key: str) -> Stored | None:
        """The value of a key, ``None`` when there is none."""
        async with self._work.read() as uow:
            row = await self._row(uow, key)
            return Stored(_value(row), str(row.etag)) if row else None

    async def set(self, key: str, value: JsonValue, *, ttl: timedelta) -> None:
        """Store a value for a while, whatever was there."""
        async with self._work.write() as uow:
            change = {
                "value": json.dumps(value),
                "etag": col(StoredValue.etag) + 1,
                "expires_at": uow.now + ttl,
            }
            insert = _insert(uow, key, value, ttl=ttl)
            await uow.session.execute(insert.on_conflict_do_update(index_elements=["key"], set_=change))

    async def set_unless_changed(
        self, key: str, value: JsonValue, *, etag: str | None, ttl: timedelta
    ) -> None:
        """Store a value for a while if the key still has what came with the etag, or nothing without one.

        Raises:
            StaleEtag: when it has something else by now.
        """
        async with self._work.write() as uow:
            row = await self._row(uow, key)
            if row is None:
                if etag is not None or not await self._begin(uow, key, value, ttl=ttl):
                    raise StaleEtag(key)
                return
            if str(row.etag) != etag:
                raise StaleEtag(key)
            row.value, row.etag, row.expires_at = json.dumps(value), row.etag + 1, uow.now + ttl

    async def delete(self, key: str) -> None:
        """Forget a key."""
        async with self._work.write() as uow:
            await uow.session.execute(delete(StoredValue).where(col(StoredValue.key) == key))

    async def increment(self, key: str, *, ttl: timedelta) -> int:
        """Add one to a counter and return it; its life begins with the first one and is not prolonged."""
        async with self._work.write() as uow:
            # One that somebody else begins at the same time is waited for.
            await self._begin(uow, key, 0, ttl=ttl)
            row = await self._row(uow, key)
            if row is None:  # over by now, within the moment
                return 1
            count = cast("int", _value(row)) + 1
            row.value, row.etag = json.dumps(count), row.etag + 1
            return count

    async def _begin(self, uow: UnitOfWork, key: str, value: JsonValue, *, ttl: timedelta) -> bool:
        """Store a value where none is that lives; whether there was none."""
        over = (col(StoredValue.key) == key) & (col(StoredValue.expires_at) <= uow.now)
        await uow.session.execute(delete(StoredValue).where(over))
        insert = _insert(uow, key, value, ttl=ttl).on_conflict_do_nothing().returning(col(StoredValue.key))
        return (await uow.session.execute(insert)).first() is not None

    async def _row(self, uow: UnitOfWork, key: str) -> StoredValue | None:
        query = select(StoredValue).where(col(StoredValue.key) == key, col(StoredValue.expires_at) > uow.now)
        return (await uow.session.scalars(locked(uow.session, query))).one_or_none()


def _insert(uow: UnitOfWork, key: str, value: JsonValue, *, ttl: timedelta) -> Insert:
    table = table_of(StoredValue)
    insert = postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table).values(key=key, value=json.dumps(value), etag=1, expires_at=uow.now + ttl)


def _value(row: StoredValue) -> JsonValue:
    value: JsonValue = json.loads(row.value)
    return value
