"""The numbers beside the lists of the sidebar, kept with every change so that nothing is ever counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import ListCount, Task, TaskTag


def lists_of(task: Task, tag_ids: Iterable[UUID]) -> frozenset[str]:
    """The keys of the lists that count this task; subtasks count in tags and in the trash only."""
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
        return {key: tasks for key, tasks in (await self._session.execute(query)).tuples()}

    async def add(self, changes: Counter[str]) -> None:
        """Add to the counts; rows are written in one order, so that two transactions can't wait for each other."""
        rows = [
            {"user_id": self._user_id, "list_key": key, "tasks": change}
            for key, change in sorted(changes.items())
            if change
        ]
        if not rows:
            return
        table: Table = ListCount.__table__  # type: ignore[attr-defined]  # set by SQLModel's metaclass
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        insert = dialect.insert(table).values(rows)
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=["user_id", "list_key"], set_={"tasks": table.c.tasks + insert.excluded.tasks}
            )
        )

    async def recount(self) -> dict[str, int]:
        """What the counts should be, from the tasks themselves; for checks, not for pages."""
        counts: Counter[str] = Counter()
        mine = col(Task.user_id) == self._user_id
        tags_query = (
            select(col(TaskTag.task_id), col(TaskTag.tag_id))
            .join(Task, col(Task.id) == col(TaskTag.task_id))
            .where(mine)
        )
        tags: dict[UUID, list[UUID]] = {}
        for task_id, tag_id in (await self._session.execute(tags_query)).tuples():
            tags.setdefault(task_id, []).append(tag_id)
        for task in (await self._session.scalars(select(Task).where(mine))).all():
            counts.update(lists_of(task, tags.get(task.id, [])))
        return dict(counts)
