"""The state store behind the sidecar, on PostgreSQL or Redis, for the distributed mode."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import grpc
from dapr.aio.clients.grpc.client import DaprGrpcClientAsync
from dapr.clients.exceptions import DaprInternalError
from dapr.clients.grpc._state import Concurrency, StateOptions
from pydantic import JsonValue

from todo_app.db.unit_of_work import Clock
from todo_app.sidecar import Sidecar, SidecarUnavailable, status_of
from todo_app.state_store.port import StaleEtag, StateStoreUnavailable, Stored

COMPONENT = "statestore"
# Somebody waits for what is counted here.
DEADLINE = timedelta(seconds=2)

_FIRST_WRITE = StateOptions(concurrency=Concurrency.first_write)
_LONGEST_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store holds for a key, perhaps a little longer than it lives."""

    value: JsonValue
    etag: str
    expires_at: datetime


class DaprStateStore:
    """Keeps each value with its end: stores count in whole seconds, and the SDK does not tell what is left.

    Every write names the etag that it replaces. A store on Redis refuses any other for a key that was once
    written so.
    """

    def __init__(self, sidecar: Sidecar, clock: Clock) -> None:
        self._sidecar = sidecar
        self._clock = clock

    async def get(self, key: str) -> Stored | None:
        """The value of a key, ``None`` when there is none."""
        async with self._calling() as client:
            found = await _read(client, key)
        return Stored(found.value, found.etag) if found and self._lives(found) else None

    async def set(self, key: str, value: JsonValue, *, ttl: timedelta) -> None:
        """Store a value for a while, whatever was there."""
        async with self._calling() as client:
            while True:
                found = await _read(client, key)
                with contextlib.suppress(StaleEtag):
                    return await self._write(client, key, value, over=found, expires_at=self._clock() + ttl)
                await _let_others_finish()

    async def set_unless_changed(
        self, key: str, value: JsonValue, *, etag: str | None, ttl: timedelta
    ) -> None:
        """Store a value for a while if the key still has what came with the etag, or nothing without one.

        Raises:
            StaleEtag: when it has something else by now.
        """
        async with self._calling() as client:
            found = await _read(client, key)
            if (found.etag if found and self._lives(found) else None) != etag:
                raise StaleEtag(key)
            await self._write(client, key, value, over=found, expires_at=self._clock() + ttl)

    async def delete(self, key: str) -> None:
        """Forget a key."""
        async with self._calling() as client:
            await client.delete_state(COMPONENT, key)

    async def increment(self, key: str, *, ttl: timedelta) -> int:
        """Add one to a counter and return it; its life begins with the first one and is not prolonged."""
        async with self._calling() as client:
            while True:
                found = await _read(client, key)
                count, expires_at = 1, self._clock() + ttl
                if found and self._lives(found):
                    count, expires_at = cast("int", found.value) + 1, found.expires_at
                with contextlib.suppress(StaleEtag):
                    await self._write(client, key, count, over=found, expires_at=expires_at)
                    return count
                await _let_others_finish()

    @contextlib.asynccontextmanager
    async def _calling(self) -> AsyncIterator[DaprGrpcClientAsync]:
        try:
            async with self._sidecar.calling(DEADLINE) as client:
                yield client
        except (SidecarUnavailable, grpc.RpcError, DaprInternalError) as error:
            raise StateStoreUnavailable(f"The state store {COMPONENT} can't be used: {error}") from error

    def _lives(self, found: _Found) -> bool:
        return found.expires_at > self._clock()

    async def _write(
        self,
        client: DaprGrpcClientAsync,
        key: str,
        value: JsonValue,
        *,
        over: _Found | None,
        expires_at: datetime,
    ) -> None:
        seconds = math.ceil((expires_at - self._clock()).total_seconds())
        try:
            await client.save_state(
                COMPONENT,
                key,
                json.dumps({"value": value, "expires_at": expires_at.isoformat()}),
                etag=over.etag if over else None,
                options=_FIRST_WRITE,
                state_metadata={"ttlInSeconds": str(max(1, seconds))},
            )
        except DaprInternalError as error:
            # Redis has no name for the failure of a write that had to be the first.
            beaten = over is None and await _read(client, key) is not None
            if beaten or status_of(error) is grpc.StatusCode.ABORTED:
                raise StaleEtag(key) from error
            raise


async def _read(client: DaprGrpcClientAsync, key: str) -> _Found | None:
    response = await client.get_state(COMPONENT, key)
    if not response.data:
        return None
    held = json.loads(response.data)
    return _Found(held["value"], response.etag, datetime.fromisoformat(held["expires_at"]))


async def _let_others_finish() -> None:
    await asyncio.sleep(random.uniform(0, _LONGEST_PAUSE))  # noqa: S311 - nobody gains by guessing it
