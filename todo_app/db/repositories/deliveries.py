"""Deliveries of all users on their way: claimed by a worker, sent, tried again, given up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import Delivery, Notification, NotificationChannel, Task, User
from todo_app.db.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with all that is needed to send it."""

    delivery: Delivery
    notification: Notification
    channel: NotificationChannel
    user: User
    task: Task | None

    @property
    def id(self) -> UUID:
        """The delivery's."""
        return self.delivery.id

    @property
    def user_id(self) -> UUID:
        """Whose it is."""
        return self.user.id


class DeliveryRepository:
    """The deliveries of all users; for those who carry them out."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(
        self, kind: str, *, owner: str, now: datetime, until: datetime, limit: int
    ) -> list[Parcel]:
        """Take a lease on deliveries of one kind that are due, the most overdue first.

        Whoever claims at the same time gets others. The attempt counts from now on, so that one that ends
        with the process counts as well.
        """
        picked = (
            select(col(Delivery.id))
            .where(
                col(Delivery.kind) == kind,
                col(Delivery.next_attempt_at) <= now,
                or_(col(Delivery.claimed_until).is_(None), col(Delivery.claimed_until) <= now),
            )
            .order_by(col(Delivery.next_attempt_at), col(Delivery.id))
            .limit(limit)
            .with_for_update(skip_locked=True, of=Delivery)
            .cte("picked")
        )
        claimed = (
            update(Delivery)
            .where(col(Delivery.id).in_(select(picked.c.id)))
            .values(claimed_by=owner, claimed_until=until, attempts=Delivery.attempts + 1)
            .returning(col(Delivery.id))
            .execution_options(synchronize_session=False)
        )
        return await self._parcels((await self._session.scalars(claimed)).all())

    async def next_at(self, kind: str) -> datetime | None:
        """When the next delivery of a kind is due that nobody has claimed, or whose lease ends."""
        later = func.greatest if self._session.get_bind().dialect.name == "postgresql" else func.max
        free_at = func.coalesce(Delivery.claimed_until, Delivery.next_attempt_at)
        instant = later(col(Delivery.next_attempt_at), free_at, type_=UtcDateTime)
        query = (
            select(instant)
            .where(col(Delivery.kind) == kind, col(Delivery.next_attempt_at).is_not(None))
            .order_by(col(Delivery.next_attempt_at))
            .limit(100)
            .subquery()
        )
        following: datetime | None = await self._session.scalar(select(func.min(query.c[0])))
        return following

    async def many(self, delivery_ids: Collection[UUID]) -> dict[UUID, Delivery]:
        """Deliveries by id, locked; those whose channel was removed meanwhile are missing."""
        if not delivery_ids:
            return {}
        query = select(Delivery).where(col(Delivery.id).in_(delivery_ids)).order_by(col(Delivery.id))
        query = query.execution_options(populate_existing=True)
        rows = await self._session.scalars(locked(self._session, query))
        return {delivery.id: delivery for delivery in rows}

    async def channel(self, channel_id: UUID) -> NotificationChannel | None:
        """The channel of a delivery, locked."""
        query = select(NotificationChannel).where(col(NotificationChannel.id) == channel_id)
        query = query.execution_options(populate_existing=True)
        return (await self._session.scalars(locked(self._session, query))).one_or_none()

    async def _parcels(self, delivery_ids: Collection[UUID]) -> list[Parcel]:
        if not delivery_ids:
            return []
        query = (
            select(Delivery, Notification, NotificationChannel, User, Task)
            .join(Notification, col(Notification.id) == col(Delivery.notification_id))
            .join(NotificationChannel, col(NotificationChannel.id) == col(Delivery.channel_id))
            .join(User, col(User.id) == col(Delivery.user_id))
            .outerjoin(
                Task, and_(col(Task.id) == col(Notification.task_id), col(Task.user_id) == col(User.id))
            )
            .where(col(Delivery.id).in_(delivery_ids))
            .order_by(col(Delivery.next_attempt_at), col(Delivery.id))
        )
        return [Parcel(*row) for row in await self._session.execute(query)]
