"""What the lists show: one statement per window, read along an index, never past the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from todo_app.db.models import NO_DUE, Reminder, Tag, Task, TaskRecurrence, TaskTag
from todo_app.db.repositories.list_order import (
    TASKS,
    at_or_after,
    cursor_of,
    order,
    sort_columns,
    stands_before,
)
from todo_app.db.repositories.reading import Reading, known_names, reader_of
from todo_app.db.repositories.task_filters import (
    Reader,
    bears_one_of,
    passes,
    start_of,
    tags_every_task_bears,
)
from todo_app.domain.filter_facets import facets
from todo_app.domain.filter_language import Expression, is_about_status
from todo_app.domain.filter_language.known import KnownNames, Named
from todo_app.domain.task import Due, Priority, Status
from todo_app.domain.views import Filters, ListName, Sort, TagMatch, View

WINDOW_MAX = 100
# Between two values that one subquery brings.
_AND = " "
# A tag on at most so many tasks is rare.
RARE_MAX = 500


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
    # Closed without having been done.
    skipped: bool = False
    # The rule by which the task repeats, and what that is counted from; none when it does not.
    rule: str | None = None
    anchor: str = "schedule"
    reminders: int = 0

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

    async def window(self, view: View, reading: Reading, *, start: str | None, limit: int) -> Window:
        """The window that starts at a cursor (the row it names included), or at the top.

        Raises:
            Invalid: when the cursor is not one of this order.
        """
        shown = await self._shown(view, reading)
        if start is None:
            tasks = (await self._session.execute(self._page(view, shown, limit + 1))).all()
            return Window(_summaries_of(tasks[:limit], view.sort), more_after=len(tasks) > limit)
        before = _ids(*shown, stands_before(view, start)).exists()
        query = self._page(view, [*shown, at_or_after(view, start, backwards=False)], limit + 1)
        tasks = (await self._session.execute(query.add_columns(before.label("more_before")))).all()
        # Without a task in the window there is no row to tell it.
        more_before = tasks[0].more_before if tasks else await self._session.scalar(select(before))
        return Window(
            _summaries_of(tasks[:limit], view.sort),
            more_before=bool(more_before),
            more_after=len(tasks) > limit,
        )

    async def start_of_previous(self, view: View, reading: Reading, *, start: str, rows: int) -> str | None:
        """The cursor ``rows`` tasks above another one; ``None`` is the top of the list."""
        query = _ids(*await self._shown(view, reading), at_or_after(view, start, backwards=True))
        query = query.with_only_columns(*sort_columns(view.sort)).order_by(*order(view, backwards=True))
        tasks = (await self._session.execute(query.limit(rows + 2))).all()
        return cursor_of(view.sort, tasks[rows]._asdict()) if len(tasks) > rows + 1 else None

    async def found(self, task_ids: Sequence[UUID], view: View, reading: Reading) -> tuple[TaskSummary, ...]:
        """Those of the tasks that pass the view's filters, in the order given."""
        passing = _passing(view, reading.expression, await reader_of(self._session, self._user_id, reading))
        query = self._summaries().where(col(Task.id).in_(task_ids), *passing)
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
                col(Task.user_id) == self._user_id, *_OPEN, col(Task.due_sort) < start_of(day + timedelta(1))
            )
            .limit(at_most)
        )
        return (await self._session.execute(select(func.count()).select_from(rows.subquery()))).scalar_one()

    async def known_names(self) -> KnownNames:
        """The tags and projects that filters can name."""
        return await known_names(self._session, self._user_id)

    async def ids_passing(self, reading: Reading, *, at_most: int) -> Sequence[UUID]:
        """The tasks that pass a filter, at most so many, in the order of their ids."""
        named = (await reader_of(self._session, self._user_id, reading)).named
        query = self._passing(reading, named).order_by(TASKS.c.id).limit(at_most)
        return (await self._session.scalars(query)).all()

    async def count_passing(
        self, readings: Mapping[str, Reading], known: KnownNames, *, at_most: int
    ) -> dict[str, int]:
        """How many tasks pass each of several filters, counted no further than ``at_most``; one statement."""
        if not readings:
            return {}
        counted = [
            select(func.count()).select_from(passing.limit(at_most).subquery()).scalar_subquery()
            for passing in (self._passing(each, _named_in(each, known)) for each in readings.values())
        ]
        return dict(zip(readings, (await self._session.execute(select(*counted))).one(), strict=True))

    def _passing(self, reading: Reading, named: Named) -> Select[Any]:
        view = View.of(ListName.FILTER)
        dialect = self._session.get_bind().dialect.name
        reader = Reader(self._user_id, reading.today, reading.zone, dialect, named)
        conditions = [*self._status(view, reading.expression), *_passing(view, reading.expression, reader)]
        return _ids(col(Task.user_id) == self._user_id, *conditions)

    async def _shown(self, view: View, reading: Reading) -> list[ColumnElement[bool]]:
        reader = await reader_of(self._session, self._user_id, reading)
        status = self._status(view, reading.expression)
        scope = await self._scope(self._tags_of_which_one_is_borne(view, reading.expression, reader))
        return [scope, *_shown_in(view, status, reading.today), *_passing(view, reading.expression, reader)]

    def _status(self, view: View, expression: Expression | None) -> tuple[ColumnElement[bool], ...]:
        if view.filters.status is Status.COMPLETED:
            return _COMPLETED
        if view.filters.status is Status.OPEN or expression is None or not is_about_status(expression):
            return _OPEN
        # Each half says whose the tasks are, since each has an index of its own.
        mine = col(Task.user_id) == self._user_id
        return (or_(and_(mine, *_OPEN), and_(mine, *_COMPLETED)),)

    async def _scope(self, tag_ids: Sequence[UUID] | Select[Any]) -> ColumnElement[bool]:
        """This user's tasks, or fewer of them: all that bear one of these tags, when those are rare.

        A walk along the order soon comes upon tasks with a frequent tag, but only late upon a rare one.
        """
        mine = col(Task.user_id) == self._user_id
        if not isinstance(tag_ids, Select) and not tag_ids:
            return mine
        bearing = select(col(TaskTag.task_id)).where(col(TaskTag.tag_id).in_(tag_ids))
        task_ids = (await self._session.scalars(bearing.limit(RARE_MAX + 1))).all()
        return col(Task.id).in_(task_ids) if len(task_ids) <= RARE_MAX else mine

    def _tags_of_which_one_is_borne(
        self, view: View, expression: Expression | None, reader: Reader
    ) -> Sequence[UUID] | Select[Any]:
        """This user's tags of which every task of the view bears at least one, if there are such tags."""
        if chosen := _chosen_tags_of_which_one_is_borne(view):
            return select(col(Tag.id)).where(col(Tag.user_id) == self._user_id, col(Tag.id).in_(chosen))
        tagged = tags_every_task_bears(expression) if expression else []
        return [tag_id for each in tagged for tag_id in reader.named[each]]

    def _page(self, view: View, conditions: list[ColumnElement[bool]], limit: int) -> Select[Any]:
        # First which tasks, then what is shown of them: what no index sorts is sorted without the details.
        in_order = order(view, backwards=False)
        page = _ids(*conditions).order_by(*in_order).limit(limit).subquery("page")
        return self._summaries().join(page, page.c.id == TASKS.c.id).order_by(*in_order)

    def _summaries(self) -> Select[Any]:
        return _all_summaries().where(col(Task.user_id) == self._user_id)

    async def _fetch(self, query: Select[Any], view: View) -> tuple[TaskSummary, ...]:
        return _summaries_of(await self._session.execute(query), view.sort)


