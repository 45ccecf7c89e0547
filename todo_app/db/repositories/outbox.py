"""Committed events on their way: claimed by a relay, published, settled, forgotten."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import DeadLetter, InboxEntry, OutboxEvent, Webhook
from todo_app.db.tables import table_of
from todo_app.domain.events import Event

# Any number that no other part of the application locks.
_CLAIMING = 7_031_001
# The channel on which PostgreSQL tells relays that there may be something to publish.
WAKE = "outbox"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A consumer's name and the event types it must see, as far as the database needs to know it."""

    consumer: str
    types: Collection[str]
    # Types that it must see besides, but only of people who had a webhook when it happened.
    webhook_types: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the outbox holds it; its envelope may be of a kind that this version can't read."""

    id: UUID
    user_id: UUID
    aggregate_id: UUID
    seq: int
    type: str
    occurred_at: datetime
    envelope: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many events wait for a relay, and since when the oldest does."""

    events: int
    since: datetime | None


class OutboxRepository:
    """The one outbox of all users."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, events: Sequence[Event]) -> None:
        """Store the events of a transaction, in one statement."""
        if events:
            await self._session.execute(insert(_OUTBOX), [_row(event) for event in events])

    async def backlog(self) -> Backlog:
        """What is not published; counted along an index that has nothing else."""
        waiting = col(OutboxEvent.published_at).is_(None)
        events = await self._session.scalar(select(func.count()).select_from(OutboxEvent).where(waiting))
        # By the time in the id (RFC 9562 §5.7): what a made-up life tells of happened long before.
        oldest = await self._session.scalar(
            select(col(OutboxEvent.id)).where(waiting).order_by(col(OutboxEvent.id)).limit(1)
        )
        since = datetime.fromtimestamp((oldest.int >> 80) / 1000, UTC) if oldest else None
        return Backlog(events=events or 0, since=since)

    async def claim(self, *, owner: str, now: datetime, until: datetime, limit: int) -> list[StoredEvent]:
        """Take a lease on the oldest unpublished events, in order per aggregate.

        Never "everything after the last id": transactions commit in another order than ids are drawn. An
        aggregate of which any unpublished event is leased or held back is left alone, so that it has one
        owner at a time.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            # Claims see each other's leases only when they come one after the other, as SQLite's writers do.
            await self._session.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))
        # Only events that are leased or held back have an instant there, so this list is short.
        held = select(col(OutboxEvent.aggregate_id)).where(col(OutboxEvent.claimed_until) > now)
        picked = (
            select(col(OutboxEvent.id))
            .where(
                col(OutboxEvent.published_at).is_(None),
                col(OutboxEvent.aggregate_id).not_in(held),
            )
            .order_by(col(OutboxEvent.id))
            .limit(limit)
            .with_for_update(skip_locked=True, of=OutboxEvent)
            .cte("picked")
        )
        claimed = (
            update(OutboxEvent)
            .where(col(OutboxEvent.id).in_(select(picked.c.id)))
            .values(claimed_by=owner, claimed_until=until)
            .returning(*_STORED)
            .execution_options(synchronize_session=False)
        )
        rows = await self._session.execute(claimed)
        return _in_order(StoredEvent(*row) for row in rows)

    async def mark_published(self, event_ids: Collection[UUID], *, owner: str, now: datetime) -> None:
        """End the owner's lease on events that are with the bus."""
        await self._release(event_ids, owner=owner, published_at=now, claimed_until=None)

    async def hold_back(self, event_ids: Collection[UUID], *, owner: str, until: datetime) -> None:
        """Let nobody claim these events, nor others of their aggregates, before an instant."""
        await self._release(event_ids, owner=owner, published_at=None, claimed_until=until)

    async def _release(
        self,
        event_ids: Collection[UUID],
        *,
        owner: str,
        published_at: datetime | None,
        claimed_until: datetime | None,
    ) -> None:
        if event_ids:
            await self._session.execute(
                update(OutboxEvent)
                .where(col(OutboxEvent.id).in_(event_ids), col(OutboxEvent.claimed_by) == owner)
                .values(published_at=published_at, claimed_by=None, claimed_until=claimed_until)
                .execution_options(synchronize_session=False)
            )

    async def republish_undone(
        self,
        subscriptions: Sequence[Subscription],
        *,
        published_before: datetime,
        occurred_after: datetime | None,
        limit: int,
    ) -> int:
        """Send out again what was published but has not taken effect at some consumer.

        Aggregates that wait behind a dead letter of that consumer are left alone. Returns how many
        events go out again.
        """
        if not subscriptions:
            return 0
        lost = (
            select(col(OutboxEvent.id))
            .where(
                col(OutboxEvent.settled_at).is_(None),
                col(OutboxEvent.published_at) <= published_before,
                true() if occurred_after is None else col(OutboxEvent.occurred_at) > occurred_after,
                or_(*(and_(_undone(each), not_(_blocked(each))) for each in subscriptions)),
            )
            .limit(limit)
        )
        return await self._unpublish(col(OutboxEvent.id).in_(lost))

    async def republish_aggregate(self, aggregate_id: UUID) -> int:
        """Send out again every event of an aggregate that is not settled."""
        return await self._unpublish(
            and_(
                col(OutboxEvent.aggregate_id) == aggregate_id,
                col(OutboxEvent.settled_at).is_(None),
                col(OutboxEvent.published_at).is_not(None),
            )
        )

    async def replay(self, subscription: Subscription, *, start: datetime, end: datetime) -> int:
        """Send out again what a consumer has dealt with, as if it had not; ``end`` is exclusive. How many."""
        wanted = and_(
            concerns(subscription),
            col(OutboxEvent.occurred_at) >= start,
            col(OutboxEvent.occurred_at) < end,
        )
        await self._session.execute(
            delete(InboxEntry).where(
                col(InboxEntry.consumer) == subscription.consumer,
                col(InboxEntry.event_id).in_(select(col(OutboxEvent.id)).where(wanted)),
            )
        )
        await self._session.execute(
            update(OutboxEvent)
            .where(wanted, col(OutboxEvent.settled_at).is_not(None))
            .values(settled_at=None)
            .execution_options(synchronize_session=False)
        )
        return await self._unpublish(wanted)

    async def _unpublish(self, condition: ColumnElement[bool]) -> int:
        sent = await self._session.execute(
            update(OutboxEvent)
            .where(condition)
            .values(published_at=None, claimed_by=None, claimed_until=None)
            .returning(col(OutboxEvent.id))
            .execution_options(synchronize_session=False)
        )
        total = len(sent.all())
        if total and self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(select(func.pg_notify(WAKE, "")))
        return total

    async def settle(self, subscriptions: Sequence[Subscription], *, now: datetime, limit: int) -> int:
        """Note which published events are done at every consumer, so that nobody looks at them again."""
        done = (
            select(col(OutboxEvent.id))
            .where(
                col(OutboxEvent.settled_at).is_(None),
                col(OutboxEvent.published_at).is_not(None),
                *(not_(_undone(each)) for each in subscriptions),
            )
            .limit(limit)
        )
        settled = await self._session.execute(
            update(OutboxEvent)
            .where(col(OutboxEvent.id).in_(done))
            .values(settled_at=now)
            .returning(col(OutboxEvent.id))
            .execution_options(synchronize_session=False)
        )
        return len(settled.all())

    async def forget(self, *, before: datetime, limit: int) -> int:
        """Remove settled events from before an instant, with their inbox rows."""
        old = select(col(OutboxEvent.id)).where(
            col(OutboxEvent.settled_at).is_not(None), col(OutboxEvent.occurred_at) < before
        )
        return await self._remove((await self._session.scalars(old.limit(limit))).all())

    async def erase_user(self, user_id: UUID, *, batch: int = 500) -> None:
        """Remove every event of a user, settled or not, with their inbox rows."""
        query = select(col(OutboxEvent.id)).where(col(OutboxEvent.user_id) == user_id)
        event_ids = (await self._session.scalars(query)).all()
        for start in range(0, len(event_ids), batch):
            await self._remove(event_ids[start : start + batch])

    async def _remove(self, event_ids: Sequence[UUID]) -> int:
        if event_ids:
            await self._session.execute(delete(InboxEntry).where(col(InboxEntry.event_id).in_(event_ids)))
            await self._session.execute(delete(OutboxEvent).where(col(OutboxEvent.id).in_(event_ids)))
        return len(event_ids)


