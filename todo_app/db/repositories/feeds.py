"""The secret addresses under which calendars read tasks: one for each person, of which the digest is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import CalendarFeed, Task, User


class FeedRepository:
    """Whoever knows the secret reads as the person whose it is; all else is bound to the user."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def owner(self, digest: str) -> User | None:
        """Whose feed has this digest."""
        query = select(User).join(CalendarFeed, col(CalendarFeed.user_id) == col(User.id))
        return (
            await self._session.scalars(query.where(col(CalendarFeed.secret_digest) == digest))
        ).one_or_none()

    async def of(self, user_id: UUID) -> CalendarFeed | None:
        """The feed of a person, if they have one."""
        return await self._session.get(CalendarFeed, user_id)

    async def remove(self, user_id: UUID) -> bool:
        """Remove the feed of a person; whether there was one."""
        query = delete(CalendarFeed).where(col(CalendarFeed.user_id) == user_id)
        gone = await self._session.execute(query.returning(col(CalendarFeed.user_id)))
        return gone.first() is not None

    async def add(self, user_id: UUID, digest: str, *, now: datetime) -> None:
        """Give a person who has none a feed."""
        self._session.add(CalendarFeed(user_id=user_id, secret_digest=digest, created_at=now))

    async def open_tasks(self, user_id: UUID, *, limit: int) -> Sequence[tuple[UUID, int]]:
        """The open tasks that are due first, with their versions."""
        query = select(col(Task.id), col(Task.version)).where(
            col(Task.user_id) == user_id, col(Task.completed_at).is_(None), col(Task.deleted_at).is_(None)
        )
        rows = await self._session.execute(query.order_by(col(Task.due_sort), col(Task.id)).limit(limit))
        return [(task_id, version) for task_id, version in rows]
