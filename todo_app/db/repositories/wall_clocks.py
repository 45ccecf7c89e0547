"""Open tasks of all users, by what the rules of time zones make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import Reminder, Task


@dataclass(frozen=True, slots=True)
class OwnedTask:
    """A task and whose it is."""

    id: UUID
    user_id: UUID


class WallClocks:
    """Passes once along all tasks, by id."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def tasks(self, *, after: UUID | None, limit: int) -> Sequence[OwnedTask]:
        """The next open tasks that have a time of day, or a reminder that was not sent."""
        unsent = exists().where(col(Reminder.task_id) == col(Task.id), col(Reminder.sent_at).is_(None))
        query = select(col(Task.id), col(Task.user_id)).where(
            col(Task.completed_at).is_(None),
            col(Task.deleted_at).is_(None),
            or_(col(Task.due_time).is_not(None), unsent),
        )
        if after is not None:
            query = query.where(col(Task.id) > after)
        return [
            OwnedTask(*row) for row in await self._session.execute(query.order_by(col(Task.id)).limit(limit))
        ]
