"""How many requests a program or a page may make in a minute, counted across all processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from todo_app.db.unit_of_work import Clock
from todo_app.domain.errors import TooManyRequests
from todo_app.state_store.port import StateStore

WINDOW_SECONDS = 60
# A process takes so many portions of a minute's requests from the store, not each request by itself.
_PORTIONS = 50
_KEPT_FOR = timedelta(seconds=2 * WINDOW_SECONDS)


@dataclass(frozen=True, slots=True)
class Budget:
    """How many requests a minute has, how many are left as far as this process knows, and until when."""

    limit: int
    remaining: int
    resets_in: int


@dataclass(slots=True)
class _Taken:
    """What this process has of somebody's minute."""

    left: int
    portions: int = 1
    is_used_up: bool = False


class RateLimits:
    """Counts requests by who makes them.

    The first portion is every process's own, so that whoever asks for little never waits for the store; so
    several processes together may allow that much more.

    Args:
        store: Where processes tell each other what they have taken.
        clock: The time.
        per_minute: How many requests anybody may make; a few less when that is no multiple of a portion.
    """

    def __init__(self, store: StateStore, clock: Clock, *, per_minute: int) -> None:
        self._store = store
        self._clock = clock
        self._portion = max(1, per_minute // _PORTIONS)
        self._portions = per_minute // self._portion
        self._window = 0
        self._taken: dict[str, _Taken] = {}

    async def take(self, who: str) -> Budget:
        """Count a request; what is left after it.

        Raises:
            TooManyRequests: when there is nothing left.
        """
        taken = self._of_now(who)
        if taken.left == 0 and not taken.is_used_up:
            await self._take_portion(who, taken)
        if taken.left == 0:
            raise TooManyRequests(retry_after=self._resets_in())
        taken.left -= 1
        return self._budget(taken)

    def used_up(self) -> Budget:
        """The budget of somebody who has nothing left."""
        return self._budget(_Taken(left=0, portions=self._portions))

    def _of_now(self, who: str) -> _Taken:
        window = int(self._clock().timestamp()) // WINDOW_SECONDS
        if window != self._window:
            self._window, self._taken = window, {}
        return self._taken.setdefault(who, _Taken(left=self._portion))

    async def _take_portion(self, who: str, taken: _Taken) -> None:
        # A digest: somebody who reads the store learns of no token.
        digest = hashlib.sha256(who.encode()).hexdigest()[:32]
        count = 1 + await self._store.increment(f"rate:{digest}:{self._window}", ttl=_KEPT_FOR)
        if count > self._portions:
            taken.is_used_up = True
            return
        taken.portions = count
        taken.left += self._portion

    def _budget(self, taken: _Taken) -> Budget:
        remaining = (self._portions - taken.portions) * self._portion + taken.left
        return Budget(self._portions * self._portion, remaining, self._resets_in())

    def _resets_in(self) -> int:
        return WINDOW_SECONDS - int(self._clock().timestamp()) % WINDOW_SECONDS
