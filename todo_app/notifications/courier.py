"""Carries deliveries out: claims what is due, sends it, notes what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from todo_app.db.models import Delivery, Notification, NotificationChannel
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.repositories.deliveries import Parcel
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.events import Actor, ActorKind, ReminderDelivered, ReminderFailed
from todo_app.events.supervisor import Loop
from todo_app.notifications.composer import Composer
from todo_app.notifications.port import Channel, Gone, HeldBack, Message, NotSent, Refused, TryLater

logger = logging.getLogger(__name__)

# After the first, second, ... failure; about a day in all.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    *(timedelta(hours=hours) for hours in (1, 4, 8, 10)),
)
PROBLEM = "problem"
_ACTOR = Actor(kind=ActorKind.WORKER, name="notifications")
_IDLE_SECONDS = 5.0
_STOP_SECONDS = 3.0
_ERROR_MAX = 500

Told = Callable[[UUID], None]
Hold = Callable[[UUID, str], Awaitable[timedelta]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is done at once, and for how long.

    A lease outlasts the deadline by far, so that nobody else sends what is still being sent here.
    """

    at_once: int = 8
    deadline: timedelta = timedelta(seconds=30)
    lease: timedelta = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a delivery; no failure when it was sent."""

    parcel: Parcel
    failure: NotSent | None


class Courier:
    """Delivers through one kind of channel; any number may work on one database.

    Nothing is sent inside a transaction. When the process ends between sending and noting so, the lease runs
    out and the message is sent once more, with the same ids.

    Args:
        work: The database.
        kind: The channels to serve.
        channel: How to send through them.
        composer: What to send.
        hold: Asked before each message, with the user and the kind, how long it has to wait for its turn.
        on_told: Called with the user when something came of a delivery.
        limits: How much at once.
    """

    def __init__(
        self,
        work: Work,
        kind: str,
        channel: Channel,
        *,
        composer: Composer,
        hold: Hold,
        on_told: Told = lambda _: None,
        limits: Limits | None = None,
    ) -> None:
        self.loop = Loop(f"deliveries by {kind}", self.step)
        self._work = work
        self._kind = kind
        self._channel = channel
        self._composer = composer
        self._hold = hold
        self._on_told = on_told
        self._limits = limits or Limits()
        self._owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
        self._sending: set[asyncio.Task[None]] = set()
        # What came of deliveries, to be noted with the next claim.
        self._outcomes: list[Outcome] = []

    def wake(self) -> None:
        """There is something to deliver."""
        self.loop.wake.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Courier]:
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
            task = asyncio.create_task(self._deliver(parcel), name=f"delivery {parcel.delivery.id}")
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

    async def _note_and_claim(self, limit: int) -> list[Parcel]:
        """One transaction for both: with many deliveries, each that waits for the disk counts."""
        outcomes, self._outcomes = self._outcomes, []
        try:
            async with self._work.write() as uow:
                await self._note_all(uow, outcomes)
                parcels = await self._claim(uow, limit) if limit else []
        except BaseException:
            # The database is away: they are noted when it is back, unless the lease ends before.
            self._outcomes = [*outcomes, *self._outcomes]
            raise
        for user_id in {outcome.parcel.user.id for outcome in outcomes}:
            self._on_told(user_id)
        return parcels

    async def _claim(self, uow: UnitOfWork, limit: int) -> list[Parcel]:
        claimed = await uow.deliveries.claim(
            self._kind, owner=self._owner, now=uow.now, until=uow.now + self._limits.lease, limit=limit
        )
        parcels = []
        for parcel in claimed:
            reason = _needless(parcel)
            if reason:
                _settle(parcel.delivery, error=reason)
            else:
                parcels.append(parcel)
        return parcels

    async def _seconds_until_next(self) -> float:
        async with self._work.read() as uow:
            following = await uow.deliveries.next_at(self._kind)
            now = uow.now
        if following is None:
            return _IDLE_SECONDS
        return min(_IDLE_SECONDS, max(0.0, (following - now).total_seconds()))

    async def _deliver(self, parcel: Parcel) -> None:
        message = self._composer.compose(parcel, now=self._work.clock())
        # Before the list is looked up: noting what came of others puts a new one in its place.
        wait = await self._hold(parcel.user.id, self._kind)
        failure = HeldBack(wait) if wait else await self._send(parcel.channel.target, message)
        self._outcomes.append(Outcome(parcel, failure))

    async def _send(self, target: str, message: Message) -> NotSent | None:
        try:
            async with asyncio.timeout(self._limits.deadline.total_seconds()):
                await self._channel.send(target, message)
        except NotSent as failure:
            return failure
        except TimeoutError:
            seconds = int(self._limits.deadline.total_seconds())
            return TryLater(f"There was no answer within {seconds} seconds.")
        except Exception:
            # Whatever a channel throws must not cost the delivery; the log has what the person can't use.
            logger.exception("A channel of kind %s failed on delivery %s", self._kind, message.id)
            return TryLater("Something went wrong while it was sent; the server's log says what.")
        return None

    async def _note_all(self, uow: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
        found = await uow.deliveries.many([outcome.parcel.delivery.id for outcome in outcomes])
        for outcome in outcomes:
            delivery = found.get(outcome.parcel.delivery.id)
            # None when its channel was removed; settled when another courier was done with it, since our
            # lease had run out.
            if delivery is not None and delivery.next_attempt_at is not None:
                identity = replace(identity_of(outcome.parcel.user), actor=_ACTOR)
                await _note(uow.part(identity), delivery, outcome)


async def _note(uow: UnitOfWork, delivery: Delivery, outcome: Outcome) -> None:
    """Write down what came of a delivery."""
    parcel, failure = outcome.parcel, outcome.failure
    if failure is None:
        delivery.sent_at = uow.now
        _settle(delivery)
        uow.record(delivery.id, 1, _delivered(parcel))
        return
    error = str(failure)[:_ERROR_MAX]
    if isinstance(failure, HeldBack):
        delivery.attempts -= 1
    pause = _pause(delivery.attempts, failure)
    if pause is not None:
        delivery.next_attempt_at, delivery.error = uow.now + pause, error
        delivery.claimed_by = delivery.claimed_until = None
        return
    delivery.failed_at = uow.now
    _settle(delivery, error=error)
    uow.record(delivery.id, 1, _failed(parcel, error))
    if isinstance(failure, Gone):
        await _switch_off(uow, parcel.channel, error)
    await _tell_of_problem(uow, parcel, error)


def _needless(parcel: Parcel) -> str:
    """Why a delivery is not made any more; empty when it is."""
    if parcel.channel.disabled_at is not None:
        return "Not sent: the channel is switched off."
    task = parcel.task
    if parcel.notification.task_id is not None and (task is None or task.deleted_at is not None):
        return "Not sent: the task was deleted before."
    if task is not None and task.completed_at is not None:
        return "Not sent: the task was done before."
    return ""


def _settle(delivery: Delivery, *, error: str = "") -> None:
    delivery.next_attempt_at = delivery.claimed_by = delivery.claimed_until = None
    delivery.error = error


def _pause(attempts: int, failure: NotSent) -> timedelta | None:
    """How long to wait for the next attempt; none when there is no further one."""
    if isinstance(failure, HeldBack):
        return failure.wait
    if isinstance(failure, Refused | Gone) or attempts > len(PAUSES):
        return None
    asked = failure.after if isinstance(failure, TryLater) and failure.after else timedelta()
    return max(PAUSES[attempts - 1], asked)


def _delivered(parcel: Parcel) -> ReminderDelivered:
    return ReminderDelivered(
        notification_id=parcel.notification.id,
        task_id=parcel.notification.task_id,
        title=parcel.notification.title,
        channel=parcel.channel.name,
    )


def _failed(parcel: Parcel, error: str) -> ReminderFailed:
    return ReminderFailed(
        notification_id=parcel.notification.id,
        task_id=parcel.notification.task_id,
        title=parcel.notification.title,
        channel=parcel.channel.name,
        error=error,
    )


async def _switch_off(uow: UnitOfWork, channel: NotificationChannel, reason: str) -> None:
    current = await uow.deliveries.channel(channel.id)
    if current is not None and current.disabled_at is None:
        current.disabled_at, current.disabled_because = uow.now, reason


async def _tell_of_problem(uow: UnitOfWork, parcel: Parcel, error: str) -> None:
    """Once a day for each channel, however much of it fails."""
    day = uow.now.astimezone(uow.identity.zone).date()
    problem = Notification(
        id=uuid5(parcel.channel.id, f"{PROBLEM} {day}"),
        user_id=parcel.user.id,
        task_id=None,
        reason=PROBLEM,
        title=f"“{parcel.channel.name}” does not work",
        body=error,
        meant_for=uow.now,
        created_at=uow.now,
    )
    await uow.notifications.add(problem)
