"""Where couriers get notifications for one kind of channel, and give account of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid5

from todo_app.db.models import Delivery, Notification, NotificationChannel
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.repositories.deliveries import Parcel
from todo_app.db.unit_of_work import Clock, UnitOfWork
from todo_app.domain.events import ReminderDelivered, ReminderFailed
from todo_app.notifications.attempts import (
    ACTOR,
    ERROR_MAX,
    PROBLEM,
    Hold,
    again,
    asked_pause,
    planned_pause,
    settle,
    still_needed,
)
from todo_app.notifications.composer import Composer
from todo_app.notifications.courier import Lease, Outcome
from todo_app.notifications.port import Channel, Gone, HeldBack, NotSent

# After the first, second, ... failure; about a day in all.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    *(timedelta(hours=hours) for hours in (1, 4, 8, 10)),
)


class ChannelDesk:
    """Implements `Desk` for one kind of channel.

    Args:
        kind: The channels to serve.
        channel: How to send through them.
        composer: What to send.
        clock: The time that messages speak of.
        hold: Asked before each message, with the user and the kind, how long it has to wait for its turn.
    """

    def __init__(self, kind: str, channel: Channel, *, composer: Composer, clock: Clock, hold: Hold) -> None:
        self.name = kind
        self._channel = channel
        self._composer = composer
        self._clock = clock
        self._hold = hold

    async def next_at(self, uow: UnitOfWork) -> datetime | None:
        """When the next delivery can be claimed."""
        return await uow.deliveries.next_at(self.name)

    async def claim(self, uow: UnitOfWork, lease: Lease) -> list[Parcel]:
        """Take a lease on deliveries that are due; what is needless by now is settled."""
        claimed = await uow.deliveries.claim(
            self.name, owner=lease.owner, now=uow.now, until=lease.until, limit=lease.limit
        )
        return still_needed(claimed, _needless)

    async def send(self, parcel: Parcel) -> None:
        """Send a notification through its channel.

        Raises:
            NotSent: when it did not work.
        """
        message = self._composer.compose(parcel, now=self._clock())
        wait = await self._hold(parcel.user_id, self.name)
        if wait:
            raise HeldBack(wait)
        await self._channel.send(parcel.channel.target, message)

    async def note(self, uow: UnitOfWork, outcomes: Sequence[Outcome[Parcel]]) -> None:
        """Write down what came of deliveries, and tell of problems."""
        found = await uow.deliveries.many([outcome.parcel.id for outcome in outcomes])
        for outcome in outcomes:
            delivery = found.get(outcome.parcel.id)
            # None when its channel was removed; settled when another courier was done with it, since our
            # lease had run out.
            if delivery is not None and delivery.next_attempt_at is not None:
                identity = replace(identity_of(outcome.parcel.user), actor=ACTOR)
                await _note(uow.part(identity), delivery, outcome)


async def _note(uow: UnitOfWork, delivery: Delivery, outcome: Outcome[Parcel]) -> None:
    """Write down what came of a delivery."""
    parcel, failure = outcome.parcel, outcome.failure
    if failure is None:
        delivery.sent_at = uow.now
        settle(delivery)
        uow.record(delivery.id, 1, _delivered(parcel))
        return
    error = str(failure)[:ERROR_MAX]
    if isinstance(failure, HeldBack):
        delivery.attempts -= 1
    pause = _pause(delivery.attempts, failure)
    if pause is not None:
        again(delivery, at=uow.now + pause, error=error)
        return
    delivery.failed_at = uow.now
    settle(delivery, error=error)
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


def _pause(attempts: int, failure: NotSent) -> timedelta | None:
    """How long to wait for the next attempt; none when there is no further one."""
    if isinstance(failure, HeldBack):
        return failure.wait
    planned = planned_pause(attempts, failure, PAUSES)
    return planned and max(planned, asked_pause(failure))


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
