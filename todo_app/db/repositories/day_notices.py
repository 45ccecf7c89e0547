"""Who wants to hear of overdue tasks, or of the day's tasks each morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import NO_DUE, NotificationPreferences, Task


class DayNotices:
    """For all users."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wanted_by(self) -> Sequence[UUID]:
        """The users who want either."""
        query = select(col(NotificationPreferences.user_id)).where(
            or_(
                col(NotificationPreferences.overdue_notice).is_(True),
                col(NotificationPreferences.digest_at).is_not(None),
            )
        )
        return (await self._session.scalars(query)).all()

    async def preferences(self, user_id: UUID) -> NotificationPreferences | None:
        """How a user wants to be told, locked; ``None`` while another worker has it."""
        query = select(NotificationPreferences).where(col(NotificationPreferences.user_id) == user_id)
        return await self._session.scalar(locked(self._session, query, skip_locked=True))

    async def became_overdue(
        self, user_id: UUID, *, after: datetime, until: datetime, limit: int
    ) -> Sequence[Task]:
        """The open tasks due between two wall clocks of the user, the second included, in order."""
        query = select(Task).where(
            col(Task.user_id) == user_id,
            col(Task.completed_at).is_(None),
            col(Task.deleted_at).is_(None),
            col(Task.due_sort) > after,
            col(Task.due_sort) <= until,
            col(Task.due_sort) < NO_DUE,
        )
        return (await self._session.scalars(query.order_by(col(Task.due_sort)).limit(limit))).all()
