"""The ways to reach a user outside the app, and what came of using them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import Delivery, Notification, NotificationChannel
from todo_app.db.repositories.notifications import Cursor
from todo_app.domain.errors import NotFound

PAGE = 10


@dataclass(frozen=True, slots=True)
class LoggedDelivery:
    """A delivery with what it carries and the name of its channel."""

    delivery: Delivery
    title: str
    channel: str

    @property
    def cursor(self) -> Cursor:
        """Its place in the log."""
        return Cursor(self.delivery.created_at, self.delivery.id)


class ChannelRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def all(self) -> Sequence[NotificationChannel]:
        """Every channel, the oldest first; locked in a transaction that writes."""
        query = select(NotificationChannel).where(col(NotificationChannel.user_id) == self._user_id)
        query = query.order_by(col(NotificationChannel.created_at), col(NotificationChannel.id))
        return (await self._session.scalars(locked(self._session, query))).all()

    async def get(self, channel_id: UUID) -> NotificationChannel:
        """A channel, locked in a transaction that writes.

        Raises:
            NotFound: when the user has none with this id.
        """
        query = select(NotificationChannel).where(
            col(NotificationChannel.user_id) == self._user_id, col(NotificationChannel.id) == channel_id
        )
        found = (await self._session.scalars(locked(self._session, query))).one_or_none()
        if found is None:
            raise NotFound("channel")
        return found

    def add(self, channel: NotificationChannel) -> None:
        """Insert a channel."""
        self._session.add(channel)

    async def remove(self, channel: NotificationChannel) -> None:
        """Delete a channel, with what was sent and is to be sent through it."""
        await self._session.execute(
            delete(NotificationChannel).where(
                col(NotificationChannel.user_id) == self._user_id, col(NotificationChannel.id) == channel.id
            )
        )

    async def failures(self) -> dict[UUID, str]:
        """Of the channels whose last delivery failed or is being tried again: the error."""
        newest = (
            select(
                col(Delivery.channel_id),
                col(Delivery.error),
                func.row_number()
                .over(partition_by=col(Delivery.channel_id), order_by=col(Delivery.created_at).desc())
                .label("nth"),
            )
            .where(col(Delivery.user_id) == self._user_id, col(Delivery.attempts) > 0)
            .subquery()
        )
        rows = await self._session.execute(
            select(newest.c.channel_id, newest.c.error).where(newest.c.nth == 1, newest.c.error != "")
        )
        return {row[0]: row[1] for row in rows}

    async def log(self, *, before: Cursor | None = None, limit: int = PAGE) -> list[LoggedDelivery]:
        """The newest deliveries, or those before one."""
        query = (
            select(Delivery, col(Notification.title), col(NotificationChannel.name))
            .join(Notification, col(Notification.id) == col(Delivery.notification_id))
            .join(NotificationChannel, col(NotificationChannel.id) == col(Delivery.channel_id))
            .where(col(Delivery.user_id) == self._user_id)
        )
        if before is not None:
            query = query.where(
                or_(
                    col(Delivery.created_at) < before.created_at,
                    and_(col(Delivery.created_at) == before.created_at, col(Delivery.id) < before.id),
                )
            )
        query = query.order_by(col(Delivery.created_at).desc(), col(Delivery.id).desc()).limit(limit)
        return [LoggedDelivery(*row) for row in await self._session.execute(query)]
