"""Which events have taken effect at which consumer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import DeadLetter, InboxEntry, OutboxEvent
from todo_app.db.repositories.outbox import Subscription, concerns
from todo_app.db.tables import insert_into, table_of
from todo_app.db.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class UndoneEvent:
    """A committed event without effect at a consumer so far; ``dead`` when it lies in the dead letters."""

    id: UUID
    aggregate_id: UUID
    seq: int
    dead: bool


class InboxRepository:
    """The inbox of all consumers."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def undone(
        self, subscription: Subscription, aggregate_ids: Collection[UUID]
    ) -> Sequence[UndoneEvent]:
        """What a consumer has still to do for some aggregates, in order per aggregate.

        Settled events are done, at consumers that came later too.
        """
        dead = exists().where(
            col(DeadLetter.consumer) == subscription.consumer, col(DeadLetter.event_id) == col(OutboxEvent.id)
        )
        query = (
            select(col(OutboxEvent.id), col(OutboxEvent.aggregate_id), col(OutboxEvent.seq), dead)
            .where(
                col(OutboxEvent.aggregate_id).in_(aggregate_ids),
                col(OutboxEvent.settled_at).is_(None),
                concerns(subscription),
                ~exists().where(
                    col(InboxEntry.event_id) == col(OutboxEvent.id),
                    col(InboxEntry.consumer) == subscription.consumer,
                ),
            )
            .order_by(col(OutboxEvent.aggregate_id), col(OutboxEvent.seq))
        )
        return [UndoneEvent(*row) for row in await self._session.execute(query)]

    async def take(self, consumer: str, event_ids: Collection[UUID], *, now: datetime) -> set[UUID]:
        """Write the inbox rows; the ids that were not there, whose effect is this transaction's to make.

        Another transaction that is taking the same event is waited for.
        """
        return await self._insert(consumer, event_ids, now=now, discarded=False)

    async def discard(self, consumer: str, event_id: UUID, *, now: datetime) -> None:
        """Note that an event will never take effect at a consumer."""
        await self._insert(consumer, [event_id], now=now, discarded=True)

    async def _insert(
        self, consumer: str, event_ids: Collection[UUID], *, now: datetime, discarded: bool
    ) -> set[UUID]:
        if not event_ids:
            return set()
        table = table_of(InboxEntry)
        # From the outbox, so that the statement grows by one value for each event and not by a whole row.
        entries = select(
            col(OutboxEvent.id), literal(consumer), literal(now, UtcDateTime()), literal(discarded)
        ).where(col(OutboxEvent.id).in_(event_ids))
        columns = [table.c.event_id, table.c.consumer, table.c.processed_at, table.c.discarded]
        insert = (
            insert_into(self._session, table)
            .from_select(columns, entries)
            .on_conflict_do_nothing()
            .returning(table.c.event_id)
        )
        return set((await self._session.scalars(insert)).all())
