"""What a state store can do; a table in the embedded mode."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from pydantic import JsonValue


class StateStore(Protocol):
    """Values by key. A value that has outlived its time is as good as absent."""

    async def get(self, key: str) -> JsonValue:
        """The value of a key, ``None`` when there is none."""

    async def set(self, key: str, value: JsonValue, *, ttl: timedelta) -> None:
        """Store a value for a while, whatever was there."""

    async def delete(self, key: str) -> None:
        """Forget a key."""

    async def increment(self, key: str, *, ttl: timedelta) -> int:
        """Add one to a counter and return it; its life begins with the first one and is not prolonged."""
