"""How many tokens of a model each person has used today."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from todo_app.state_store.port import StaleEtag, StateStore

_KEPT_FOR = timedelta(days=2)
_ATTEMPTS = 5


async def spent(store: StateStore, user_id: UUID, day: date) -> int:
    """The tokens that a person has used on a day."""
    stored = await store.get(_key(user_id, day))
    return stored.value if stored is not None and isinstance(stored.value, int) else 0


async def spend(store: StateStore, user_id: UUID, day: date, tokens: int) -> None:
    """Add to them; another turn of the same person at the same moment is not lost."""
    for _ in range(_ATTEMPTS):
        stored = await store.get(_key(user_id, day))
        before = stored.value if stored is not None and isinstance(stored.value, int) else 0
        etag = stored.etag if stored is not None else None
        try:
            return await store.set_unless_changed(
                _key(user_id, day), before + tokens, etag=etag, ttl=_KEPT_FOR
            )
        except StaleEtag:
            continue
    return None


def _key(user_id: UUID, day: date) -> str:
    return f"assistant:tokens:{user_id}:{day}"
