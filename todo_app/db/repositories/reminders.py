"""The reminders of one user's tasks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import NotificationPreferences, Reminder, Task
from todo_app.db.tables import table_of
from todo_app.domain.errors import NotFound

_BATCH = 400


class ReminderRepository:
    """Every query is bound to the user; in a transaction that writes, rows are locked until it ends."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id
        self._new: list[Reminder] = []
        self._of_task: dict[UUID, list[Reminder]] = {}
        self._preferences: NotificationPreferences | None = None

    async def load(self, task_ids: Collection[UUID]) -> None:
        """Load the reminders of these tasks, so that ``of`` knows them."""
        wanted = sorted(set(task_ids) - self._of_task.keys())
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            query = select(Reminder).where(
                col(Reminder.user_id) == self._user_id, col(Reminder.task_id).in_(batch)
            )
            rows = await self._session.scalars(locked(self._session, query.order_by(col(Reminder.id))))
            self._of_task |= {task_id: [] for task_id in batch}
            for reminder in rows:
                self._of_task[reminder.task_id].append(reminder)

    async def page(self, *, task_id: UUID | None, start: UUID | None, limit: int) -> Sequence[Reminder]:
        """The next reminders in the order they were set, of one task or of all that were not purged."""
        query = (
            select(Reminder)
            .join(Task, col(Task.id) == col(Reminder.task_id))
            .where(col(Reminder.user_id) == self._user_id, col(Task.purged_at).is_(None))
        )
        if task_id is not None:
            query = query.where(col(Reminder.task_id) == task_id)
        if start is not None:
            query = query.where(col(Reminder.id) >= start)
        return (await self._session.scalars(query.order_by(col(Reminder.id)).limit(limit))).all()

    async def task_of(self, reminder_id: UUID) -> UUID:
        """The task that a reminder belongs to; nothing is locked.

        Raises:
            NotFound: when there is no such reminder, or it is another user's.
        """
        query = select(col(Reminder.task_id)).where(
            col(Reminder.user_id) == self._user_id, col(Reminder.id) == reminder_id
        )
        task_id = await self._session.scalar(query)
        if task_id is None:
            raise NotFound("reminder")
        return task_id

    def of(self, task: Task) -> Sequence[Reminder]:
        """The reminders of a task in the order they were set; ``load`` has to come first."""
        return self._of_task[task.id]

    def begin(self, task: Task) -> None:
        """Note that a new task has no reminders, which need not be looked up."""
        self._of_task[task.id] = []

    def add(self, reminder: Reminder) -> None:
        """Insert a reminder."""
        self._new.append(reminder)
        self._of_task.setdefault(reminder.task_id, []).append(reminder)

    async def write_new(self) -> None:
        """Insert the new reminders, in one statement and after the tasks that they belong to."""
        rows, self._new = [reminder.model_dump() for reminder in self._new], []
        if rows:
            await self._session.execute(insert(_REMINDERS), rows)

    async def remove(self, reminders: Collection[Reminder]) -> None:
        """Delete reminders."""
        gone = {reminder.id for reminder in reminders}
        for task_id in {reminder.task_id for reminder in reminders}:
            self._of_task[task_id] = [each for each in self._of_task[task_id] if each.id not in gone]
        stored = gone - {reminder.id for reminder in self._new}
        self._new = [reminder for reminder in self._new if reminder.id not in gone]
        if stored:
            await self._session.execute(delete(Reminder).where(col(Reminder.id).in_(stored)))

    async def preferences(self) -> NotificationPreferences:
        """How the user wants to be told; the defaults when nothing is stored."""
        if self._preferences is None:
            query = select(NotificationPreferences).where(
                col(NotificationPreferences.user_id) == self._user_id
            )
            stored = (await self._session.scalars(query)).one_or_none()
            self._preferences = stored or NotificationPreferences(user_id=self._user_id)
        return self._preferences

    async def tasks_with_unsent(self, *, after: UUID | None) -> list[UUID]:
        """The next tasks, by id, that have a reminder that was not sent."""
        query = select(col(Reminder.task_id)).where(
            col(Reminder.user_id) == self._user_id, col(Reminder.sent_at).is_(None)
        )
        if after is not None:
            query = query.where(col(Reminder.task_id) > after)
        query = query.distinct().order_by(col(Reminder.task_id)).limit(_BATCH)
        return list((await self._session.scalars(query)).all())


_REMINDERS = table_of(Reminder)


class DueReminders:
    """Reminders of all users whose moment has come."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, *, now: datetime, limit: int) -> Sequence[tuple[Reminder, Task]]:
        """Those that are due, oldest first, with their tasks; what others hold is passed over.

        Their tasks are locked too, as a change of a task locks first the task and then its reminders.
        """
        query = (
            select(Reminder, Task)
            .join(Task, col(Task.id) == col(Reminder.task_id))
            .where(
                col(Reminder.fires_at).is_not(None),
                col(Reminder.sent_at).is_(None),
                col(Reminder.fires_at) <= now,
            )
            .order_by(col(Reminder.fires_at))
            .limit(limit)
        )
        rows = await self._session.execute(
            locked(self._session, query, of=(Reminder, Task), skip_locked=True)
        )
        return [(reminder, task) for reminder, task in rows]

    async def preferences(self, user_ids: Collection[UUID]) -> dict[UUID, NotificationPreferences]:
        """How those of the users who have said so want to be told."""
        query = select(NotificationPreferences).where(col(NotificationPreferences.user_id).in_(user_ids))
        return {row.user_id: row for row in await self._session.scalars(query)}
