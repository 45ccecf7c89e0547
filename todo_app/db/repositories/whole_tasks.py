"""Tasks with everything that hangs on them, as programs see them: each read is one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    ScalarSelect,
    Select,
    String,
    Subquery,
    Uuid,
    any_,
    cast,
    exists,
    false,
    func,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import NO_DUE, Project, Reminder, Tag, TaskRecurrence, TaskTag
from todo_app.db.repositories.list_order import TASKS, at_or_after, cursor_of, order, sort_columns
from todo_app.db.repositories.reading import Reading, reader_of
from todo_app.db.repositories.search import ids_of_tasks_holding
from todo_app.db.repositories.task_filters import passes, tags_every_task_bears
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due, Priority, Status
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.domain.text import words_of
from todo_app.domain.views import View

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


@dataclass(frozen=True, slots=True)
class WholeTask:
    """A task with the names of its tags and project, its rule and its reminders."""

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
        query = _details().where(TASKS.c.user_id == self._user_id, TASKS.c.id.in_(task_ids))
        rows = await self._session.execute(query.where(TASKS.c.purged_at.is_(None)))
        found = {row.id: _whole(row) for row in rows}
        return [found[task_id] for task_id in dict.fromkeys(task_ids) if task_id in found]

    async def page(self, query: TaskQuery, reading: Reading, *, cursor: str | None, limit: int) -> Page:
        """The tasks from a cursor on; the day and zone of the reading are those of the query's filter.

        Raises:
            Invalid: when the cursor is not one of this query.
        """
        view = View(sort=query.sort, descending=query.descending)
        conditions = [*self._filters(query), *await self._passing(reading)]
        if cursor is not None:
            conditions.append(at_or_after(view, _place(query, cursor), backwards=False))
        page = self._page(query, view, conditions, limit + 1)
        statement = _details().join(page, page.c.id == TASKS.c.id).where(TASKS.c.user_id == self._user_id)
        rows = (await self._session.execute(statement.order_by(*order(view, backwards=False)))).all()
        following = cursor_of(query.sort, rows[limit]._asdict()) if len(rows) > limit else None
        return Page(
            tuple(_whole(row) for row in rows[:limit]),
            f"{query.fingerprint}.{following}" if following else None,
        )

    def _page(
        self, query: TaskQuery, view: View, conditions: list[ColumnElement[bool]], limit: int
    ) -> Subquery:
        """A subquery for the ids of the page.

        Open and completed tasks each have indexes of their own, and so have tags: each is walked by itself,
        no further than the page, and what the walks bring is merged.
        """
        columns, in_order = sort_columns(view.sort), order(view, backwards=False)
        walks = [
            select(*columns).where(*scope, *_KEPT[kept], *conditions).order_by(*in_order).limit(limit)
            for kept in sorted(query.kept)
            for scope in self._scopes(query)
        ]
        if len(walks) == 1:
            return walks[0].subquery("page")
        merged = union_all(*(select(walk.subquery()) for walk in walks)).subquery("walks")
        by = [merged.c[column.name] for column in columns]
        merged_order = [column.desc() if view.descending else column.asc() for column in by]
        return select(merged.c.id).order_by(*merged_order).limit(limit).subquery("page")

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
        wanted = select(col(Project.id)).where(
            col(Project.user_id) == self._user_id, col(Project.deleted_at).is_(None)
        )
        chosen = sorted(name for name in names if name is not None)
        # An index is walked in order for one project alone.
        if len(chosen) == 1:
            condition = (
                TASKS.c.project_id == wanted.where(col(Project.name_folded) == chosen[0]).scalar_subquery()
            )
        else:
            condition = TASKS.c.project_id.in_(wanted.where(col(Project.name_folded).in_(chosen)))
        if None not in names:
            return condition
        return TASKS.c.project_id.is_(None) | condition if chosen else TASKS.c.project_id.is_(None)

    def _scopes(self, query: TaskQuery) -> list[tuple[ColumnElement[bool], ...]]:
        """What each walk goes through: this user's tasks, or those that bear a tag; only one finds any."""
        mine = TASKS.c.user_id == self._user_id
        names = query.tags or _names_every_task_bears(query)
        if not names:
            return [(mine,)]
        tag_ids = [
            select(col(Tag.id))
            .where(
                col(Tag.user_id) == self._user_id,
                col(Tag.name_folded) == name,
                col(Tag.deleted_at).is_(None),
            )
            .scalar_subquery()
            for name in sorted(names)
        ]
        # Each in the order of the index, which is why no database reads the whole table instead.
        some = [
            select(col(TaskTag.task_id))
            .where(col(TaskTag.tag_id) == tag_id)
            .order_by(col(TaskTag.task_id))
            .limit(_RARE_MAX + 1)
            .subquery()
            for tag_id in tag_ids
        ]
        bearing = union_all(*(select(each.c.task_id) for each in some))
        borne_by = select(func.count()).select_from(bearing.subquery()).scalar_subquery()
        bears = exists().where(col(TaskTag.task_id) == TASKS.c.id, col(TaskTag.tag_id).in_(tag_ids))
        # Said of the few too, that they are this user's would make SQLite walk along all of these.
        return [(borne_by <= _RARE_MAX, self._is_one_of(bearing)), (borne_by > _RARE_MAX, mine, bears)]

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


