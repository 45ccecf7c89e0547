"""Filters as SQL: each condition is one about ``tasks``, true or false for every row and never unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlmodel import col

from todo_app.db.models import NO_DUE, Tag, Task, TaskRecurrence, TaskTag
from todo_app.db.repositories.search import ids_of_tasks_holding
from todo_app.domain.filter_language import Expression
from todo_app.domain.filter_language.known import Named
from todo_app.domain.filter_language.spans import Span
from todo_app.domain.filter_language.tree import (
    And,
    Dated,
    HasPriority,
    Holds,
    InProject,
    Is,
    Moment,
    Not,
    Or,
    Relation,
    State,
    Tagged,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a filter is read, on which day, in which zone, from which kind of database.

    ``named`` has what the filter names.
    """

    user_id: UUID
    today: date
    zone: ZoneInfo
    dialect: str
    named: Named


def passes(expression: Expression, reader: Reader) -> ColumnElement[bool]:
    """That a task of the reader passes a filter."""
    match expression:
        case And(operands):
            return and_(*(passes(each, reader) for each in operands))
        case Or(operands):
            return or_(*(passes(each, reader) for each in operands))
        case Not(operand):
            return not_(passes(operand, reader))
        case Tagged():
            return bears_one_of(reader.named[expression])
        case InProject():
            return and_(_is_set(Task.project_id), col(Task.project_id).in_(reader.named[expression]))
        case HasPriority(priority):
            return col(Task.priority).in_([priority])
        case Is(state):
            return _is(state, reader)
        case Dated():
            return _dated(expression, reader)
        case Holds(words):
            return col(Task.id).in_(
                ids_of_tasks_holding(words, user_id=reader.user_id, dialect=reader.dialect)
            )


def tags_every_task_bears(expression: Expression) -> list[Tagged]:
    """Conditions of which every task that passes fulfils at least one; none when there are no such ones."""
    match expression:
        case Tagged():
            return [expression]
        case And(operands):
            return next(filter(None, map(tags_every_task_bears, operands)), [])
        case Or(operands):
            found = [tags_every_task_bears(each) for each in operands]
            return [each for tagged in found for each in tagged] if all(found) else []
        case _:
            return []


def bears_one_of(tag_ids: Sequence[UUID] | Select[Any]) -> ColumnElement[bool]:
    """That a task bears one of these tags."""
    return exists().where(col(TaskTag.task_id) == col(Task.id), col(TaskTag.tag_id).in_(tag_ids))


def start_of(day: date) -> datetime:
    """The first moment of a day on the wall clock."""
    return datetime.combine(day, time.min)


def _is(state: State, reader: Reader) -> ColumnElement[bool]:
    match state:
        case State.OVERDUE:
            return col(Task.due_sort) < start_of(reader.today)
        case State.TODAY:
            return _due_on(reader.today)
        case State.TOMORROW:
            return _due_on(reader.today + timedelta(1))
        case State.NO_TAGS:
            mine = [col(Tag.user_id) == reader.user_id, col(Tag.deleted_at).is_(None)]
            return ~bears_one_of(select(col(Tag.id)).where(*mine))
        case State.RECURRING:
            live = [col(TaskRecurrence.id) == col(Task.series_id), col(TaskRecurrence.ended_at).is_(None)]
            return exists().where(*live)
        case _:
            return _EVERYWHERE[state]


def _due_on(day: date) -> ColumnElement[bool]:
    return _lies(Task.due_sort, Relation.ON, start_of(day), start_of(day + timedelta(1)))


def _dated(condition: Dated, reader: Reader) -> ColumnElement[bool]:
    span, relation = condition.span, condition.relation
    match condition.moment:
        case Moment.DUE:
            return and_(col(Task.due_sort) < NO_DUE, _lies(Task.due_sort, relation, span.start, span.end))
        case Moment.CREATED:
            return _lies(Task.created_at, relation, *_instants(span, reader.zone))
        case Moment.COMPLETED:
            done = _lies(Task.completed_at, relation, *_instants(span, reader.zone))
            return and_(_is_set(Task.completed_at), done)


def _lies(column: datetime | None, relation: Relation, start: datetime, end: datetime) -> ColumnElement[bool]:
    value = col(column)
    match relation:
        case Relation.ON:
            return and_(value >= start, value < end)
        case Relation.BEFORE:
            return value < start
        case Relation.AFTER:
            return value >= end
        case Relation.FROM:
            return value >= start
        case Relation.BY:
            return value < end


def _instants(span: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = (clock.replace(tzinfo=zone).astimezone(UTC) for clock in (span.start, span.end))
    return start, end


def _is_set(column: object) -> ColumnElement[bool]:
    return col(column).is_not(None)


# States that are the same for every reader.
_EVERYWHERE: dict[State, ColumnElement[bool]] = {
    State.NO_DATE: col(Task.due_sort) == NO_DUE,
    State.NO_TIME: col(Task.due_time).is_(None),
    State.NO_PROJECT: col(Task.project_id).is_(None),
    State.SUBTASK: _is_set(Task.parent_id),
    State.OPEN: col(Task.completed_at).is_(None),
    State.COMPLETED: _is_set(Task.completed_at),
}
