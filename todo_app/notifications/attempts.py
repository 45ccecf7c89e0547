"""What became of an attempt, written down the same way whatever is delivered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from todo_app.domain.events import Actor, ActorKind
from todo_app.notifications.port import Gone, NotSent, Refused, TryLater

ACTOR = Actor(kind=ActorKind.WORKER, name="notifications")
# The reason of a notification that tells somebody that a way out of theirs does not work.
PROBLEM = "problem"
ERROR_MAX = 500

# Asked before each message, with the user and the kind, how long it has to wait for its turn.
Hold = Callable[[UUID, str], Awaitable[timedelta]]


class Attempted(Protocol):
    """What a delivery of any kind keeps about its attempts."""

    attempts: int
    next_attempt_at: datetime | None
    claimed_by: str | None
    claimed_until: datetime | None
    error: str


class Claimed(Protocol):
    """A delivery that was claimed, with what it takes to make it."""

    @property
    def delivery(self) -> Attempted:
        """A row of its kind's own table."""
        ...


_Parcel = TypeVar("_Parcel", bound=Claimed)


def settle(delivery: Attempted, *, error: str = "") -> None:
    """There is no further attempt."""
    delivery.next_attempt_at = delivery.claimed_by = delivery.claimed_until = None
    delivery.error = error


def again(delivery: Attempted, *, at: datetime, error: str) -> None:
    """The next attempt is made then, by whoever claims it."""
    delivery.next_attempt_at, delivery.error = at, error
    delivery.claimed_by = delivery.claimed_until = None


def still_needed(claimed: Iterable[_Parcel], needless: Callable[[_Parcel], str]) -> list[_Parcel]:
    """What is to be sent; the rest, of which ``needless`` says why, is settled."""
    parcels = []
    for parcel in claimed:
        if reason := needless(parcel):
            settle(parcel.delivery, error=reason)
        else:
            parcels.append(parcel)
    return parcels


def planned_pause(attempts: int, failure: NotSent, pauses: Sequence[timedelta]) -> timedelta | None:
    """The pause after so many attempts, the last of which failed; none when there is no further one."""
    if isinstance(failure, Refused | Gone) or attempts > len(pauses):
        return None
    return pauses[attempts - 1]


def asked_pause(failure: NotSent) -> timedelta:
    """For how long the other side has asked to be left alone."""
    return failure.after if isinstance(failure, TryLater) and failure.after else timedelta()
