"""One transaction: what it reads and writes, the events it records, one commit at its end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid6 import uuid7

from todo_app.db.engine import FOLLOW_UP, WRITES, options_for_reading
from todo_app.db.repositories.accounts import AccountRepository, should_prolong
from todo_app.db.repositories.activity import ActivityRepository
from todo_app.db.repositories.audit import AuditRepository
from todo_app.db.repositories.channels import ChannelRepository
from todo_app.db.repositories.day_notices import DayNotices
from todo_app.db.repositories.dead_letters import DeadLetterRepository
from todo_app.db.repositories.deliveries import DeliveryRepository
from todo_app.db.repositories.feeds import FeedRepository
from todo_app.db.repositories.filters import FilterRepository
from todo_app.db.repositories.idempotency import IdempotencyRepository
from todo_app.db.repositories.inbox import InboxRepository
from todo_app.db.repositories.notifications import NotificationRepository
from todo_app.db.repositories.outbox import OutboxRepository
from todo_app.db.repositories.projects import ProjectRepository
from todo_app.db.repositories.recurrences import RecurrenceRepository
from todo_app.db.repositories.reminders import DueReminders, ReminderRepository
from todo_app.db.repositories.retention import RetentionRepository
from todo_app.db.repositories.search import SearchRepository
from todo_app.db.repositories.statistics import StatisticsRepository
from todo_app.db.repositories.tags import TagRepository
from todo_app.db.repositories.task_lists import TaskListRepository
from todo_app.db.repositories.tasks import TaskRepository
from todo_app.db.repositories.tokens import TokenRepository
from todo_app.db.repositories.told import ToldRepository
from todo_app.db.repositories.transfer import TransferRepository
from todo_app.db.repositories.used_links import UsedLinkRepository
from todo_app.db.repositories.wall_clocks import WallClocks
from todo_app.db.repositories.webhook_deliveries import WebhookDeliveryRepository
from todo_app.db.repositories.webhooks import WebhookRepository
from todo_app.db.repositories.whole_tasks import WholeTaskRepository
from todo_app.domain.errors import Unauthenticated
from todo_app.domain.events import AnyPayload, Event
from todo_app.domain.identity import BearerToken, Caller, Identity, SessionToken

Clock = Callable[[], datetime]
CommitListener = Callable[[Sequence[Event]], None]


def system_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class UnitOfWork:
    """The transaction a service works in. Services never commit: leaving the block does.

    ``now`` is one instant for the whole transaction; ``command_id`` groups its events for undo.
    """

    def __init__(self, session: AsyncSession, *, now: datetime, identity: Identity | None = None) -> None:
        self.session = session
        self.now = now
        self.command_id: UUID = uuid7()
        self.undoes: UUID | None = None
        self._identity = identity
        self._events: list[Event] = []
        self._parts: list[UnitOfWork] = []

    @property
    def identity(self) -> Identity:
        """Who asks.

        Raises:
            Unauthenticated: when nobody is logged in.
        """
        if self._identity is None:
            raise Unauthenticated
        return self._identity

    @identity.setter
    def identity(self, identity: Identity) -> None:
        self._identity = identity

    @property
    def user_id(self) -> UUID:
        """The user whose data this transaction may touch."""
        return self.identity.user_id

    @cached_property
    def accounts(self) -> AccountRepository:
        """Users and their sessions."""
        return AccountRepository(self.session)

    @cached_property
    def tasks(self) -> TaskRepository:
        """This user's tasks."""
        return TaskRepository(self.session, self.user_id)

    @cached_property
    def lists(self) -> TaskListRepository:
        """Windows on this user's lists."""
        return TaskListRepository(self.session, self.user_id)

    @cached_property
    def whole_tasks(self) -> WholeTaskRepository:
        """This user's tasks with everything that hangs on them."""
        return WholeTaskRepository(self.session, self.user_id)

    @cached_property
    def projects(self) -> ProjectRepository:
        """This user's projects."""
        return ProjectRepository(self.session, self.user_id)

    @cached_property
    def tags(self) -> TagRepository:
        """This user's tags."""
        return TagRepository(self.session, self.user_id)

    @cached_property
    def filters(self) -> FilterRepository:
        """This user's saved filters."""
        return FilterRepository(self.session, self.user_id)

    @cached_property
    def search(self) -> SearchRepository:
        """Full-text search over this user's tasks."""
        return SearchRepository(self.session, self.user_id)

    @cached_property
    def recurrences(self) -> RecurrenceRepository:
        """This user's series."""
        return RecurrenceRepository(self.session, self.user_id)

    @cached_property
    def reminders(self) -> ReminderRepository:
        """The reminders of this user's tasks."""
        return ReminderRepository(self.session, self.user_id)

    @cached_property
    def transfer(self) -> TransferRepository:
        """This user's tasks as a whole."""
        return TransferRepository(self.session, self.user_id)

    @cached_property
    def due_reminders(self) -> DueReminders:
        """Reminders of all users whose moment has come."""
        return DueReminders(self.session)

    @cached_property
    def wall_clocks(self) -> WallClocks:
        """Open tasks of all users that the rules of time zones concern."""
        return WallClocks(self.session)

    @cached_property
    def feeds(self) -> FeedRepository:
        """The addresses of calendar feeds."""
        return FeedRepository(self.session)

    @cached_property
    def tokens(self) -> TokenRepository:
        """This user's API tokens."""
        return TokenRepository(self.session, self.user_id)

    @cached_property
    def statistics(self) -> StatisticsRepository:
        """When this user's tasks were added and closed."""
        return StatisticsRepository(self.session, self.user_id)

    @cached_property
    def idempotency(self) -> IdempotencyRepository:
        """The answers to this user's requests that carried a key."""
        return IdempotencyRepository(self.session, self.user_id)

    @cached_property
    def day_notices(self) -> DayNotices:
        """Who wants to hear of overdue tasks, or of the day's tasks."""
        return DayNotices(self.session)

    @cached_property
    def activity(self) -> ActivityRepository:
        """What happened to this user's things."""
        return ActivityRepository(self.session, self.user_id)

    @cached_property
    def notifications(self) -> NotificationRepository:
        """What this user was told."""
        return NotificationRepository(self.session, self.user_id)

    @cached_property
    def channels(self) -> ChannelRepository:
        """The ways to reach this user."""
        return ChannelRepository(self.session, self.user_id)

    @cached_property
    def deliveries(self) -> DeliveryRepository:
        """Notifications of all users on their way out."""
        return DeliveryRepository(self.session)

    @cached_property
    def told(self) -> ToldRepository:
        """What many users are to be told."""
        return ToldRepository(self.session)

    @cached_property
    def webhooks(self) -> WebhookRepository:
        """What this user lets be told of events."""
        return WebhookRepository(self.session, self.user_id)

    @cached_property
    def webhook_deliveries(self) -> WebhookDeliveryRepository:
        """What webhooks of all users are to be told."""
        return WebhookDeliveryRepository(self.session)

    @cached_property
    def used_links(self) -> UsedLinkRepository:
        """Which links of mails have been used."""
        return UsedLinkRepository(self.session)

    @cached_property
    def outbox(self) -> OutboxRepository:
        """Committed events on their way."""
        return OutboxRepository(self.session)

    @cached_property
    def inbox(self) -> InboxRepository:
        """Which events have taken effect where."""
        return InboxRepository(self.session)

    @cached_property
    def dead_letters(self) -> DeadLetterRepository:
        """Events that could not be processed."""
        return DeadLetterRepository(self.session)

    @cached_property
    def retention(self) -> RetentionRepository:
        """What has outlived its time."""
        return RetentionRepository(self.session)

    @cached_property
    def audit(self) -> AuditRepository:
        """The sealed audit chains."""
        return AuditRepository(self.session)

    @property
    def events(self) -> tuple[Event, ...]:
        """What this transaction has recorded so far."""
        return tuple(self._events)

    def record(self, aggregate_id: UUID, seq: int, data: AnyPayload) -> Event:
        """Note an event, to be committed together with the change that it tells of."""
        event = Event(
            id=uuid7(),
            user_id=self.user_id,
            aggregate_id=aggregate_id,
            seq=seq,
            command_id=self.command_id,
            undoes=self.undoes,
            occurred_at=self.now,
            actor=self.identity.actor,
            data=data,
        )
        self._events.append(event)
        return event

    def part(self, identity: Identity | None = None) -> UnitOfWork:
        """A unit of work with its own user and command that is committed together with this one."""
        part = UnitOfWork(self.session, now=self.now, identity=identity)
        part._events = self._events
        self._parts.append(part)
        return part

    async def flush(self) -> None:
        """Write everything that is pending, so that queries of this transaction see it."""
        await self.session.flush()
        for part in (self, *self._parts):
            if "tasks" in part.__dict__:
                await part.tasks.write_derived()
            if "reminders" in part.__dict__:
                await part.reminders.write_new()

    async def _finish(self) -> None:
        await self.flush()
        await self.outbox.add(self._events)


