"""What the lists show: one statement per window, read along an index, never past the window."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, cast, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlmodel import col

from todo_app.db.models import NO_DUE, Tag, Task, TaskTag
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due, Priority, Status
from todo_app.domain.views import Filters, ListName, Sort, TagMatch, View

WINDOW_MAX = 100


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """A task as a list shows it."""

    id: UUID
    title: str
    priority: Priority | None
    due: Due | None
    due_at: datetime | None
    project_id: UUID | None
    parent_id: UUID | None
    parent_title: str | None
    tag_ids: tuple[UUID, ...]
    has_description: bool
    subtasks: int
    subtasks_done: int
    completed_at: datetime | None
    deleted_at: datetime | None
    version: int
    cursor: str

    @property
    def status(self) -> Status:
        """Whether the task is still to be done."""
        return Status.COMPLETED if self.completed_at else Status.OPEN


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a list, and whether there is more on either side of it."""

    tasks: tuple[TaskSummary, ...] = ()
    more_before: bool = False
    more_after: bool = False


def tag_ids_of_task() -> ScalarSelect[str | None]:
    """A subquery for the ids of a task's tags that are not deleted, separated by commas."""
    return (
        select(func.aggregate_strings(cast(col(TaskTag.tag_id), String(36)), ","))
        .join(Tag, col(Tag.id) == col(TaskTag.tag_id))
        .where(col(TaskTag.task_id) == col(Task.id), col(Tag.deleted_at).is_(None))
        .correlate(Task)
        .scalar_subquery()
    )


def uuids_of(joined: str | None) -> tuple[UUID, ...]:
    """The ids that ``tag_ids_of_task`` has joined."""
    return tuple(UUID(part) for part in joined.split(",")) if joined else ()


class TaskListRepository:
    """Windows on the lists of one user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def window(self, view: View, *, today: date, start: str | None, limit: int) -> Window:
        """The window that starts at a cursor (the row it names included), or at the top.

        Raises:
            Invalid: when the cursor is not one of this order.
        """
        query = self._query(view, today).order_by(*_order(view, backwards=False))
        if start is not None:
            query = query.where(_at_or_after(view, start, backwards=False))
        tasks = await self._fetch(query.limit(limit + 1), view)
        more_before = start is not None and await self._anything_before(view, today=today, start=start)
        return Window(tasks[:limit], more_before=more_before, more_after=len(tasks) > limit)

    async def start_of_previous(self, view: View, *, today: date, start: str, rows: int) -> str | None:
        """The cursor ``rows`` tasks above another one; ``None`` is the top of the list."""
        query = self._query(view, today).order_by(*_order(view, backwards=True))
        query = query.where(_at_or_after(view, start, backwards=True))
        tasks = await self._fetch(query.limit(rows + 2), view)
        return tasks[rows].cursor if len(tasks) > rows + 1 else None

    async def _anything_before(self, view: View, *, today: date, start: str) -> bool:
        query = self._query(view, today).order_by(*_order(view, backwards=True))
        query = query.where(_at_or_after(view, start, backwards=True))
        first_two = await self._fetch(query.limit(2), view)
        return any(task.cursor != start for task in first_two)

    async def found(self, task_ids: Sequence[UUID], view: View) -> tuple[TaskSummary, ...]:
        """Those of the tasks that pass the view's filters, in the order given."""
        query = self._summaries().where(col(Task.id).in_(task_ids), *_passing(view.filters))
        if view.filters.status:
            query = query.where(*(_COMPLETED if view.filters.status is Status.COMPLETED else _OPEN))
        found = {task.id: task for task in await self._fetch(query, view)}
        return tuple(found[task_id] for task_id in task_ids if task_id in found)

    async def subtasks(self, task_id: UUID) -> tuple[TaskSummary, ...]:
        """The subtasks of a task in manual order, trashed ones left out."""
        query = self._summaries().where(col(Task.parent_id) == task_id, col(Task.deleted_at).is_(None))
        return await self._fetch(query.order_by(col(Task.rank), col(Task.id)).limit(WINDOW_MAX), View())

    async def count_due_by(self, day: date, *, at_most: int) -> int:
        """How many open tasks are due on a day or before, counted no further than ``at_most``."""
        rows = (
            select(col(Task.id))
            .where(
                col(Task.user_id) == self._user_id, *_OPEN, col(Task.due_sort) < _start_of(day + timedelta(1))
            )
            .limit(at_most)
        )
        return (await self._session.execute(select(func.count()).select_from(rows.subquery()))).scalar_one()

    def _query(self, view: View, today: date) -> Select[Any]:
        return self._summaries().where(*_shown_in(view, today), *_passing(view.filters))

    def _summaries(self) -> Select[Any]:
        parent, subtask = aliased(Task), aliased(Task)
        not_trashed = [col(subtask.parent_id) == col(Task.id), col(subtask.deleted_at).is_(None)]
        subtasks = select(func.count()).select_from(subtask).where(*not_trashed)
        return (
            select(
                Task,
                col(Task.description) != "",
                tag_ids_of_task(),
                select(col(parent.title)).where(col(parent.id) == col(Task.parent_id)).scalar_subquery(),
                subtasks.correlate(Task).scalar_subquery(),
                subtasks.where(col(subtask.completed_at).is_not(None)).correlate(Task).scalar_subquery(),
            )
            .options(defer(col(Task.description)))
            .where(col(Task.user_id) == self._user_id)
        )

    async def _fetch(self, query: Select[Any], view: View) -> tuple[TaskSummary, ...]:
        return tuple(_summary(view, *row) for row in (await self._session.execute(query)).tuples())


