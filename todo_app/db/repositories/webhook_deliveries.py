"""What webhooks of all users are to be told: claimed by a worker, sent, tried again, given up, forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import OutboxEvent, User, Webhook, WebhookDelivery
from todo_app.db.tables import insert_into, table_of

# Deliveries of one person that are under way at once, so that endpoints that hang leave room for others'.
AT_ONCE_OF_ONE = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint said, how long that took, and the beginning of its answer; no status without one."""

    status: int | None
    duration_ms: int
    text: str


@dataclass(slots=True)
class WebhookParcel:
    """A claimed delivery with all that is needed to send it; of a test there is no event."""

    delivery: WebhookDelivery
    webhook: Webhook
    user: User
    envelope: str | None
    # Set when it was sent.
    reply: Reply | None = None

    @property
    def id(self) -> UUID:
        """The delivery's."""
        return self.delivery.id

    @property
    def user_id(self) -> UUID:
        """Whose it is."""
        return self.user.id


class WebhookDeliveryRepository:
    """The deliveries of all users; for those who carry them out."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def listening(self, user_ids: Collection[UUID]) -> Sequence[Webhook]:
        """The webhooks of users that are on."""
        query = select(Webhook).where(col(Webhook.user_id).in_(user_ids), col(Webhook.disabled_at).is_(None))
        return (await self._session.scalars(query)).all()

    async def add(self, deliveries: Sequence[WebhookDelivery]) -> None:
        """Insert deliveries; those that are there already stay as they are."""
        if not deliveries:
            return
        table = table_of(WebhookDelivery)
        rows = [each.model_dump() for each in deliveries]
        await self._session.execute(insert_into(self._session, table).on_conflict_do_nothing(), rows)

    async def claim(self, *, owner: str, now: datetime, until: datetime, limit: int) -> list[WebhookParcel]:
        """Take a lease on deliveries that are due, the most overdue first, so many of each person.

        Whoever claims at the same time gets others. The attempt counts from now on, so that one that ends
        with the process counts as well.
        """
        is_free = or_(col(WebhookDelivery.claimed_until).is_(None), col(WebhookDelivery.claimed_until) <= now)
        # Those under way come first, and take the places of others.
        place = (
            func.row_number()
            .over(
                partition_by=col(WebhookDelivery.user_id),
                order_by=(
                    case((is_free, 1), else_=0),
                    col(WebhookDelivery.next_attempt_at),
                    col(WebhookDelivery.id),
                ),
            )
            .label("place")
        )
        due = (
            select(col(WebhookDelivery.id), place)
            .where(col(WebhookDelivery.next_attempt_at) <= now)
            .subquery()
        )
        picked = (
            select(col(WebhookDelivery.id))
            .join(due, due.c.id == col(WebhookDelivery.id))
            .where(due.c.place <= AT_ONCE_OF_ONE, col(WebhookDelivery.next_attempt_at) <= now, is_free)
            .order_by(col(WebhookDelivery.next_attempt_at), col(WebhookDelivery.id))
            .limit(limit)
            .with_for_update(skip_locked=True, of=WebhookDelivery)
            .cte("picked")
        )
        claimed = (
            update(WebhookDelivery)
            .where(col(WebhookDelivery.id).in_(select(picked.c.id)))
            .values(claimed_by=owner, claimed_until=until, attempts=WebhookDelivery.attempts + 1)
            .returning(col(WebhookDelivery.id))
            .execution_options(synchronize_session=False)
        )
        return await self._parcels((await self._session.scalars(claimed)).all())

    async def next_at(self, *, now: datetime) -> datetime | None:
        """When the next delivery is due, or the lease of one ends.

        What is due and waits for others of its person is not counted: the end of those is news enough.
        """
        next_attempt, lease = col(WebhookDelivery.next_attempt_at), col(WebhookDelivery.claimed_until)
        under_way = (
            select(col(WebhookDelivery.user_id))
            .where(next_attempt <= now, lease > now)
            .group_by(col(WebhookDelivery.user_id))
            .having(func.count() >= AT_ONCE_OF_ONE)
        )
        queries = (
            select(next_attempt).where(
                next_attempt <= now,
                or_(lease.is_(None), lease <= now),
                col(WebhookDelivery.user_id).not_in(under_way),
            ),
            select(next_attempt).where(next_attempt > now).order_by(next_attempt),
            select(lease).where(next_attempt <= now, lease > now).order_by(lease),
        )
        found = [await self._session.scalar(query.limit(1)) for query in queries]
        return min((instant for instant in found if instant is not None), default=None)

    async def webhooks(self, webhook_ids: Collection[UUID]) -> dict[UUID, Webhook]:
        """Webhooks by id, locked; those that were removed meanwhile are missing."""
        query = select(Webhook).where(col(Webhook.id).in_(webhook_ids)).order_by(col(Webhook.id))
        query = query.execution_options(populate_existing=True)
        # Not from those who insert something for it.
        rows = await self._session.scalars(locked(self._session, query, key_share=True))
        return {each.id: each for each in rows}

    async def many(self, delivery_ids: Collection[UUID]) -> dict[UUID, WebhookDelivery]:
        """Deliveries by id, locked; those whose webhook was removed meanwhile are missing."""
        query = select(WebhookDelivery).where(col(WebhookDelivery.id).in_(delivery_ids))
        query = query.order_by(col(WebhookDelivery.id)).execution_options(populate_existing=True)
        return {each.id: each for each in await self._session.scalars(locked(self._session, query))}

    async def remove_old(self, *, before: datetime, limit: int) -> int:
        """Delete settled deliveries of before an instant; how many."""
        old = (
            select(col(WebhookDelivery.id))
            .where(col(WebhookDelivery.created_at) < before, col(WebhookDelivery.next_attempt_at).is_(None))
            .limit(limit)
        )
        return await self._remove(old)

    async def crowded(self, *, most: int, limit: int) -> Sequence[UUID]:
        """Webhooks with more deliveries than so many."""
        of_one = col(WebhookDelivery.webhook_id)
        query = select(of_one).group_by(of_one).having(func.count() > most).limit(limit)
        return (await self._session.scalars(query)).all()

    async def remove_crowd(self, webhook_id: UUID, *, most: int, limit: int) -> int:
        """Delete the settled deliveries of a webhook that come after so many newer ones; how many."""
        of_one = (
            select(col(WebhookDelivery.id))
            .where(col(WebhookDelivery.webhook_id) == webhook_id)
            .order_by(col(WebhookDelivery.created_at).desc(), col(WebhookDelivery.id).desc())
        )
        older = of_one.offset(most).limit(limit).subquery()
        settled = select(col(WebhookDelivery.id)).where(
            col(WebhookDelivery.id).in_(select(older.c.id)), col(WebhookDelivery.next_attempt_at).is_(None)
        )
        return await self._remove(settled)

    async def _remove(self, chosen: Select[UUID]) -> int:
        removed = await self._session.scalars(
            delete(WebhookDelivery)
            .where(col(WebhookDelivery.id).in_(chosen))
            .returning(col(WebhookDelivery.id))
            .execution_options(synchronize_session=False)
        )
        return len(removed.all())

    async def _parcels(self, delivery_ids: Collection[UUID]) -> list[WebhookParcel]:
        if not delivery_ids:
            return []
        query = (
            select(WebhookDelivery, Webhook, User, col(OutboxEvent.envelope))
            .join(Webhook, col(Webhook.id) == col(WebhookDelivery.webhook_id))
            .join(User, col(User.id) == col(WebhookDelivery.user_id))
            .outerjoin(
                OutboxEvent,
                and_(
                    col(OutboxEvent.id) == col(WebhookDelivery.event_id),
                    col(OutboxEvent.user_id) == col(WebhookDelivery.user_id),
                ),
            )
            .where(col(WebhookDelivery.id).in_(delivery_ids))
            .order_by(col(WebhookDelivery.next_attempt_at), col(WebhookDelivery.id))
        )
        return [WebhookParcel(*row) for row in await self._session.execute(query)]
