"""What a state store can do: a table in the embedded mode, Dapr's in the distributed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pydantic import JsonValue


class StaleEtag(Exception):
    """The value is another one than the caller knew; read it again."""


class StateStoreUnavailable(Exception):
    """The store is not there, or does not answer in time."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A value, with the mark that changes whenever it is written."""

    value: JsonValue
    etag: str


class StateStore(Protocol):
    """Values by key. A value that has outlived its time is as good as absent.

    Every method may raise ``StateStoreUnavailable``.
    """

    async def get(self, key: str) -> Stored | None:
        """The value of a key, ``None`` when there is none."""

    async def set(self, key: str, value: JsonValue, *, ttl: timedelta) -> None:
        """Store a value for a while, whatever was there."""

    async def set_unless_changed(
        self, key: str, value: JsonValue, *, etag: str | None, ttl: timedelta
    ) -> None:
        """Store a value for a while if the key still has what came with the etag, or nothing without one.

        Raises:
            StaleEtag: when it has something else by now.
        """

    async def delete(self, key: str) -> None:
        """Forget a key."""

    async def increment(self, key: str, *, ttl: timedelta) -> int:
        """Add one to a counter and return it; its life begins with the first one and is not prolonged."""
