"""What happens in the tests of events: people add and change tasks, events are delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from tests.fixtures.passwords import CONFIRMED, HASH
from todo_app.bootstrap import Application
from todo_app.db.models import InboxEntry, OutboxEvent
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event
from todo_app.domain.identity import Identity
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.relay import Relay
from todo_app.services import accounts, tasks
from todo_app.services.task_fields import TaskPatch


class Clock:
    """The time, which moves only when a test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass(frozen=True)
class Scene:
    """One application and one person."""

    application: Application
    person: Identity
    clock: Clock

    @property
    def work(self) -> Work:
        return self.application.work

    async def add(self, title: str = "Water the plants") -> UUID:
        async with self.work.write(self.person) as uow:
            task = await tasks.add(uow, tasks.AddTask(title=title))
        return task.id

    async def rename(self, task_id: UUID, title: str) -> None:
        async with self.work.write(self.person) as uow:
            await tasks.edit(uow, tasks.EditTasks([task_id], TaskPatch(title=title)))

    async def task_with_events(self, count: int) -> UUID:
        """A task that was added and then renamed, so that it has this many events."""
        task_id = await self.add("1")
        for number in range(2, count + 1):
            await self.rename(task_id, str(number))
        return task_id

    async def outbox(self, aggregate_id: UUID | None = None) -> Sequence[OutboxEvent]:
        query = select(OutboxEvent).order_by(col(OutboxEvent.aggregate_id), col(OutboxEvent.seq))
        if aggregate_id is not None:
            query = query.where(col(OutboxEvent.aggregate_id) == aggregate_id)
        async with self.work.read() as uow:
            return (await uow.session.scalars(query)).all()

    async def events(self, aggregate_id: UUID | None = None) -> list[Event]:
        return [Event.model_validate_json(row.envelope) for row in await self.outbox(aggregate_id)]

    async def inbox(self, consumer: str) -> set[UUID]:
        async with self.work.read() as uow:
            rows = await uow.session.scalars(select(InboxEntry).where(col(InboxEntry.consumer) == consumer))
            return {row.event_id for row in rows}


async def sign_up(work: Work, email: str = "ada@example.org") -> Identity:
    """Somebody with a new account."""
    async with work.write() as uow:
        user = await accounts.register(uow, email, HASH, "Europe/Berlin")
    return identity_of(user)


async def delete_account(work: Work, person: Identity) -> None:
    """As the person does it, having given their password."""
    async with work.write(person) as uow:
        await accounts.delete_account(uow, CONFIRMED)


async def forget_events(work: Work) -> None:
    """As if nothing had happened so far."""
    async with work.write() as uow:
        await uow.session.execute(delete(InboxEntry))
        await uow.session.execute(delete(OutboxEvent))


async def deliver_everything(bus: EmbeddedBus, relay: Relay | None = None) -> None:
    """Let relay and consumers work until there is nothing left that they could do now."""
    working = True
    while working:
        working = False
        if relay is not None and (await relay.publish_batch()).claimed:
            working = True
        for loop in bus.loops():
            while await loop.step() == 0:
                working = True
