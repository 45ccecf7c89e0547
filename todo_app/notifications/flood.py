"""Keeps floods of messages from people, and from providers, who ban those who send them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from todo_app.state_store.port import StateStore

# To one person through one kind of channel; the bell shows everything at once.
LIMITS: tuple[tuple[timedelta, int], ...] = ((timedelta(minutes=1), 30), (timedelta(hours=1), 200))


async def hold_back(
    store: StateStore,
    user_id: UUID,
    kind: str,
    *,
    limits: tuple[tuple[timedelta, int], ...] | None = None,
) -> timedelta:
    """Count a message; how long it has to wait for its turn, no time when it may be sent."""
    for window, most in LIMITS if limits is None else limits:
        key = f"messages:{kind}:{user_id}:{window // timedelta(seconds=1)}"
        if await store.increment(key, ttl=window) > most:
            return window
    return timedelta()
