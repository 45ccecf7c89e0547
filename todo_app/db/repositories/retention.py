"""What has outlived its time, across all users; for the job that removes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import IdempotencyKey, Notification, StoredValue, Task, UsedLink


class RetentionRepository:
    """Looks at the ages of things, never at what is in them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def purged_tasks(self, *, before: datetime, limit: int) -> Sequence[UUID]:
        """Tasks that were removed for good before an instant, but are still there."""
        query = select(col(Task.id)).where(col(Task.purged_at) < before).limit(limit)
        return (await self._session.scalars(query)).all()

    async def erase_tasks(self, task_ids: Collection[UUID]) -> None:
        """Delete the rows of tasks; a subtask that is not among them stays, without its parent."""
        await self._session.execute(
            update(Task)
            .where(col(Task.parent_id).in_(task_ids), col(Task.id).not_in(task_ids))
            .values(parent_id=None)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            delete(Task).where(col(Task.id).in_(task_ids)).execution_options(synchronize_session=False)
        )

    async def users_with_old_trash(self, *, before: datetime) -> Sequence[UUID]:
        """The users who have tasks in the trash since before an instant."""
        return (
            await self._session.scalars(select(col(Task.user_id)).where(*_in_trash(before)).distinct())
        ).all()

    async def old_trash(self, user_id: UUID, *, before: datetime, limit: int) -> Sequence[UUID]:
        """Tasks of a user that lie in the trash since before an instant."""
        query = select(col(Task.id)).where(col(Task.user_id) == user_id, *_in_trash(before))
        return (await self._session.scalars(query.limit(limit))).all()

    async def remove_expired_values(self, *, now: datetime) -> None:
        """Forget values of the state store that have outlived their time."""
        await self._session.execute(delete(StoredValue).where(col(StoredValue.expires_at) <= now))

    async def remove_expired_links(self, *, now: datetime) -> None:
        """Forget used links that would not count any more anyway."""
        await self._session.execute(delete(UsedLink).where(col(UsedLink.expires_at) <= now))

    async def remove_notifications(self, *, before: datetime, limit: int) -> int:
        """Delete notifications of before an instant, and what hangs on them; how many."""
        old = select(col(Notification.id)).where(col(Notification.created_at) < before).limit(limit)
        removed = await self._session.scalars(
            delete(Notification)
            .where(col(Notification.id).in_(old))
            .returning(col(Notification.id))
            .execution_options(synchronize_session=False)
        )
        return len(removed.all())

    async def remove_answers(self, *, before: datetime, limit: int) -> int:
        """Delete answers to programs of before an instant; how many."""
        key = (col(IdempotencyKey.user_id), col(IdempotencyKey.key_digest))
        old = select(*key).where(col(IdempotencyKey.created_at) < before).limit(limit)
        removed = await self._session.scalars(
            delete(IdempotencyKey)
            .where(tuple_(*key).in_(old))
            .returning(col(IdempotencyKey.key_digest))
            .execution_options(synchronize_session=False)
        )
        return len(removed.all())


def _in_trash(before: datetime) -> tuple[ColumnElement[bool], ...]:
    # The first two are the condition of the index of the trash.
    return col(Task.deleted_at).is_not(None), col(Task.purged_at).is_(None), col(Task.deleted_at) < before