_OPEN: tuple[ColumnElement[bool], ...] = (col(Task.completed_at).is_(None), col(Task.deleted_at).is_(None))
_COMPLETED = (col(Task.completed_at).is_not(None), col(Task.deleted_at).is_(None))
_IN_TRASH = (col(Task.deleted_at).is_not(None), col(Task.purged_at).is_(None))
_TOP_LEVEL = col(Task.parent_id).is_(None)


def _shown_in(
    view: View, status: tuple[ColumnElement[bool], ...], today: date
) -> tuple[ColumnElement[bool], ...]:
    has_due = col(Task.due_sort) < NO_DUE
    if view.list is ListName.TRASH:
        return _IN_TRASH
    if view.list is ListName.COMPLETED:
        return _COMPLETED
    match view.list:
        case ListName.TODAY:
            return (*status, col(Task.due_sort) < start_of(today + timedelta(1)))
        case ListName.UPCOMING:
            return (*status, col(Task.due_sort) >= start_of(today), has_due)
        case ListName.INBOX:
            return (*status, col(Task.project_id).is_(None), _TOP_LEVEL)
        case ListName.PROJECT:
            return (*status, col(Task.project_id) == view.id, _TOP_LEVEL)
        case ListName.TAG:
            return (*status, bears_one_of([view.id] if view.id else []))
        case ListName.FILTER:
            return status
        case _:
            return (*status, _TOP_LEVEL)


