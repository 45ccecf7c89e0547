"""Two state stores in one: the second stands in while the first is away, so that users keep working."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from pydantic import JsonValue

from todo_app.state_store.port import StateStore, StateStoreUnavailable, Stored

logger = logging.getLogger(__name__)

# Not every log-in waits for a store that does not answer.
_AWAY_FOR_SECONDS = 5.0

_Result = TypeVar("_Result")


class FallbackStateStore:
    """What one store holds the other does not know: counters begin anew, which a throttle can live with.

    Args:
        first: The store to use.
        second: The one to use for a while when the first is not available.
        now: Seconds that go on evenly.
    """

    def __init__(
        self, first: StateStore, second: StateStore, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._first = first
        self._second = second
        self._now = now
        self._away_until = float("-inf")

    async def get(self, key: str) -> Stored | None:
        """The value of a key, ``None`` when there is none."""
        return await self._do(lambda store: store.get(key))

    async def set(self, key: str, value: JsonValue, *, ttl: timedelta) -> None:
        """Store a value for a while, whatever was there."""
        await self._do(lambda store: store.set(key, value, ttl=ttl))

    async def set_unless_changed(
        self, key: str, value: JsonValue, *, etag: str | None, ttl: timedelta
    ) -> None:
        """Store a value for a while if the key still has what came with the etag, or nothing without one.

        Raises:
            StaleEtag: when it has something else by now, or the etag is the other store's.
        """
        await self._do(lambda store: store.set_unless_changed(key, value, etag=etag, ttl=ttl))

    async def delete(self, key: str) -> None:
        """Forget a key."""
        await self._do(lambda store: store.delete(key))

    async def increment(self, key: str, *, ttl: timedelta) -> int:
        """Add one to a counter and return it; its life begins with the first one and is not prolonged."""
        return await self._do(lambda store: store.increment(key, ttl=ttl))

    async def _do(self, call: Callable[[StateStore], Awaitable[_Result]]) -> _Result:
        if self._now() < self._away_until:
            return await call(self._second)
        try:
            return await call(self._first)
        except StateStoreUnavailable as error:
            logger.warning("The database keeps state for now. %s", error)
            self._away_until = self._now() + _AWAY_FOR_SECONDS
            return await call(self._second)
