"""The tasks of one user: loading them to change them, and what a change touches besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import is_writing
from todo_app.db.models import Task, TaskSearch, TaskTag
from todo_app.db.repositories.list_counts import ListCounts, lists_of
from todo_app.db.repositories.task_lists import tag_ids_of_task, uuids_of
from todo_app.db.tables import table_of
from todo_app.domain.errors import NotFound
from todo_app.domain.text import words_of

BATCH = 400
_OPEN = (col(Task.completed_at).is_(None), col(Task.deleted_at).is_(None))


class TaskRepository:
    """Every query is bound to the user; in a transaction that writes, rows are locked until it ends.

    Each query locks by id. Whoever needs several tasks takes them in one, and their series after them, so
    that two transactions can't wait for each other.
    """

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id
        self._tag_ids: dict[UUID, frozenset[UUID]] = {}
        self._loaded: dict[UUID, tuple[Task, frozenset[str]]] = {}
        # What is written when the transaction is flushed, in one statement for all tasks.
        self._tagged: dict[tuple[UUID, UUID], UUID] = {}
        self._untagged: set[tuple[UUID, UUID]] = set()
        self._new: list[Task] = []
        self._reworded: list[Task] = []
        # Whether the search index has each loaded task as one in the trash.
        self._hidden: dict[UUID, bool] = {}
        # What the lists have less because tasks were erased.
        self._erased: Counter[str] = Counter()
        self.counts = ListCounts(session, user_id)

    async def get(self, task_id: UUID) -> Task:
        """One task, trashed ones too.

        Raises:
            NotFound: when there is none, it is another user's, or it was removed for good.
        """
        tasks = await self.many([task_id])
        if not tasks or tasks[0].purged_at:
            raise NotFound("task")
        return tasks[0]

    async def many(self, task_ids: Collection[UUID]) -> list[Task]:
        """Those of the tasks that exist, purged ones too, in the order asked for."""
        wanted = list(dict.fromkeys(task_ids))
        # What this transaction has loaded is locked, so it is as it was.
        found = {task_id: self._loaded[task_id][0] for task_id in wanted if task_id in self._loaded}
        unknown = sorted(set(wanted) - found.keys())
        for start in range(0, len(unknown), BATCH):
            batch = unknown[start : start + BATCH]
            found |= {task.id: task for task in await self._select(_SOME, ids=batch)}
        return [found[task_id] for task_id in wanted if task_id in found]

    async def with_descendants(self, task_ids: Collection[UUID]) -> list[Task]:
        """The tasks and all their subtasks, parents first."""
        tasks = await self._select(_TREE, ids=list(task_ids))
        if any(task.series_id and task.parent_id for task in tasks):
            # One of them may have got its next occurrence while this waited for the locks.
            tasks = await self._select(_TREE, ids=list(task_ids))
        return _parents_first(tasks)

    async def with_parent_and_descendants(self, task_id: UUID) -> list[Task]:
        """A task, all its subtasks and the task right above it, parents first."""
        return _parents_first(await self._select(_TREE_AND_PARENT, ids=[task_id]))

    async def with_relatives(self, task_ids: Collection[UUID]) -> list[Task]:
        """The tasks with all those above and below them, parents first."""
        return _parents_first(await self._select(_RELATIVES, ids=list(task_ids)))

    async def erase(self, tasks: Collection[Task]) -> None:
        """Remove loaded tasks with everything that hangs on them, as if they had never been."""
        gone = [task.id for task in tasks]
        await self._session.flush()
        await self.write_derived()
        for task in tasks:
            _, before = self._loaded.pop(task.id)
            self._erased.subtract(before)
            self._session.expunge(task)
        await self._session.execute(
            delete(Task).where(col(Task.user_id) == self._user_id, col(Task.id).in_(gone))
        )

    async def _select(self, condition: ColumnElement[bool], **values: object) -> list[Task]:
        query = _loading(condition, locks=is_writing(self._session))
        tasks = []
        for task, tag_ids in await self._session.execute(query, {"user": self._user_id, **values}):
            if task.id not in self._loaded:
                self._tag_ids[task.id] = frozenset(uuids_of(tag_ids))
                self._loaded[task.id] = (task, lists_of(task, self._tag_ids[task.id]))
                self._hidden[task.id] = _is_hidden(task)
            tasks.append(task)
        return tasks

    def tag_ids(self, task: Task) -> frozenset[UUID]:
        """The tags of a loaded task."""
        return self._tag_ids[task.id]

    def add(self, task: Task, *, tag_ids: Collection[UUID], command_id: UUID) -> None:
        """Insert a new task with its tags."""
        self._session.add(task)
        self._new.append(task)
        self._tagged |= {(task.id, tag_id): command_id for tag_id in tag_ids}
        self._tag_ids[task.id] = frozenset(tag_ids)
        self._loaded[task.id] = (task, frozenset())

    def set_tags(self, task: Task, tag_ids: Collection[UUID], *, command_id: UUID) -> None:
        """Make exactly these the tags of a loaded task; written together with those of other tasks."""
        before, after = self._tag_ids[task.id], frozenset(tag_ids)
        for tag_id in before - after:
            if (task.id, tag_id) in self._tagged:
                del self._tagged[task.id, tag_id]
            else:
                self._untagged.add((task.id, tag_id))
        self._tagged |= {(task.id, tag_id): command_id for tag_id in after - before}
        self._tag_ids[task.id] = after

    def index_text(self, task: Task) -> None:
        """Note that title or description changed, for the search index."""
        self._reworded.append(task)

    async def write_derived(self) -> None:
        """Bring tags, search index and the sidebar's counts up to date with this transaction's changes."""
        await self._write_tags()
        await self._write_index()
        await self._write_counts()

    async def _write_tags(self) -> None:
        if self._untagged:
            rows = [{"of_task": task_id, "tag": tag_id} for task_id, tag_id in sorted(self._untagged)]
            await self._session.execute(_UNTAG, rows)
        if self._tagged:
            rows = [
                {"task_id": task_id, "tag_id": tag_id, "command_id": command_id}
                for (task_id, tag_id), command_id in sorted(self._tagged.items())
            ]
            await self._session.execute(insert(_TAGS), rows)
        self._tagged, self._untagged = {}, set()

    async def _write_index(self) -> None:
        if self._new:
            rows = [{"task_id": task.id, **_entry(task)} for task in self._new]
            await self._session.execute(insert(_SEARCH), rows)
            self._hidden |= {task.id: _is_hidden(task) for task in self._new}
        changed = {task.id: task for task in self._reworded}
        changed |= {
            task.id: task for task, _ in self._loaded.values() if _is_hidden(task) != self._hidden[task.id]
        }
        if changed:
            rows = [{"of_task": task.id, **_entry(task)} for task in changed.values()]
            await self._session.execute(_REINDEX, rows)
            self._hidden |= {task.id: _is_hidden(task) for task in changed.values()}
        self._new, self._reworded = [], []

    async def _write_counts(self) -> None:
        changes, self._erased = self._erased, Counter()
        for task_id, (task, before) in self._loaded.items():
            after = lists_of(task, self._tag_ids[task_id])
            changes.update(after - before)
            changes.subtract(before - after)
            self._loaded[task_id] = (task, after)
        await self.counts.add(changes)

    async def ranked(self, rank: str) -> list[Task]:
        """The open tasks that share a rank, as a list in manual order shows them."""
        return await self._select(_RANKED, rank=rank)

    async def ranks_around(self, rank: str) -> tuple[str | None, str | None]:
        """The nearest ranks of open tasks below and above one; ``None`` where there is none."""
        ranks = select(col(Task.rank)).where(col(Task.user_id) == self._user_id, *_OPEN).limit(1)
        below = ranks.where(col(Task.rank) < rank).order_by(col(Task.rank).desc())
        above = ranks.where(col(Task.rank) > rank).order_by(col(Task.rank))
        return await self._session.scalar(below), await self._session.scalar(above)

    async def ids_in_trash(self, *, until: datetime, limit: int) -> Sequence[UUID]:
        """The ids of what has lain in the trash longest, put there no later than an instant."""
        query = select(col(Task.id)).where(
            col(Task.user_id) == self._user_id,
            col(Task.deleted_at).is_not(None),
            col(Task.deleted_at) <= until,
            col(Task.purged_at).is_(None),
        )
        return (
            await self._session.scalars(query.order_by(col(Task.deleted_at), col(Task.id)).limit(limit))
        ).all()

    async def ids_of_project(self, project_id: UUID) -> Sequence[UUID]:
        """The ids of a project's tasks that are not in the trash."""
        query = select(col(Task.id)).where(
            col(Task.user_id) == self._user_id,
            col(Task.project_id) == project_id,
            col(Task.deleted_at).is_(None),
        )
        return (await self._session.scalars(query)).all()

    async def timed(self, *, after: UUID | None) -> list[Task]:
        """The next tasks whose due date has a time, by id, for re-reading them in another zone."""
        query = select(col(Task.id)).where(
            col(Task.user_id) == self._user_id, col(Task.due_time).is_not(None), col(Task.purged_at).is_(None)
        )
        if after is not None:
            query = query.where(col(Task.id) > after)
        ids = (await self._session.scalars(query.order_by(col(Task.id)).limit(BATCH))).all()
        return await self.many(ids)


