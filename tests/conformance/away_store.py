"""A state store that is not there whenever a test says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from todo_app.state_store.port import StateStore, StateStoreUnavailable, Stored


class SometimesAway:
    """Passes everything on to another store while it is there."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self.is_away = False
        self.calls = 0

    async def get(self, key: str) -> Stored | None:
        return await self._reached().get(key)

    async def set(self, key: str, value: Any, *, ttl: timedelta) -> None:
        await self._reached().set(key, value, ttl=ttl)

    async def set_unless_changed(self, key: str, value: Any, *, etag: str | None, ttl: timedelta) -> None:
        await self._reached().set_unless_changed(key, value, etag=etag, ttl=ttl)

    async def delete(self, key: str) -> None:
        await self._reached().delete(key)

    async def increment(self, key: str, *, ttl: timedelta) -> int:
        return await self._reached().increment(key, ttl=ttl)

    def _reached(self) -> StateStore:
        self.calls += 1
        if self.is_away:
            raise StateStoreUnavailable("It is away.")
        return self._store
