"""Tasks with everything that hangs on them, as programs see them: each read is one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    ScalarSelect,
    Select,
    String,
    Subquery,
    Uuid,
    any_,
    bindparam,
    cast,
    exists,
    false,
    func,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from todo_app.db.models import NO_DUE, Project, Reminder, Tag, TaskRecurrence, TaskTag
from todo_app.db.repositories.list_order import (
    TASKS,
    at_or_after_place,
    cursor_of,
    order,
    place_of,
    sort_columns,
)
from todo_app.db.repositories.reading import Reading, reader_of
from todo_app.db.repositories.search import ids_of_tasks_holding
from todo_app.db.repositories.task_filters import passes, tags_every_task_bears
from todo_app.db.tables import table_of
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due, Priority, Status
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.domain.text import words_of
from todo_app.domain.views import View

_TAGS = table_of(Tag)
_TASK_TAGS = table_of(TaskTag)
_PROJECTS = table_of(Project)
_REMINDERS = table_of(Reminder)
_SERIES = table_of(TaskRecurrence)
# What statements are executed with, besides a page's place.
_USER, _IDS, _AT_MOST = "user", "ids", "at_most"
_MINE = TASKS.c.user_id == bindparam(_USER)
# Between values that one subquery brings; no name holds a line break.
_LINE, _FIELD = "\n", ";"
# A tag on at most so many tasks is rare: those are read and sorted. Others are soon met along the order.
_RARE_MAX = 500


@dataclass(frozen=True, slots=True)
class StoredReminder:
    """When to remind: minutes before the task is due, or at an instant."""

    id: UUID
    minutes_before: int | None
    at: datetime | None
    sent_at: datetime | None


class WholeTask(NamedTuple):
    """A task with the names of its tags and project, its rule and its reminders.

    A tuple, since a page makes a hundred of them and a frozen dataclass takes several times as long.
    """

    id: UUID
    series_id: UUID | None
    occurrence: str | None
    title: str
    description: str
    priority: Priority | None
    tags: tuple[str, ...]
    project: str | None
    parent_id: UUID | None
    due: Due | None
    due_at: datetime | None
    # None when it does not repeat any more.
    rule: str | None
    anchor: str
    reminders: tuple[StoredReminder, ...]
    reminder_sent: bool
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    deleted_at: datetime | None
    version: int

    @property
    def status(self) -> Status:
        """Whether the task is still to be done."""
        return Status.COMPLETED if self.completed_at else Status.OPEN


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of what was asked for, and where the next one begins."""

    tasks: tuple[WholeTask, ...]
    following: str | None