def _named_in(reading: Reading, known: KnownNames) -> Named:
    return known.named_in(reading.expression) if reading.expression else {}


def _passing(view: View, expression: Expression | None, reader: Reader) -> list[ColumnElement[bool]]:
    chosen = facets(view.filters, today=reader.today)
    if expression is not None:
        chosen.append(expression)
    return [*_tag_conditions(view.filters), *(passes(each, reader) for each in chosen)]


def _tag_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    if not filters.tag_ids:
        return []
    chosen = sorted(filters.tag_ids)
    match filters.tag_match:
        case TagMatch.ALL:
            return [bears_one_of([tag_id]) for tag_id in chosen]
        case TagMatch.NONE:
            return [~bears_one_of(chosen)]
        case TagMatch.ANY:
            return [bears_one_of(chosen)]


def _chosen_tags_of_which_one_is_borne(view: View) -> list[UUID]:
    if view.list is ListName.TAG and view.id:
        return [view.id]
    chosen = sorted(view.filters.tag_ids)
    match view.filters.tag_match:
        case TagMatch.ANY:
            return chosen
        case TagMatch.ALL:
            return chosen[:1]
        case TagMatch.NONE:
            return []


@cache
def _all_summaries() -> Select[Any]:
    # Putting so many columns together takes longer than reading them, so it is done once.
    parent, subtask = aliased(Task), aliased(Task)
    not_trashed = [col(subtask.parent_id) == col(Task.id), col(subtask.deleted_at).is_(None)]
    subtasks = select(func.count()).select_from(subtask).where(*not_trashed)
    done = subtasks.where(col(subtask.completed_at).is_not(None))
    series = [col(TaskRecurrence.id) == col(Task.series_id), col(TaskRecurrence.ended_at).is_(None)]
    rule = select(col(TaskRecurrence.anchor) + _AND + col(TaskRecurrence.rule)).where(*series)
    reminders = select(func.count()).select_from(Reminder).where(col(Reminder.task_id) == col(Task.id))
    parent_title = select(col(parent.title)).where(col(parent.id) == col(Task.parent_id))
    return select(
        *(column for column in TASKS.c if column.name != "description"),
        (TASKS.c.description != "").label("has_description"),
        tag_ids_of_task().label("tag_ids"),
        parent_title.scalar_subquery().label("parent_title"),
        subtasks.correlate(Task).scalar_subquery().label("subtasks"),
        done.correlate(Task).scalar_subquery().label("subtasks_done"),
        rule.correlate(Task).scalar_subquery().label("anchor_and_rule"),
        reminders.correlate(Task).scalar_subquery().label("reminders"),
    )


def _ids(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(TASKS.c.id).where(*conditions)


def _summaries_of(rows: Iterable[Row[Any]], sort: Sort) -> tuple[TaskSummary, ...]:
    return tuple(_summary(row, sort) for row in rows)


def _summary(row: Row[Any], sort: Sort) -> TaskSummary:
    values = row._asdict()
    anchor, _, rule = (row.anchor_and_rule or "").partition(_AND)
    return TaskSummary(
        id=row.id,
        title=row.title,
        priority=row.priority,
        due=Due(row.due_date, row.due_time, row.due_timezone) if row.due_date else None,
        due_at=row.due_at,
        project_id=row.project_id,
        parent_id=row.parent_id,
        parent_title=row.parent_title,
        tag_ids=uuids_of(row.tag_ids),
        has_description=row.has_description,
        subtasks=row.subtasks,
        subtasks_done=row.subtasks_done,
        completed_at=row.completed_at,
        deleted_at=row.deleted_at,
        version=row.version,
        cursor=cursor_of(sort, values),
        skipped=row.skipped,
        rule=rule or None,
        anchor=anchor,
        reminders=row.reminders,
    )