@cache
def _details() -> Select[Any]:
    # Putting so many columns together takes longer than reading them, so it is done once.
    left_out = ("user_id", "project_id", "skipped", "only_here", "purged_at")
    return select(
        *(column for column in TASKS.c if column.name not in left_out),
        _names_of_tags().label("tags"),
        _name_of_project().label("project"),
        _anchor_and_rule().label("anchor_and_rule"),
        _reminders().label("reminders"),
    )


def _names_of_tags() -> ScalarSelect[str | None]:
    return (
        select(func.aggregate_strings(col(Tag.name), _LINE))
        .join(TaskTag, col(Tag.id) == col(TaskTag.tag_id))
        .where(col(TaskTag.task_id) == TASKS.c.id, col(Tag.deleted_at).is_(None))
        .correlate(TASKS)
        .scalar_subquery()
    )


def _name_of_project() -> ScalarSelect[str | None]:
    return (
        select(col(Project.name))
        .where(col(Project.id) == TASKS.c.project_id, col(Project.deleted_at).is_(None))
        .correlate(TASKS)
        .scalar_subquery()
    )


def _anchor_and_rule() -> ScalarSelect[str | None]:
    return (
        select(col(TaskRecurrence.anchor) + _FIELD + col(TaskRecurrence.rule))
        .where(col(TaskRecurrence.id) == TASKS.c.series_id, col(TaskRecurrence.ended_at).is_(None))
        .correlate(TASKS)
        .scalar_subquery()
    )


def _reminders() -> ScalarSelect[str | None]:
    fields = [col(Reminder.id), col(Reminder.minutes_before), col(Reminder.at), col(Reminder.sent_at)]
    first, *others = (func.coalesce(cast(field, String(40)), "") for field in fields)
    line: ColumnElement[str] = first
    for other in others:
        line = line + _FIELD + other
    return (
        select(func.aggregate_strings(line, _LINE))
        .where(col(Reminder.task_id) == TASKS.c.id)
        .correlate(TASKS)
        .scalar_subquery()
    )


def _whole(row: Row[Any]) -> WholeTask:
    anchor, _, rule = (row.anchor_and_rule or "").partition(_FIELD)
    return WholeTask(
        id=row.id,
        series_id=row.series_id,
        occurrence=row.occurrence,
        title=row.title,
        description=row.description,
        priority=row.priority,
        tags=tuple(sorted(row.tags.split(_LINE), key=str.casefold)) if row.tags else (),
        project=row.project,
        parent_id=row.parent_id,
        due=Due(row.due_date, row.due_time, row.due_timezone) if row.due_date else None,
        due_at=row.due_at,
        rule=rule or None,
        anchor=anchor,
        reminders=_reminders_of(row.reminders),
        reminder_sent=row.reminder_sent,
        created_at=row.created_at,
        updated_at=row.updated_at,
        completed_at=row.completed_at,
        deleted_at=row.deleted_at,
        version=row.version,
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
