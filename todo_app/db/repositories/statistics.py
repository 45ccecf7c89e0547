"""When the tasks of one user were added, completed and skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CompoundSelect, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import Task


class Deed(StrEnum):
    """What is counted."""

    ADDED = "added"
    COMPLETED = "completed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Moment:
    """That something was done to a task at an instant."""

    deed: Deed
    at: datetime


class StatisticsRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def moments(self, *, since: datetime, until: datetime) -> list[Moment]:
        """What was done from an instant on and before another; tasks in the trash do not count."""
        mine = (col(Task.user_id) == self._user_id, col(Task.deleted_at).is_(None))
        added = [col(Task.created_at) >= since, col(Task.created_at) < until]
        is_closed = col(Task.completed_at).is_not(None)
        closed = [is_closed, col(Task.completed_at) >= since, col(Task.completed_at) < until]
        # Open and completed tasks have an index each by when they were added.
        query: CompoundSelect[str, datetime] = union_all(
            select(literal(Deed.ADDED), col(Task.created_at)).where(*mine, ~is_closed, *added),
            select(literal(Deed.ADDED), col(Task.created_at)).where(*mine, is_closed, *added),
            select(literal(Deed.COMPLETED), col(Task.completed_at)).where(
                *mine, *closed, col(Task.skipped).is_(False)
            ),
            select(literal(Deed.SKIPPED), col(Task.completed_at)).where(
                *mine, *closed, col(Task.skipped).is_(True)
            ),
        )
        return [Moment(Deed(deed), at) for deed, at in await self._session.execute(query)]