class Work:
    """Opens units of work; hears of every commit that recorded events."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        clock: Clock = system_clock,
        session_life: timedelta = timedelta(days=30),
    ) -> None:
        self.engine = engine
        self._session_life = session_life
        self.clock = clock
        self._after_commit: list[CommitListener] = []
        self._after_command: list[Callable[[float], None]] = []
        # SQLite has one writer; waiting here is fair and cheap, waiting in the database polls.
        self._one_writer: contextlib.AbstractAsyncContextManager[object] = (
            asyncio.Lock() if engine.dialect.name == "sqlite" else contextlib.nullcontext()
        )

    def after_commit(self, listener: CommitListener) -> Callable[[], None]:
        """Call ``listener`` with the events of each transaction that commits some; it must not block.

        Returns a function that ends this.
        """
        self._after_commit.append(listener)
        return lambda: self._after_commit.remove(listener)

    def after_command(self, listener: Callable[[float], None]) -> None:
        """Call ``listener`` with the seconds that each command took, from the wish to write to the commit."""
        self._after_command.append(listener)

    @contextlib.asynccontextmanager
    async def write(self, caller: Caller | None = None) -> AsyncIterator[UnitOfWork]:
        """A transaction that changes things: committed at the end of the block, rolled back on an error.

        Those of one person take turns. Else two could each hold what the other waits for, or hang two tasks
        below each other.

        Raises:
            Unauthenticated: when the caller's session or token is unknown or has ended.
            Forbidden: when the token's scope is not enough.
        """
        began = time.perf_counter()
        async with self._write(caller, {WRITES: True}) as uow:
            yield uow
        if uow.events:
            for listener in self._after_command:
                listener(time.perf_counter() - began)

    @contextlib.asynccontextmanager
    async def follow_up(self) -> AsyncIterator[UnitOfWork]:
        """A write transaction that follows from committed events and would be done again if it were lost.

        It does not wait for the disk: a power cut may undo it as a whole, together with everything after
        it, and the events are then delivered again. Nothing that can't be repeated may hang on its commit.
        """
        async with self._write(None, {WRITES: True, FOLLOW_UP: True}) as uow:
            yield uow

    @contextlib.asynccontextmanager
    async def _write(self, caller: Caller | None, options: dict[str, bool]) -> AsyncIterator[UnitOfWork]:
        async with self._one_writer, self._open(caller, options) as uow:
            await self._prolong_session(uow)
            yield uow
            await uow._finish()  # noqa: SLF001  # the two are one thing
            await uow.session.commit()
        if uow.events:
            for listener in self._after_commit:
                listener(uow.events)

    async def _prolong_session(self, uow: UnitOfWork) -> None:
        # A tab can stay open for months without loading a page, so each change keeps its session alive.
        caller = uow._identity  # noqa: SLF001  # there may be none
        if caller is None or caller.session_id is None or caller.session_ends is None:
            return
        until = uow.now + self._session_life
        if should_prolong(caller.session_ends, until=until):
            await uow.accounts.prolong(caller.session_id, until=until)

    @contextlib.asynccontextmanager
    async def read(self, caller: Caller | None = None) -> AsyncIterator[UnitOfWork]:
        """A transaction that only looks: one consistent state of the database, always rolled back.

        Raises:
            Unauthenticated: when the caller's session or token is unknown or has ended.
            Forbidden: when the token's scope is not enough.
        """
        async with self._open(caller, options_for_reading(self.engine)) as uow:
            yield uow

    @contextlib.asynccontextmanager
    async def _open(self, caller: Caller | None, options: dict[str, Any]) -> AsyncIterator[UnitOfWork]:
        async with AsyncSession(self.engine, expire_on_commit=False, info=options) as session:
            await session.connection(execution_options=options)
            identity = caller if isinstance(caller, Identity) else None
            uow = UnitOfWork(session, now=self.clock(), identity=identity)
            writes = options.get(WRITES, False)
            if isinstance(caller, SessionToken):
                uow.identity = await uow.accounts.identify(caller, now=uow.now, writes=writes)
            elif isinstance(caller, BearerToken):
                uow.identity = await uow.accounts.identify_program(caller, now=uow.now, writes=writes)
            elif identity is not None and writes:
                await uow.accounts.wait_for_turn(identity.user_id)
            yield uow