# The table itself: mapped objects, which nobody looks at again, would take as long as all else.
_OUTBOX = table_of(OutboxEvent)
_STORED = (
    col(OutboxEvent.id),
    col(OutboxEvent.user_id),
    col(OutboxEvent.aggregate_id),
    col(OutboxEvent.seq),
    col(OutboxEvent.type),
    col(OutboxEvent.occurred_at),
    col(OutboxEvent.envelope),
)


def _row(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "user_id": event.user_id,
        "aggregate_id": event.aggregate_id,
        "seq": event.seq,
        "type": event.type,
        "command_id": event.command_id,
        "undoes": event.undoes,
        "occurred_at": event.occurred_at,
        "envelope": event.model_dump_json(),
    }


def concerns(subscription: Subscription) -> ColumnElement[bool]:
    """Whether a consumer must see an event."""
    is_one = col(OutboxEvent.type).in_(subscription.types)
    if not subscription.webhook_types:
        return is_one
    had_webhook = exists().where(
        col(Webhook.user_id) == col(OutboxEvent.user_id),
        col(Webhook.created_at) <= col(OutboxEvent.occurred_at),
    )
    return or_(is_one, and_(col(OutboxEvent.type).in_(subscription.webhook_types), had_webhook))


def _undone(subscription: Subscription) -> ColumnElement[bool]:
    return and_(
        concerns(subscription),
        ~exists().where(
            col(InboxEntry.event_id) == col(OutboxEvent.id), col(InboxEntry.consumer) == subscription.consumer
        ),
    )


def _blocked(subscription: Subscription) -> ColumnElement[bool]:
    return exists().where(
        col(DeadLetter.consumer) == subscription.consumer,
        col(DeadLetter.aggregate_id) == col(OutboxEvent.aggregate_id),
    )


def _in_order(events: Iterable[StoredEvent]) -> list[StoredEvent]:
    """By id, which is by time, except that each aggregate's events keep their own order among themselves."""
    by_id = sorted(events, key=lambda event: event.id)
    of_aggregate: dict[UUID, deque[StoredEvent]] = defaultdict(deque)
    for event in sorted(by_id, key=lambda event: event.seq):
        of_aggregate[event.aggregate_id].append(event)
    return [of_aggregate[event.aggregate_id].popleft() for event in by_id]