_OPEN: tuple[ColumnElement[bool], ...] = (col(Task.completed_at).is_(None), col(Task.deleted_at).is_(None))
_COMPLETED = (col(Task.completed_at).is_not(None), col(Task.deleted_at).is_(None))
_IN_TRASH = (col(Task.deleted_at).is_not(None), col(Task.purged_at).is_(None))
_TOP_LEVEL = col(Task.parent_id).is_(None)


def _shown_in(view: View, today: date) -> tuple[ColumnElement[bool], ...]:
    has_due = col(Task.due_sort) < NO_DUE
    if view.list is ListName.TRASH:
        return _IN_TRASH
    if view.list is ListName.COMPLETED:
        return _COMPLETED
    status = _COMPLETED if view.filters.status is Status.COMPLETED else _OPEN
    match view.list:
        case ListName.TODAY:
            return (*status, col(Task.due_sort) < _start_of(today + timedelta(1)))
        case ListName.UPCOMING:
            return (*status, col(Task.due_sort) >= _start_of(today), has_due)
        case ListName.INBOX:
            return (*status, col(Task.project_id).is_(None), _TOP_LEVEL)
        case ListName.PROJECT:
            return (*status, col(Task.project_id) == view.id, _TOP_LEVEL)
        case ListName.TAG:
            return (*status, _bears(view.id))
        case _:
            return (*status, _TOP_LEVEL)


