"""The numbers beside the lists of the sidebar, kept with every change so that nothing is ever counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import ListCount, Tag, Task, TaskTag
from todo_app.db.tables import table_of


def lists_of(task: Task, tag_ids: Iterable[UUID]) -> frozenset[str]:
    """The keys of the lists that count this task; subtasks count in tags, Completed and the trash."""
    if task.purged_at:
        return frozenset()
    if task.deleted_at:
        return frozenset({"trash"})
    if task.completed_at:
        return frozenset({"completed"})
    keys = {f"tag:{tag_id}" for tag_id in tag_ids}
    if task.parent_id is None:
        keys |= {"all", f"project:{task.project_id}" if task.project_id else "inbox"}
    return frozenset(keys)


# One statement however many rows there are, which is therefore put into SQL once and not at every change.
@cache
def _adding(dialect: str) -> Insert:
    table = table_of(ListCount)
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_update(
        index_elements=["user_id", "list_key"], set_={"tasks": table.c.tasks + insert.excluded.tasks}
    )


class ListCounts:
    """Adds up what one transaction changes and writes it in one statement."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def all(self) -> dict[str, int]:
        """Every count of this user by list key."""
        query = select(col(ListCount.list_key), col(ListCount.tasks)).where(
            col(ListCount.user_id) == self._user_id
        )
        return dict((await self._session.execute(query)).all())

    async def add(self, changes: Counter[str]) -> None:
        """Add to the counts; in one order, so that two transactions can't wait for each other."""
        rows = [
            {"user_id": self._user_id, "list_key": key, "tasks": change}
            for key, change in sorted(changes.items())
            if change
        ]
        if rows:
            await self._session.execute(_adding(self._session.get_bind().dialect.name), rows)

    async def recount(self) -> dict[str, int]:
        """What the counts should be, from the tasks themselves; for checks, not for pages."""
        deleted, completed = col(Task.deleted_at).is_not(None), col(Task.completed_at).is_not(None)
        is_open = (~deleted, ~completed)
        open_top_level = (*is_open, col(Task.parent_id).is_(None))
        counts = {
            "trash": await self._count(deleted, col(Task.purged_at).is_(None)),
            "completed": await self._count(~deleted, completed),
            "all": await self._count(*open_top_level),
            "inbox": await self._count(*open_top_level, col(Task.project_id).is_(None)),
        }
        by_project = (
            select(col(Task.project_id), func.count())
            .where(col(Task.user_id) == self._user_id, *open_top_level, col(Task.project_id).is_not(None))
            .group_by(col(Task.project_id))
        )
        by_tag = (
            select(col(TaskTag.tag_id), func.count())
            .join(Task, col(Task.id) == col(TaskTag.task_id))
            .join(Tag, col(Tag.id) == col(TaskTag.tag_id))
            .where(col(Task.user_id) == self._user_id, *is_open, col(Tag.deleted_at).is_(None))
            .group_by(col(TaskTag.tag_id))
        )
        for kind, query in {"project": by_project, "tag": by_tag}.items():
            rows = await self._session.execute(query)
            counts |= {f"{kind}:{list_id}": tasks for list_id, tasks in rows}
        return {key: tasks for key, tasks in counts.items() if tasks}

    async def wrong(self) -> set[str]:
        """The lists whose count is not what it should be; those of deleted tags are never shown."""
        shown, right = await self.all(), await self.recount()
        deleted = select(col(Tag.id)).where(
            col(Tag.user_id) == self._user_id, col(Tag.deleted_at).is_not(None)
        )
        unseen = {f"tag:{tag_id}" for tag_id in await self._session.scalars(deleted)}
        return {key for key in shown.keys() | right.keys() if shown.get(key, 0) != right.get(key, 0)} - unseen

    async def mend(self) -> None:
        """Set every count to what it should be."""
        right, shown = Counter(await self.recount()), await self.all()
        right.subtract(shown)
        await self.add(right)

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(Task).where(col(Task.user_id) == self._user_id, *conditions)
        return (await self._session.execute(query)).scalar_one()
