"""A task as programs see it, in REST and exports: the JSON of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

# That of the standard library will do from Python 3.12 on, says pydantic, which checks answers against these.
from typing_extensions import TypedDict

from todo_app.db.models import Reminder, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.task import Due
from todo_app.services.recurrence import words_of


class DueDocument(TypedDict):
    """When a task is due: all-day without a time, following the user without a zone."""

    date: str
    time: str | None
    timezone: str | None


class RecurrenceDocument(TypedDict):
    """How a task repeats: RFC 5545 rules, one a line, and the same in words."""

    rule: str
    anchor: str
    text: str


class ReminderDocument(TypedDict):
    """When to remind: minutes before the task is due, or an instant."""

    id: str
    minutes_before: int | None
    at: str | None
    sent_at: str | None


class TaskDocument(TypedDict):
    """A task; instants are in UTC."""

    id: str
    series_id: str | None
    occurrence: str | None
    title: str
    description: str
    status: Literal["open", "completed"]
    priority: str | None
    tags: list[str]
    project: str | None
    parent_id: str | None
    due: DueDocument | None
    due_at: str | None
    recurrence: RecurrenceDocument | None
    reminders: list[ReminderDocument]
    reminder_sent: bool
    created_at: str
    updated_at: str
    completed_at: str | None
    deleted_at: str | None
    version: int


async def documents(uow: UnitOfWork, tasks: Sequence[Task]) -> list[TaskDocument]:
    """These tasks, which this transaction has loaded, as documents in the same order."""
    await uow.recurrences.load(tasks)
    await uow.reminders.load([task.id for task in tasks])
    tags = {tag.id: tag.name for tag in await uow.tags.all()}
    projects = {project.id: project.name for project in await uow.projects.all()}
    return [_document(uow, task, tags, projects) for task in tasks]


def due_document(due: Due | None) -> DueDocument | None:
    """A due date as a document."""
    if due is None:
        return None
    time = (
        f"{due.time:%H:%M:%S}" if due.time and due.time.second else f"{due.time:%H:%M}" if due.time else None
    )
    return DueDocument(date=due.date.isoformat(), time=time, timezone=due.timezone)


def instant(moment: datetime | None) -> str | None:
    """An instant in UTC, to the second unless it is finer."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _document(uow: UnitOfWork, task: Task, tags: dict[UUID, str], projects: dict[UUID, str]) -> TaskDocument:
    return TaskDocument(
        id=str(task.id),
        series_id=str(task.series_id) if task.series_id else None,
        occurrence=task.occurrence,
        title=task.title,
        description=task.description,
        status=task.status.value,
        priority=task.priority.value if task.priority else None,
        tags=sorted((tags[tag_id] for tag_id in uow.tasks.tag_ids(task) if tag_id in tags), key=str.casefold),
        project=projects.get(task.project_id) if task.project_id else None,
        parent_id=str(task.parent_id) if task.parent_id else None,
        due=due_document(task.due),
        due_at=instant(task.due_at),
        recurrence=_recurrence(uow, task),
        reminders=[_reminder(row) for row in uow.reminders.of(task)],
        reminder_sent=task.reminder_sent,
        created_at=instant(task.created_at) or "",
        updated_at=instant(task.updated_at) or "",
        completed_at=instant(task.completed_at),
        deleted_at=instant(task.deleted_at),
        version=task.version,
    )


def _recurrence(uow: UnitOfWork, task: Task) -> RecurrenceDocument | None:
    row = uow.recurrences.of(task)
    if row is None or row.ended_at is not None:
        return None
    words = words_of(row.rule, row.anchor, uow.identity.zone)
    return RecurrenceDocument(rule=row.rule, anchor=row.anchor, text=words)


def _reminder(row: Reminder) -> ReminderDocument:
    return ReminderDocument(
        id=str(row.id), minutes_before=row.minutes_before, at=instant(row.at), sent_at=instant(row.sent_at)
    )
