"""Tasks as tools answer them: the JSON of the contract, short in lists and whole for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import BaseModel

from todo_app.services.task_document import TaskDocument
from todo_app.tools.size import beginning

# Of a description that is longer, the rest is read by itself.
DESCRIPTION_TOKENS_MAX = 9_000
TITLE_SHOWN_MAX = 60


class Due(BaseModel):
    """When a task is due: all-day without a time, following the user without a zone."""

    date: str
    time: str | None = None
    timezone: str | None = None


class Repeats(BaseModel):
    """How a task repeats, in words."""

    text: str


class Recurrence(Repeats):
    """How a task repeats: RFC 5545 rules, one a line, and the same in words."""

    rule: str
    anchor: str


class Reminder(BaseModel):
    """When to remind: minutes before the task is due, or an instant."""

    id: str | None = None
    minutes_before: int | None = None
    at: str | None = None
    sent_at: str | None = None


class TaskRow(BaseModel):
    """A task in a list; what it has none of is left out."""

    id: str
    title: str
    status: Literal["open", "completed"]
    priority: str | None = None
    tags: list[str] | None = None
    project: str | None = None
    parent_id: str | None = None
    due: Due | None = None
    recurrence: Repeats | None = None
    completed_at: str | None = None
    deleted_at: str | None = None


class TaskWhole(TaskRow):
    """A task with everything that hangs on it."""

    description: str = ""
    # Where the rest of the description begins that is not shown here.
    description_continues_at: int | None = None
    series_id: str | None = None
    occurrence: str | None = None
    due_at: str | None = None
    recurrence: Recurrence | None = None
    reminders: list[Reminder] | None = None
    reminder_sent: bool
    created_at: str
    updated_at: str
    version: int


def rows_of(documents: Iterable[TaskDocument]) -> list[TaskRow]:
    """Tasks in a list."""
    return [_row(document) for document in documents]


def whole(document: TaskDocument, *, description_from: int = 0) -> TaskWhole:
    """One task, with its description from a character on."""
    shown = beginning(document["description"][description_from:], tokens=DESCRIPTION_TOKENS_MAX)
    end = description_from + len(shown)
    recurrence = document["recurrence"]
    return TaskWhole(
        **_row(document).model_dump(exclude={"recurrence"}),
        description=shown,
        description_continues_at=end if end < len(document["description"]) else None,
        series_id=document["series_id"],
        occurrence=document["occurrence"],
        due_at=document["due_at"],
        recurrence=Recurrence(**recurrence) if recurrence else None,
        reminders=[Reminder(**each) for each in document["reminders"]] or None,
        reminder_sent=document["reminder_sent"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        version=document["version"],
    )


def day_text(day: date) -> str:
    """A day with its weekday, which models get wrong when they work it out."""
    return f"{day:%A} {day.isoformat()}"


def shortened(title: str) -> str:
    """A title that is long enough to be known by."""
    return title if len(title) <= TITLE_SHOWN_MAX else f"{title[:TITLE_SHOWN_MAX]}…"


def _row(document: TaskDocument) -> TaskRow:
    due, recurrence = document["due"], document["recurrence"]
    return TaskRow(
        id=document["id"],
        title=document["title"],
        status=document["status"],
        priority=document["priority"],
        tags=document["tags"] or None,
        project=document["project"],
        parent_id=document["parent_id"],
        due=Due(**due) if due else None,
        recurrence=Repeats(text=recurrence["text"]) if recurrence else None,
        completed_at=document["completed_at"],
        deleted_at=document["deleted_at"],
    )
