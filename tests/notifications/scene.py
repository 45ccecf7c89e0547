"""What happens in the tests of notifications: something is due, couriers work, time passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from uuid6 import uuid7

from tests.state.people import Person
from todo_app.bootstrap import Application
from todo_app.db.models import Delivery, Notification, NotificationChannel, OutboxEvent
from todo_app.db.repositories.deliveries import Parcel
from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event, ReminderDue
from todo_app.domain.task import Due
from todo_app.events.consumers import process
from todo_app.notifications.attempts import Hold
from todo_app.notifications.channel_desk import ChannelDesk
from todo_app.notifications.composer import Composer
from todo_app.notifications.courier import Courier, Limits
from todo_app.notifications.flood import hold_back
from todo_app.notifications.links import PURPOSE, LinkSigner
from todo_app.notifications.port import Channel, Message
from todo_app.secret_key import purpose_key
from todo_app.services import tasks
from workers.notifications import notifications_consumer


class Clock:
    """The time, which moves only when a test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Recorder:
    """A channel that keeps what it was given; it throws what is in ``failures`` first."""

    failures: list[BaseException] = field(default_factory=list)
    sent: list[tuple[str, Message]] = field(default_factory=list)
    attempts: int = 0

    async def send(self, target: str, message: Message) -> None:
        self.attempts += 1
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((target, message))


@dataclass(frozen=True)
class Scene:
    """One application, one person in it, and the time."""

    application: Application
    person: Person
    clock: Clock

    @property
    def work(self) -> Work:
        return self.application.work

    @property
    def signer(self) -> LinkSigner:
        return LinkSigner(purpose_key(self.application.settings, PURPOSE))

    @property
    def hold(self) -> Hold:
        return partial(hold_back, self.application.state_store)

    async def add_channel(self, kind: str = "email", target: str = "ada@example.org") -> UUID:
        channel = NotificationChannel(
            id=uuid7(),
            user_id=self.person.identity.user_id,
            kind=kind,
            name=f"My {kind}",
            target=target,
            created_at=self.clock(),
        )
        async with self.work.write(self.person.identity) as uow:
            uow.channels.add(channel)
        return channel.id

    async def add_task(self, title: str = "Pay rent", due: Due | None = None) -> UUID:
        async with self.work.write(self.person.identity) as uow:
            return (await tasks.add(uow, tasks.AddTask(title=title, due=due))).id

    async def complete(self, task_id: UUID) -> None:
        async with self.work.write(self.person.identity) as uow:
            await tasks.complete(uow, [task_id])

    async def due_event(self, task_id: UUID | None, title: str = "Pay rent", **values: object) -> Event:
        """The event of a reminder whose moment has come."""
        told = {"reason": "reminder", "meant_for": self.clock(), **values}
        async with self.work.write(self.person.identity) as uow:
            return uow.record(uuid7(), 1, ReminderDue(task_id=task_id, title=title, **told))

    async def notify(self, *events: Event) -> None:
        """Let the notifications worker take events in."""
        await process(self.work, notifications_consumer(), events)

    async def remind(self, title: str = "Pay rent", due: Due | None = None) -> UUID:
        """Everything up to the notification; the task's id."""
        task_id = await self.add_task(title, due)
        await self.notify(await self.due_event(task_id, title))
        return task_id

    def courier(self, channel: Channel, kind: str = "email", limits: Limits | None = None) -> Courier[Parcel]:
        composer = Composer(self.application.settings.public_url, self.signer)
        desk = ChannelDesk(kind, channel, composer=composer, clock=self.clock, hold=self.hold)
        return Courier(self.work, desk, limits=limits)

    async def deliver(self, channel: Channel, kind: str = "email", limits: Limits | None = None) -> None:
        """Let a courier send what is due now."""
        await work_off(self.courier(channel, kind, limits))

    async def notifications(self) -> Sequence[Notification]:
        async with self.work.read() as uow:
            query = select(Notification).order_by(col(Notification.created_at), col(Notification.title))
            return (await uow.session.scalars(query)).all()

    async def deliveries(self) -> Sequence[Delivery]:
        async with self.work.read() as uow:
            return (await uow.session.scalars(select(Delivery).order_by(col(Delivery.created_at)))).all()

    async def channel(self, channel_id: UUID) -> NotificationChannel:
        async with self.work.read(self.person.identity) as uow:
            return await uow.channels.get(channel_id)

    async def event_types(self) -> list[str]:
        async with self.work.read() as uow:
            query = select(col(OutboxEvent.type)).where(col(OutboxEvent.type).like("reminder.%"))
            return list((await uow.session.scalars(query.order_by(col(OutboxEvent.id)))).all())


async def work_off(courier: Courier[Any]) -> None:
    """Let a courier go on until nothing is due any more."""
    while True:
        rest = await courier.step()
        was_busy = bool(courier._sending or courier._outcomes)
        await courier.idle()
        if rest and not was_busy:
            return
