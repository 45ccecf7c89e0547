"""What a user has been told, and how they want to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import Notification, NotificationPreferences, Task
from todo_app.db.tables import insert_into, table_of
from todo_app.domain.errors import NotFound

PAGE = 30


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a notification in the list, newest first."""

    created_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Noted:
    """A notification and its task as it is now; there is none in a digest."""

    notification: Notification
    task: Task | None

    @property
    def cursor(self) -> Cursor:
        """Its place in the list."""
        return Cursor(self.notification.created_at, self.notification.id)


_OF_USE = or_(
    col(Notification.task_id).is_(None),
    and_(col(Task.completed_at).is_(None), col(Task.deleted_at).is_(None)),
)


class NotificationRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def add(self, notification: Notification) -> bool:
        """Insert a notification; ``False`` when there is one with its id already."""
        table = table_of(Notification)
        row = notification.model_dump() | {"user_id": self._user_id}
        insert = insert_into(self._session, table).values(row).on_conflict_do_nothing().returning(table.c.id)
        return await self._session.scalar(insert) is not None

    async def get(self, notification_id: UUID) -> Noted:
        """One of the user's notifications.

        Raises:
            NotFound: when the user has none with this id.
        """
        query = self._noted().where(col(Notification.id) == notification_id)
        row = (await self._session.execute(query)).one_or_none()
        if row is None:
            raise NotFound("notification")
        return Noted(row[0], row[1])

    async def page(
        self, *, before: Cursor | None = None, limit: int = PAGE, unread_only: bool = False
    ) -> list[Noted]:
        """The newest notifications, or those before one."""
        query = self._noted()
        if unread_only:
            query = query.where(col(Notification.read_at).is_(None))
        if before is not None:
            query = query.where(
                or_(
                    col(Notification.created_at) < before.created_at,
                    and_(
                        col(Notification.created_at) == before.created_at,
                        col(Notification.id) < before.id,
                    ),
                )
            )
        query = query.order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
        return [Noted(note, task) for note, task in await self._session.execute(query.limit(limit))]

    async def unread_since(self, instant: datetime, *, limit: int = PAGE) -> list[Noted]:
        """The newest notifications since an instant that are unread."""
        query = self._noted().where(
            col(Notification.created_at) >= instant, col(Notification.read_at).is_(None), _OF_USE
        )
        query = query.order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
        return [Noted(note, task) for note, task in await self._session.execute(query.limit(limit))]

    async def count_unread(self, *, up_to: int) -> int:
        """How many are unread; counting ends at a number nobody reads exactly.

        Those of a task that is done count no more, unless it is to be done again.
        """
        some = (
            select(col(Notification.id))
            .outerjoin(Task, col(Task.id) == col(Notification.task_id))
            .where(col(Notification.user_id) == self._user_id, col(Notification.read_at).is_(None), _OF_USE)
            .limit(up_to)
            .subquery()
        )
        return await self._session.scalar(select(func.count()).select_from(some)) or 0

    async def mark_read(self, *, now: datetime, notification_id: UUID | None = None) -> int:
        """Mark one as read, or all; how many were not."""
        query = update(Notification).where(
            col(Notification.user_id) == self._user_id, col(Notification.read_at).is_(None)
        )
        if notification_id is not None:
            query = query.where(col(Notification.id) == notification_id)
        query = query.values(read_at=now).execution_options(synchronize_session=False)
        marked = await self._session.scalars(query.returning(col(Notification.id)))
        return len(marked.all())

    async def mark_task_read(self, task_id: UUID, *, now: datetime) -> None:
        """Mark everything about a task as read."""
        await self._session.execute(
            update(Notification)
            .where(
                col(Notification.user_id) == self._user_id,
                col(Notification.task_id) == task_id,
                col(Notification.read_at).is_(None),
            )
            .values(read_at=now)
            .execution_options(synchronize_session=False)
        )

    async def due_tasks(self, *, until: datetime, limit: int) -> Sequence[Task]:
        """Open tasks that are due up to a wall clock of the user, the earliest first."""
        query = (
            select(Task)
            .where(
                col(Task.user_id) == self._user_id,
                col(Task.completed_at).is_(None),
                col(Task.deleted_at).is_(None),
                col(Task.due_sort) <= until,
            )
            .order_by(col(Task.due_sort), col(Task.id))
            .limit(limit)
        )
        return (await self._session.scalars(query)).all()

    async def preferences(self) -> NotificationPreferences:
        """How the user wants to be told, locked in a transaction that writes; the defaults when unsaid."""
        query = select(NotificationPreferences).where(col(NotificationPreferences.user_id) == self._user_id)
        found = (await self._session.scalars(locked(self._session, query))).one_or_none()
        return found or NotificationPreferences(user_id=self._user_id)

    def keep(self, preferences: NotificationPreferences) -> None:
        """Store them."""
        self._session.add(preferences)

    def _noted(self) -> Select[Notification, Task]:
        return (
            select(Notification, Task)
            .outerjoin(
                Task,
                and_(
                    col(Task.id) == col(Notification.task_id), col(Task.user_id) == col(Notification.user_id)
                ),
            )
            .where(col(Notification.user_id) == self._user_id)
        )
