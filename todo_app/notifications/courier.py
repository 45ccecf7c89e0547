"""Carries deliveries out: claims what is due, sends it, notes what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar
from uuid import UUID, uuid4

from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.events.supervisor import Loop
from todo_app.notifications.port import NotSent, TryLater

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 5.0
_STOP_SECONDS = 3.0

Told = Callable[[UUID], None]


class Parcel(Protocol):
    """A claimed delivery with all that is needed to send it."""

    @property
    def id(self) -> UUID:
        """The delivery's."""
        ...

    @property
    def user_id(self) -> UUID:
        """Whose it is."""
        ...


P = TypeVar("P", bound=Parcel)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is done at once, and for how long.

    A lease outlasts the deadline by far, so that nobody else sends what is still being sent here.
    """

    at_once: int = 8
    deadline: timedelta = timedelta(seconds=30)
    lease: timedelta = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who claims deliveries, until when, and how many at most."""

    owner: str
    until: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class Outcome(Generic[P]):
    """What came of a delivery; no failure when it was sent."""

    parcel: P
    failure: NotSent | None


class Desk(Protocol[P]):
    """Where a courier gets deliveries of one kind, and gives account of them."""

    @property
    def name(self) -> str:
        """What kind it is."""
        ...

    async def next_at(self, uow: UnitOfWork) -> datetime | None:
        """When the next delivery can be claimed."""
        ...

    async def claim(self, uow: UnitOfWork, lease: Lease) -> list[P]:
        """Take a lease on deliveries that are due."""
        ...

    async def send(self, parcel: P) -> None:
        """Send one, outside of any transaction; cancelling must end it.

        Raises:
            NotSent: when it did not work.
        """
        ...

    async def note(self, uow: UnitOfWork, outcomes: Sequence[Outcome[P]]) -> None:
        """Write down what came of deliveries."""
        ...


class Courier(Generic[P]):
    """Delivers what lies at one desk; any number may work on one database.

    Nothing is sent inside a transaction. When the process ends between sending and noting so, the lease runs
    out and the message is sent once more, with the same ids.

    Args:
        work: The database.
        desk: What to deliver, and how.
        on_told: Called with the user when something came of a delivery.
        limits: How much at once.
    """

    def __init__(
        self,
        work: Work,
        desk: Desk[P],
        *,
        on_told: Told = lambda _: None,
        limits: Limits | None = None,
    ) -> None:
        self.loop = Loop(f"deliveries by {desk.name}", self.step)
        self._work = work
        self._desk = desk
        self._on_told = on_told
        self._limits = limits or Limits()
        self._owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
        self._sending: set[asyncio.Task[None]] = set()
        # What came of deliveries, to be noted with the next claim.
        self._outcomes: list[Outcome[P]] = []

    def wake(self) -> None:
        """There is something to deliver."""
        self.loop.wake.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Courier[P]]:
        """Let what is being sent at the end of the block be sent, for a moment."""
        try:
            yield self
        finally:
            if self._sending:
                await asyncio.wait(self._sending, timeout=_STOP_SECONDS)
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)
            if self._outcomes:
                await self._note_and_claim(0)

    async def step(self) -> float:
        """Note what came of deliveries, and begin to send what is due as far as there is room.

        Returns the seconds until it is worth looking again.
        """
        room = self._limits.at_once - len(self._sending)
        # A look costs nobody anything, a claim is a write.
        rest = await self._seconds_until_next() if room > 0 else _IDLE_SECONDS
        if rest > 0 and not self._outcomes:
            return rest
        parcels = await self._note_and_claim(room if rest <= 0 else 0)
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(parcel), name=f"delivery {parcel.id}")
            self._sending.add(task)
            task.add_done_callback(self._sent)
        # One that has been sent makes room, and says so.
        return _IDLE_SECONDS if room > 0 and len(parcels) == room else rest

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._sending:
            await asyncio.wait(self._sending)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its lease ends, and it is tried again.
            logger.error("%s went wrong", task.get_name(), exc_info=error)
        self.wake()

    async def _note_and_claim(self, limit: int) -> list[P]:
        """One transaction for both: with many deliveries, each that waits for the disk counts."""
        outcomes, self._outcomes = self._outcomes, []
        try:
            async with self._work.write() as uow:
                await self._desk.note(uow, outcomes)
                lease = Lease(self._owner, uow.now + self._limits.lease, limit)
                parcels = await self._desk.claim(uow, lease) if limit else []
        except BaseException:
            # The database is away: they are noted when it is back, unless the lease ends before.
            self._outcomes = [*outcomes, *self._outcomes]
            raise
        for user_id in {outcome.parcel.user_id for outcome in outcomes}:
            self._on_told(user_id)
        return parcels

    async def _seconds_until_next(self) -> float:
        async with self._work.read() as uow:
            following = await self._desk.next_at(uow)
            now = uow.now
        if following is None:
            return _IDLE_SECONDS
        return min(_IDLE_SECONDS, max(0.0, (following - now).total_seconds()))

    async def _deliver(self, parcel: P) -> None:
        # Before the list is looked up: noting what came of others puts a new one in its place.
        failure = await self._send(parcel)
        self._outcomes.append(Outcome(parcel, failure))

    async def _send(self, parcel: P) -> NotSent | None:
        try:
            async with asyncio.timeout(self._limits.deadline.total_seconds()):
                await self._desk.send(parcel)
        except NotSent as failure:
            return failure
        except TimeoutError:
            seconds = int(self._limits.deadline.total_seconds())
            return TryLater(f"There was no answer within {seconds} seconds.")
        except Exception:
            # Whatever goes wrong must not cost the delivery; the log has what the person can't use.
            logger.exception("A delivery by %s failed: %s", self._desk.name, parcel.id)
            return TryLater("Something went wrong while it was sent; the server's log says what.")
        return None