def _passing(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.priorities:
        conditions.append(col(Task.priority).in_(sorted(filters.priorities, key=str)))
    if filters.tag_ids:
        conditions.extend(_tag_conditions(filters))
    if filters.no_due:
        conditions.append(col(Task.due_sort) == NO_DUE)
    if filters.due_after:
        conditions.append(col(Task.due_sort) >= _start_of(filters.due_after))
    if filters.due_before:
        conditions.append(col(Task.due_sort) < _start_of(filters.due_before + timedelta(1)))
    if (filters.due_after or filters.due_before) and not filters.no_due:
        conditions.append(col(Task.due_sort) < NO_DUE)
    return conditions


def _tag_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    bears = [_bears(tag_id) for tag_id in sorted(filters.tag_ids)]
    match filters.tag_match:
        case TagMatch.ALL:
            return bears
        case TagMatch.NONE:
            return [~condition for condition in bears]
        case TagMatch.ANY:
            return [_bears(*filters.tag_ids)]


def _bears(*tag_ids: UUID | None) -> ColumnElement[bool]:
    return exists().where(col(TaskTag.task_id) == col(Task.id), col(TaskTag.tag_id).in_(tag_ids))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _sort_columns(sort: Sort) -> tuple[ColumnElement[Any], ...]:
    columns: dict[Sort, tuple[ColumnElement[Any], ...]] = {
        Sort.CREATED: (col(Task.created_at),),
        Sort.PRIORITY: (col(Task.priority), col(Task.due_sort)),
        Sort.TITLE: (col(Task.title_sort),),
        Sort.MANUAL: (col(Task.rank),),
        Sort.COMPLETED: (col(Task.completed_at),),
        Sort.DELETED: (col(Task.deleted_at),),
    }
    return (*columns.get(sort, (col(Task.due_sort),)), col(Task.id))


def _order(view: View, *, backwards: bool) -> list[ColumnElement[Any]]:
    downwards = view.descending is not backwards
    return [column.desc() if downwards else column.asc() for column in _sort_columns(view.sort)]


def _at_or_after(view: View, cursor: str, *, backwards: bool) -> ColumnElement[bool]:
    columns = _sort_columns(view.sort)
    values = _values_of(cursor, view)
    position = tuple_(*values, types=[column.type for column in columns])
    row = tuple_(*columns)
    return row <= position if view.descending is not backwards else row >= position


def _cursor(view: View, task: Task) -> str:
    values = [_sort.encode(getattr(task, _sort.name)) for _sort in _KEYS[view.sort]]
    return base64.urlsafe_b64encode(json.dumps([*values, task.id.hex]).encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class _Key:
    """How one sort column stands in a cursor."""

    name: str
    kind: type

    def encode(self, value: object) -> str | None:
        return value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)

    def decode(self, text: str | None) -> object:
        if self.kind is datetime:
            return datetime.fromisoformat(str(text))
        return Priority(text) if self.kind is Priority and text is not None else text


_DUE = _Key("due_sort", datetime)
_KEYS: dict[Sort, tuple[_Key, ...]] = {
    Sort.DUE: (_DUE,),
    Sort.RELEVANCE: (_DUE,),
    Sort.CREATED: (_Key("created_at", datetime),),
    Sort.PRIORITY: (_Key("priority", Priority), _DUE),
    Sort.TITLE: (_Key("title_sort", str),),
    Sort.MANUAL: (_Key("rank", str),),
    Sort.COMPLETED: (_Key("completed_at", datetime),),
    Sort.DELETED: (_Key("deleted_at", datetime),),
}


def _values_of(cursor: str, view: View) -> list[object]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        *keys, task_id = values
        decoded = [key.decode(value) for key, value in zip(_KEYS[view.sort], keys, strict=True)]
        return [*decoded, UUID(task_id)]
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("cursor", "This position in the list is not valid any more.") from None


def _summary(
    view: View,
    task: Task,
    has_description: bool,
    tag_ids: str | None,
    parent_title: str | None,
    subtasks: int,
    subtasks_done: int,
) -> TaskSummary:
    return TaskSummary(
        id=task.id,
        title=task.title,
        priority=task.priority,
        due=task.due,
        due_at=task.due_at,
        project_id=task.project_id,
        parent_id=task.parent_id,
        parent_title=parent_title,
        tag_ids=uuids_of(tag_ids),
        has_description=has_description,
        subtasks=subtasks,
        subtasks_done=subtasks_done,
        completed_at=task.completed_at,
        deleted_at=task.deleted_at,
        version=task.version,
        cursor=_cursor(view, task),
    )
