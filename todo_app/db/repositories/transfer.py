"""A user's tasks as a whole: read one after the other for an export, and looked up for an import."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import Task, TaskRecurrence

_BATCH = 400


@dataclass(frozen=True, slots=True)
class Known:
    """A task that is there: the user's own, perhaps in the trash or removed for good, or somebody else's."""

    is_own: bool
    is_trashed: bool


class TransferRepository:
    """What is somebody else's is only ever told as that: an id which is not free."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def task_ids(self, *, after: UUID | None, limit: int) -> Sequence[UUID]:
        """The ids of the next tasks that were not removed for good, in their order."""
        query = select(col(Task.id)).where(col(Task.user_id) == self._user_id, col(Task.purged_at).is_(None))
        if after is not None:
            query = query.where(col(Task.id) > after)
        return (await self._session.scalars(query.order_by(col(Task.id)).limit(limit))).all()

    async def series(self, *, after: UUID | None, limit: int) -> Sequence[TaskRecurrence]:
        """The next series in the order of their ids."""
        query = select(TaskRecurrence).where(col(TaskRecurrence.user_id) == self._user_id)
        if after is not None:
            query = query.where(col(TaskRecurrence.id) > after)
        return (await self._session.scalars(query.order_by(col(TaskRecurrence.id)).limit(limit))).all()

    async def zones(self) -> Sequence[str]:
        """The time zones that due dates name."""
        query = select(col(Task.due_timezone)).where(
            col(Task.user_id) == self._user_id, col(Task.due_timezone).is_not(None)
        )
        return [name for name in await self._session.scalars(query.distinct()) if name]

    async def known_tasks(self, task_ids: Collection[UUID]) -> dict[UUID, Known]:
        """Those of the ids that tasks have."""
        known: dict[UUID, Known] = {}
        for batch in _batches(task_ids):
            query = select(col(Task.id), col(Task.user_id), col(Task.deleted_at)).where(
                col(Task.id).in_(batch)
            )
            for task_id, user_id, deleted_at in await self._session.execute(query):
                known[task_id] = Known(user_id == self._user_id, deleted_at is not None)
        return known

    async def known_series(self, series_ids: Collection[UUID]) -> dict[UUID, bool]:
        """Those of the ids that series have, and whether these are the user's own."""
        known: dict[UUID, bool] = {}
        for batch in _batches(series_ids):
            query = select(col(TaskRecurrence.id), col(TaskRecurrence.user_id)).where(
                col(TaskRecurrence.id).in_(batch)
            )
            for series_id, user_id in await self._session.execute(query):
                known[series_id] = user_id == self._user_id
        return known

    async def occurrences(self, series_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
        """Which occurrences of these series there are."""
        found: set[tuple[UUID, str]] = set()
        for batch in _batches(series_ids):
            query = select(col(Task.series_id), col(Task.occurrence)).where(
                col(Task.user_id) == self._user_id, col(Task.series_id).in_(batch)
            )
            rows = await self._session.execute(query)
            found |= {(series_id, key) for series_id, key in rows if series_id and key}
        return found


def _batches(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _BATCH):
        yield wanted[start : start + _BATCH]
