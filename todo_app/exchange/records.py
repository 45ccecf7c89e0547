"""What a file holds, whatever its format: tasks, and what they refer to; saved filters besides."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.task import Due, Priority

ROWS_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Note:
    """What of a row is taken over otherwise than it stands in the file, or not at all."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """When to remind: so many minutes before the task is due, or at an instant; ``sent_at`` when it has."""

    minutes_before: int | None = None
    at: datetime | None = None
    snooze: bool = False
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """Fields that one occurrence of a series has for itself: what the following ones have instead."""

    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task of a file.

    Attributes:
        row: where it stands in the file, counted from 1 as its readers count: lines of a table, else tasks.
        key: what names it, the same whenever the same file is read; its id when it is one of ours.
        parent_key: the key of the task that it is a subtask of.
        series_key: the series that it is an occurrence of, when the file holds that.
        recurrence: how it repeats, in a file that knows of no series.
        notes: what the reader could not take over as it stood.
    """

    row: int
    key: str
    title: str
    description: str = ""
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    project: str | None = None
    parent_key: str | None = None
    due: Due | None = None
    recurrence: RecurrenceData | None = None
    series_key: str | None = None
    occurrence: str | None = None
    only_here: OnlyHere | None = None
    rank: str | None = None
    reminders: tuple[ReminderRecord, ...] = ()
    reminder_sent: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None
    skipped: bool = False
    deleted_at: datetime | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """A series of tasks; ``latest_key`` and ``previous_key`` are its newest occurrence and the one before."""

    key: str
    recurrence: RecurrenceData
    timezone: str | None = None
    latest_key: str | None = None
    previous_key: str | None = None
    last_created_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TagRecord:
    """A tag with its colour."""

    name: str
    color: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A project."""

    name: str


@dataclass(frozen=True, slots=True)
class FilterRecord:
    """A saved filter."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that can't become a task before somebody corrects it."""

    row: int
    title: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What of the file as a whole is not taken over."""

    reason: str


Item = TaskRecord | SeriesRecord | TagRecord | ProjectRecord | FilterRecord | Rejected | Remark


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file depends on besides the file.

    Attributes:
        now: the present instant, which words such as “tomorrow” count from.
        zone: the zone of the person.
        name: the file's name, which some formats put the project in; may be empty.
    """

    now: datetime
    zone: ZoneInfo
    name: str = ""


class Rows:
    """Counts the rows of a file."""

    def __init__(self) -> None:
        self._count = 0

    def another(self) -> int:
        """The number of the next row.

        Raises:
            Invalid: when the file has more than ``ROWS_MAX``.
        """
        self._count += 1
        if self._count > ROWS_MAX:
            raise Invalid(
                "file", f"The file has more than {ROWS_MAX:,} tasks. Split it and import one part at a time."
            )
        return self._count


class ContentKeys:
    """Names tasks that have no id by what they hold, and which of several equal ones they are."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._seen: Counter[str] = Counter()

    def of(self, *content: object) -> str:
        """The key of the next task that holds this."""
        digest = hashlib.sha256(repr(content).encode("utf-8", "replace")).hexdigest()
        self._seen[digest] += 1
        return f"{self._prefix}:{digest}:{self._seen[digest]}"