class WholeTaskRepository:
    """Every query is bound to the user; nothing is locked."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def some(self, task_ids: Collection[UUID]) -> list[WholeTask]:
        """Those of the tasks that exist, trashed ones too, in the order asked for."""
        rows = await self._session.execute(_some(), {_USER: self._user_id, _IDS: list(task_ids)})
        found = {row.id: _whole(row) for row in rows}
        return [found[task_id] for task_id in dict.fromkeys(task_ids) if task_id in found]

    async def page(self, query: TaskQuery, reading: Reading, *, cursor: str | None, limit: int) -> Page:
        """The tasks from a cursor on; the day and zone of the reading are those of the query's filter.

        Raises:
            Invalid: when the cursor is not one of this query.
        """
        parameters = {_USER: self._user_id, _AT_MOST: limit + 1}
        if cursor is not None:
            parameters |= place_of(query.sort, _place(query, cursor))
        statement = await self._statement(query, reading, has_cursor=cursor is not None)
        rows = (await self._session.execute(statement, parameters)).all()
        following = cursor_of(query.sort, rows[limit]._asdict()) if len(rows) > limit else None
        return Page(
            tuple(_whole(row) for row in rows[:limit]),
            f"{query.fingerprint}.{following}" if following else None,
        )

    async def _statement(self, query: TaskQuery, reading: Reading, *, has_cursor: bool) -> Select[Any]:
        everything = TaskQuery(kept=query.kept, sort=query.sort, descending=query.descending)
        if query == everything:
            return _page_of_everything(query, has_cursor=has_cursor)
        conditions = [*self._filters(query), *await self._passing(reading)]
        return _page(query, self._scopes(query), conditions, has_cursor=has_cursor)

    async def _passing(self, reading: Reading) -> list[ColumnElement[bool]]:
        if reading.expression is None:
            return []
        return [passes(reading.expression, await reader_of(self._session, self._user_id, reading))]

    def _filters(self, query: TaskQuery) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if query.words is not None:
            conditions.append(self._holds(query.words))
        if query.priorities:
            conditions.append(TASKS.c.priority.in_(sorted(query.priorities, key=str)))
        if query.projects:
            conditions.append(self._in_projects(query.projects))
        if query.due_from is not None:
            conditions.append(TASKS.c.due_sort >= query.due_from)
        if query.due_until is not None:
            conditions.append(TASKS.c.due_sort <= query.due_until)
        if query.due_from or query.due_until:
            conditions.append(TASKS.c.due_sort < NO_DUE)
        return conditions

    def _holds(self, words: str) -> ColumnElement[bool]:
        if not words_of(words):
            return false()
        dialect = self._session.get_bind().dialect.name
        return TASKS.c.id.in_(ids_of_tasks_holding(words, user_id=self._user_id, dialect=dialect))

    def _in_projects(self, names: frozenset[str | None]) -> ColumnElement[bool]:
        wanted = select(_PROJECTS.c.id).where(
            _PROJECTS.c.user_id == self._user_id, _PROJECTS.c.deleted_at.is_(None)
        )
        chosen = sorted(name for name in names if name is not None)
        # An index is walked in order for one project alone.
        if len(chosen) == 1:
            condition = (
                TASKS.c.project_id == wanted.where(_PROJECTS.c.name_folded == chosen[0]).scalar_subquery()
            )
        else:
            condition = TASKS.c.project_id.in_(wanted.where(_PROJECTS.c.name_folded.in_(chosen)))
        if None not in names:
            return condition
        return TASKS.c.project_id.is_(None) | condition if chosen else TASKS.c.project_id.is_(None)

    def _scopes(self, query: TaskQuery) -> list[tuple[ColumnElement[bool], ...]]:
        """What each walk goes through: this user's tasks, or those that bear a tag; only one finds any."""
        names = query.tags or _names_every_task_bears(query)
        if not names:
            return [(_MINE,)]
        tag_ids = [
            select(_TAGS.c.id)
            .where(
                _TAGS.c.user_id == self._user_id,
                _TAGS.c.name_folded == name,
                _TAGS.c.deleted_at.is_(None),
            )
            .scalar_subquery()
            for name in sorted(names)
        ]
        # Each in the order of the index, which is why no database reads the whole table instead.
        some = [
            select(_TASK_TAGS.c.task_id)
            .where(_TASK_TAGS.c.tag_id == tag_id)
            .order_by(_TASK_TAGS.c.task_id)
            .limit(_RARE_MAX + 1)
            .subquery()
            for tag_id in tag_ids
        ]
        bearing = union_all(*(select(each.c.task_id) for each in some))
        borne_by = select(func.count()).select_from(bearing.subquery()).scalar_subquery()
        bears = exists().where(_TASK_TAGS.c.task_id == TASKS.c.id, _TASK_TAGS.c.tag_id.in_(tag_ids))
        # Said of the few too, that they are this user's would make SQLite walk along all of these.
        return [(borne_by <= _RARE_MAX, self._is_one_of(bearing)), (borne_by > _RARE_MAX, _MINE, bears)]

    def _is_one_of(self, task_ids: CompoundSelect[UUID]) -> ColumnElement[bool]:
        if self._session.get_bind().dialect.name != "postgresql":
            return TASKS.c.id.in_(task_ids)
        # PostgreSQL can't know that there are few, and walks the order unless they are an array.
        found = func.array(task_ids.scalar_subquery(), type_=postgresql.ARRAY(Uuid()))
        return TASKS.c.id == any_(found)


_KEPT: dict[Kept, tuple[ColumnElement[bool], ...]] = {
    Kept.OPEN: (TASKS.c.completed_at.is_(None), TASKS.c.deleted_at.is_(None)),
    Kept.COMPLETED: (TASKS.c.completed_at.is_not(None), TASKS.c.deleted_at.is_(None)),
    Kept.DELETED: (TASKS.c.deleted_at.is_not(None), TASKS.c.purged_at.is_(None)),
}


def _names_every_task_bears(query: TaskQuery) -> frozenset[str]:
    """Tags of which every task that passes the filter bears one, as far as it names them in full."""
    names = [each.name for each in tags_every_task_bears(query.filter)] if query.filter else []
    return (
        frozenset(name.folded[0] for name in names) if all(name.is_exact for name in names) else frozenset()
    )


def _place(query: TaskQuery, cursor: str) -> str:
    fingerprint, _, place = cursor.partition(".")
    if fingerprint != query.fingerprint:
        raise Invalid("cursor", "This cursor is of another query. Begin without one.")
    return place


# Putting so many columns together takes longer than reading them, so what is asked for often is kept.
@cache
def _some() -> Select[Any]:
    ids: BindParameter[UUID] = bindparam(_IDS, expanding=True)
    return _details().where(_MINE, TASKS.c.id.in_(ids), TASKS.c.purged_at.is_(None))


@cache
def _page_of_everything(query: TaskQuery, *, has_cursor: bool) -> Select[Any]:
    return _page(query, [(_MINE,)], [], has_cursor=has_cursor)


def _page(
    query: TaskQuery,
    scopes: Sequence[Sequence[ColumnElement[bool]]],
    conditions: Sequence[ColumnElement[bool]],
    *,
    has_cursor: bool,
) -> Select[Any]:
    view = View(sort=query.sort, descending=query.descending)
    if has_cursor:
        conditions = [*conditions, at_or_after_place(view)]
    walks = [(*scope, *_KEPT[kept], *conditions) for kept in sorted(query.kept) for scope in scopes]
    page = _ids(view, walks)
    in_order = order(view, backwards=False)
    return _details().join(page, page.c.id == TASKS.c.id).where(_MINE).order_by(*in_order)


