"""The series of one user."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import OutboxEvent, Task, TaskRecurrence
from todo_app.domain.series import Wall, keys_of, occurrence_id


class RecurrenceRepository:
    """Every query is bound to the user; in a transaction that writes, rows are locked until it ends."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id
        self._loaded: dict[UUID, TaskRecurrence] = {}

    async def load(self, tasks: Collection[Task]) -> None:
        """Load the series of these tasks, so that ``of`` knows them."""
        wanted = {task.series_id for task in tasks if task.series_id} - self._loaded.keys()
        if wanted:
            query = select(TaskRecurrence).where(
                col(TaskRecurrence.user_id) == self._user_id, col(TaskRecurrence.id).in_(wanted)
            )
            # In one order, so that two transactions can't wait for each other.
            rows = await self._session.scalars(locked(self._session, query.order_by(col(TaskRecurrence.id))))
            self._loaded |= {series.id: series for series in rows}

    async def successors(self, task_ids: Collection[UUID]) -> Sequence[UUID]:
        """The newest occurrences, those that came of closing one of these tasks; not locked."""
        query = select(col(TaskRecurrence.latest_id)).where(
            col(TaskRecurrence.user_id) == self._user_id, col(TaskRecurrence.previous_id).in_(task_ids)
        )
        return (await self._session.scalars(query)).all()

    def of(self, task: Task) -> TaskRecurrence | None:
        """The series of a task, ended ones too; ``load`` has to come first."""
        return self._loaded.get(task.series_id) if task.series_id else None

    def add(self, series: TaskRecurrence) -> None:
        """Insert a series."""
        self._session.add(series)
        self._loaded[series.id] = series

    async def is_beside_another(self, task: Task) -> bool:
        """Whether a task above or below this one repeats."""
        parents = select(col(Task.id), col(Task.parent_id)).where(col(Task.id) == task.parent_id)
        above = parents.cte("above", recursive=True)
        grandparent = aliased(Task)
        above = above.union(
            select(col(grandparent.id), col(grandparent.parent_id)).join(
                above, col(grandparent.id) == above.c.parent_id
            )
        )
        below = select(col(Task.id)).where(col(Task.parent_id) == task.id).cte("below", recursive=True)
        child = aliased(Task)
        below = below.union(select(col(child.id)).join(below, col(child.parent_id) == below.c.id))
        relatives = select(above.c.id).union(select(below.c.id))
        repeating = (
            exists()
            .where(col(Task.id).in_(relatives), col(Task.deleted_at).is_(None))
            .where(col(TaskRecurrence.id) == col(Task.series_id), col(TaskRecurrence.ended_at).is_(None))
        )
        return bool(await self._session.scalar(select(repeating)))

    async def free_key(self, series_id: UUID, occurrence: Wall, task: Task | None = None) -> str:
        """A key for an occurrence that no other task of the series has, nor had when it was made.

        Its id is made from the key; a task that was moved since has another key, but still that id.
        """
        own = {task.id} if task else set()
        for key in keys_of(occurrence):
            has_key = and_(col(Task.series_id) == series_id, col(Task.occurrence) == key)
            query = select(col(Task.id)).where(
                col(Task.user_id) == self._user_id,
                or_(has_key, col(Task.id) == occurrence_id(series_id, key)),
            )
            if set((await self._session.scalars(query)).all()) <= own:
                return key
        raise AssertionError("there is always another key")

    async def last_events(self, task_ids: Collection[UUID]) -> dict[UUID, int]:
        """The number of the last event of those tasks that were there before."""
        query = (
            select(col(OutboxEvent.aggregate_id), func.max(col(OutboxEvent.seq)))
            .where(col(OutboxEvent.aggregate_id).in_(task_ids))
            .group_by(col(OutboxEvent.aggregate_id))
        )
        return dict((await self._session.execute(query)).all())