_MINE = col(Task.user_id) == bindparam("user")
_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_THEMSELVES = (_MINE, col(Task.id).in_(_IDS))


def _below() -> ColumnElement[bool]:
    tree = select(col(Task.id)).where(*_THEMSELVES).cte("tree", recursive=True)
    tree = tree.union(select(col(Task.id)).join(tree, col(Task.parent_id) == tree.c.id))
    return col(Task.id).in_(select(tree.c.id))


def _above() -> ColumnElement[bool]:
    line = select(col(Task.id), col(Task.parent_id)).where(*_THEMSELVES).cte("above", recursive=True)
    line = line.union(select(col(Task.id), col(Task.parent_id)).join(line, col(Task.id) == line.c.parent_id))
    return col(Task.id).in_(select(line.c.id))


# Which tasks to load, of the user and what else the statement is executed with.
_SOME, _TREE, _RELATIVES = col(Task.id).in_(_IDS), _below(), or_(_above(), _below())
_TREE_AND_PARENT = or_(
    _TREE, col(Task.id).in_(select(col(Task.parent_id)).where(*_THEMSELVES, col(Task.parent_id).is_not(None)))
)
_RANKED = and_(col(Task.rank) == bindparam("rank"), *_OPEN)


# Each change begins with one of these, and putting it together takes as long as running it.
@cache
def _loading(condition: ColumnElement[bool], *, locks: bool) -> Select[Task, str | None]:
    query = select(Task, tag_ids_of_task()).where(_MINE, condition).order_by(col(Task.id))
    return query.with_for_update(of=Task) if locks else query