def _ids(view: View, walks: Sequence[Sequence[ColumnElement[bool]]]) -> Subquery:
    """A subquery for the ids of the page.

    Open and completed tasks each have indexes of their own, and so have tags: each is walked by itself,
    no further than the page, and what the walks bring is merged.
    """
    columns, in_order = sort_columns(view.sort), order(view, backwards=False)
    at_most = bindparam(_AT_MOST, type_=Integer)
    found = [select(*columns).where(*walk).order_by(*in_order).limit(at_most) for walk in walks]
    if len(found) == 1:
        return found[0].subquery("page")
    merged = union_all(*(select(each.subquery()) for each in found)).subquery("walks")
    by = [merged.c[column.name] for column in columns]
    merged_order = [column.desc() if view.descending else column.asc() for column in by]
    return select(merged.c.id).order_by(*merged_order).limit(at_most).subquery("page")


@cache
def _details() -> Select[Any]:
    """What ``_whole`` reads, in its order, and then what lists are sorted by."""
    return select(
        *(TASKS.c[name] for name in _COLUMNS),
        _names_of_tags().label("tags"),
        _name_of_project().label("project"),
        _anchor_and_rule().label("anchor_and_rule"),
        _reminders().label("reminders"),
        *(TASKS.c[name] for name in ("due_sort", "title_sort", "rank")),
    )


_COLUMNS = (
    *("id", "series_id", "occurrence", "title", "description", "priority", "parent_id"),
    *("due_date", "due_time", "due_timezone", "due_at", "reminder_sent"),
    *("created_at", "updated_at", "completed_at", "deleted_at", "version"),
)


def _names_of_tags() -> ScalarSelect[str | None]:
    return (
        select(func.aggregate_strings(_TAGS.c.name, _LINE))
        .join(_TASK_TAGS, _TAGS.c.id == _TASK_TAGS.c.tag_id)
        .where(_TASK_TAGS.c.task_id == TASKS.c.id, _TAGS.c.deleted_at.is_(None))
        .correlate(TASKS)
        .scalar_subquery()
    )


def _name_of_project() -> ScalarSelect[str | None]:
    return (
        select(_PROJECTS.c.name)
        .where(_PROJECTS.c.id == TASKS.c.project_id, _PROJECTS.c.deleted_at.is_(None))
        .correlate(TASKS)
        .scalar_subquery()
    )


def _anchor_and_rule() -> ScalarSelect[str | None]:
    return (
        select(_SERIES.c.anchor + _FIELD + _SERIES.c.rule)
        .where(_SERIES.c.id == TASKS.c.series_id, _SERIES.c.ended_at.is_(None))
        .correlate(TASKS)
        .scalar_subquery()
    )


def _reminders() -> ScalarSelect[str | None]:
    fields = [_REMINDERS.c.id, _REMINDERS.c.minutes_before, _REMINDERS.c.at, _REMINDERS.c.sent_at]
    first, *others = (func.coalesce(cast(field, String(40)), "") for field in fields)
    line: ColumnElement[str] = first
    for other in others:
        line = line + _FIELD + other
    return (
        select(func.aggregate_strings(line, _LINE))
        .where(_REMINDERS.c.task_id == TASKS.c.id)
        .correlate(TASKS)
        .scalar_subquery()
    )


def _whole(row: Row[Any]) -> WholeTask:
    # In the order of the columns: looking each up by its name takes as long as all else here.
    id_, series_id, occurrence, title, description, priority, parent_id, *others = tuple[Any, ...](row)
    due_date, due_time, due_timezone, due_at, reminder_sent, *others = others
    created_at, updated_at, completed_at, deleted_at, version, *others = others
    tags, project, anchor_and_rule, reminders, *_ = others
    anchor, _, rule = (anchor_and_rule or "").partition(_FIELD)
    return WholeTask(
        id=id_,
        series_id=series_id,
        occurrence=occurrence,
        title=title,
        description=description,
        priority=priority,
        tags=tuple(sorted(tags.split(_LINE), key=str.casefold)) if tags else (),
        project=project,
        parent_id=parent_id,
        due=Due(due_date, due_time, due_timezone) if due_date else None,
        due_at=due_at,
        rule=rule or None,
        anchor=anchor,
        reminders=_reminders_of(reminders),
        reminder_sent=reminder_sent,
        created_at=created_at,
        updated_at=updated_at,
        completed_at=completed_at,
        deleted_at=deleted_at,
        version=version,
    )


def _reminders_of(joined: str | None) -> tuple[StoredReminder, ...]:
    """The reminders that ``_reminders`` has joined, in the order they were set."""
    if not joined:
        return ()
    lines: Sequence[list[str]] = [line.split(_FIELD) for line in joined.split(_LINE)]
    reminders = [
        StoredReminder(UUID(id_), int(minutes) if minutes else None, _instant(at), _instant(sent_at))
        for id_, minutes, at, sent_at in lines
    ]
    return tuple(sorted(reminders, key=lambda reminder: reminder.id))


def _instant(text: str) -> datetime | None:
    """An instant as the databases write it: SQLite in UTC without saying so, PostgreSQL with an offset."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
