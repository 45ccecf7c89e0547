"""A task as programs see it, in REST and exports: the JSON of the contract."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Literal, cast
from uuid import UUID
from zoneinfo import ZoneInfo

# That of the standard library will do from Python 3.12 on, says pydantic, which checks answers against these.
from typing_extensions import TypedDict

from todo_app.db.models import Task
from todo_app.db.repositories.whole_tasks import StoredReminder, WholeTask
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NotFound
from todo_app.domain.task import Due, Status
from todo_app.domain.task_query import TaskQuery
from todo_app.services.lists import reading
from todo_app.services.occurrences import Foreseen, successor
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

    # None while it belongs to an occurrence that is pending.
    id: str | None
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


class NextDocument(TaskDocument):
    """The occurrence that follows a closed one; pending until it has been made."""

    pending: bool


class ClosedDocument(TypedDict):
    """A task that was completed, skipped or opened again, and what follows it."""

    task: TaskDocument
    next: NextDocument | None
    pending: bool


class TaskPage(TypedDict):
    """A stretch of a list of tasks; with ``next_cursor`` one asks for the one that follows."""

    items: list[TaskDocument]
    next_cursor: str | None


async def documents(uow: UnitOfWork, task_ids: Collection[UUID]) -> list[TaskDocument]:
    """Those of the tasks that exist, trashed ones too, as this transaction has left them."""
    await uow.flush()
    return [_document(task, uow.identity.zone) for task in await uow.whole_tasks.some(task_ids)]


async def document(uow: UnitOfWork, task_id: UUID) -> TaskDocument:
    """One task.

    Raises:
        NotFound: when there is none.
    """
    found = await documents(uow, [task_id])
    if not found:
        raise NotFound("task")
    return found[0]


async def page(uow: UnitOfWork, query: TaskQuery, *, cursor: str | None, limit: int) -> TaskPage:
    """The tasks that a query finds, from a cursor on.

    Raises:
        Invalid: when the cursor is not one of this query.
    """
    found = await uow.whole_tasks.page(query, reading(uow, query.filter), cursor=cursor, limit=limit)
    zone = uow.identity.zone
    return TaskPage(items=[_document(task, zone) for task in found.tasks], next_cursor=found.following)


async def closed_document(uow: UnitOfWork, task: Task) -> ClosedDocument:
    """A loaded task, and the occurrence that follows it."""
    closed = await document(uow, task.id)
    found = await successor(uow, task)
    if found is None:
        return ClosedDocument(task=closed, next=None, pending=False)
    if isinstance(found, Foreseen):
        return ClosedDocument(task=closed, next=await _pending(uow, closed, found), pending=True)
    following = NextDocument(**await document(uow, found), pending=False)
    return ClosedDocument(task=closed, next=following, pending=False)


async def _pending(uow: UnitOfWork, closed: TaskDocument, found: Foreseen) -> NextDocument:
    """What the next occurrence will look like: the one before it, but for what is its own."""
    tags = {tag.id: tag.name for tag in await uow.tags.all()}
    projects = {project.id: project.name for project in await uow.projects.all()}
    values, made_at = found.values, closed["completed_at"] or ""
    own = {
        "id": str(found.id),
        "occurrence": found.occurrence,
        "title": values.title,
        "description": values.description,
        "status": Status.OPEN.value,
        "priority": values.priority.value if values.priority else None,
        "tags": sorted((tags[each] for each in values.tag_ids if each in tags), key=str.casefold),
        "project": projects.get(values.project_id) if values.project_id else None,
        "due": due_document(found.due),
        "due_at": instant(found.due.at(uow.identity.zone)),
        "reminders": [
            ReminderDocument(id=None, minutes_before=each.minutes_before, at=instant(each.at), sent_at=None)
            for each in values.reminders
        ],
        "reminder_sent": False,
        "created_at": made_at,
        "updated_at": made_at,
        "completed_at": None,
        "version": 1,
        "pending": True,
    }
    return cast("NextDocument", {**closed, **own})


def due_document(due: Due | None) -> DueDocument | None:
    """A due date as a document."""
    if due is None:
        return None
    time = due.time.isoformat("seconds" if due.time.second else "minutes") if due.time else None
    return DueDocument(date=due.date.isoformat(), time=time, timezone=due.timezone)


def instant(moment: datetime | None) -> str | None:
    """An instant in UTC, to the second unless it is finer."""
    return f"{moment.astimezone(UTC).isoformat().removesuffix('+00:00')}Z" if moment else None


def _document(task: WholeTask, zone: ZoneInfo) -> TaskDocument:
    return TaskDocument(
        id=str(task.id),
        series_id=str(task.series_id) if task.series_id else None,
        occurrence=task.occurrence,
        title=task.title,
        description=task.description,
        status=task.status.value,
        priority=task.priority.value if task.priority else None,
        tags=list(task.tags),
        project=task.project,
        parent_id=str(task.parent_id) if task.parent_id else None,
        due=due_document(task.due),
        due_at=instant(task.due_at),
        recurrence=_recurrence(task, zone),
        reminders=[_reminder(reminder) for reminder in task.reminders],
        reminder_sent=task.reminder_sent,
        created_at=instant(task.created_at) or "",
        updated_at=instant(task.updated_at) or "",
        completed_at=instant(task.completed_at),
        deleted_at=instant(task.deleted_at),
        version=task.version,
    )


def _recurrence(task: WholeTask, zone: ZoneInfo) -> RecurrenceDocument | None:
    if task.rule is None:
        return None
    words = words_of(task.rule, task.anchor, zone)
    return RecurrenceDocument(rule=task.rule, anchor=task.anchor, text=words)


def _reminder(reminder: StoredReminder) -> ReminderDocument:
    return ReminderDocument(
        id=str(reminder.id),
        minutes_before=reminder.minutes_before,
        at=instant(reminder.at),
        sent_at=instant(reminder.sent_at),
    )