# The table itself: the mapped class would ask for each row's number back, one statement a row.
_SEARCH = table_of(TaskSearch)
_TAGS = table_of(TaskTag)
_UNTAG = delete(_TAGS).where(_TAGS.c.task_id == bindparam("of_task"), _TAGS.c.tag_id == bindparam("tag"))
_REINDEX = (
    update(_SEARCH)
    .where(_SEARCH.c.task_id == bindparam("of_task"))
    .values(owner=bindparam("owner"), title=bindparam("title"), description=bindparam("description"))
)


def _parents_first(tasks: Sequence[Task]) -> list[Task]:
    """The tasks, none before the one it is a subtask of."""
    left = {task.id: task for task in tasks}
    sorted_tasks: list[Task] = []
    while left:
        ready = [task for task in left.values() if task.parent_id not in left]
        sorted_tasks += ready
        for task in ready:
            del left[task.id]
    return sorted_tasks


def _is_hidden(task: Task) -> bool:
    return task.deleted_at is not None


def _entry(task: Task) -> dict[str, str]:
    # A search demands its owner's id, so what is in the trash belongs to nobody and is never visited.
    return {
        "owner": "" if _is_hidden(task) else task.user_id.hex,
        "title": " ".join(words_of(task.title)),
        "description": " ".join(words_of(task.description)),
    }
