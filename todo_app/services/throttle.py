"""Slowing down those who guess: a few attempts per address and per network address, then a pause."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from todo_app.domain.errors import TooManyAttempts
from todo_app.state_store.port import StateStore

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_NETWORK_ADDRESS = 10, 60


async def count_attempt(store: StateStore, *, what: str, account: str, network_address: str) -> None:
    """Count an attempt.

    Raises:
        TooManyAttempts: when there were too many for this account or from this network address.
    """
    attempts = await store.increment(_account_key(what, account), ttl=WINDOW)
    from_there = await store.increment(f"throttle:{what}:from:{network_address}", ttl=WINDOW)
    if attempts > PER_ACCOUNT or from_there > PER_NETWORK_ADDRESS:
        raise TooManyAttempts(retry_after=int(WINDOW.total_seconds()))


async def forget_attempts(store: StateStore, *, what: str, account: str) -> None:
    """Start afresh for an account after its owner has shown that they know the password."""
    await store.delete(_account_key(what, account))


def _account_key(what: str, account: str) -> str:
    # A digest: somebody who reads the table learns of no account.
    digest = hashlib.sha256(account.strip().casefold().encode()).hexdigest()[:32]
    return f"throttle:{what}:account:{digest}"
