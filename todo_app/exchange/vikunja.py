"""Vikunja: ``data.json`` of its data export, as the file alone or in the zip.

A list of projects, each with its tasks, as Vikunja's API tells them; ``related_tasks`` says which are
subtasks. Times are instants, and one of year 1 is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.recurrence import format_rules
from todo_app.domain.recurrence.clamp import monthly_on
from todo_app.domain.recurrence.rule import Frequency, Rule
from todo_app.domain.task import Due, Priority
from todo_app.exchange.decoding import parse_json
from todo_app.exchange.html_text import markdown_of
from todo_app.exchange.records import Item, Note, Reading, Rejected, Remark, ReminderRecord, Rows, TaskRecord

_PRIORITIES = {1: Priority.LOW, 2: Priority.MEDIUM, 3: Priority.HIGH, 4: Priority.HIGH, 5: Priority.HIGH}
_PERIODS = (
    (604_800, Frequency.WEEKLY),
    (86_400, Frequency.DAILY),
    (3_600, Frequency.HOURLY),
    (60, Frequency.MINUTELY),
)
_MONTHLY, _FROM_COMPLETION = 1, 2
# What stands for a day without a time.
_ALL_DAY = (time(0), time(23, 59), time(23, 59, 59))


class _Part(BaseModel):
    """Base of what is read; the rest of it has no place here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Reminder(_Part):
    reminder: AwareDatetime | None = None
    relative_period: int = 0
    relative_to: str | None = ""


class _Label(_Part):
    title: str


class _Related(_Part):
    id: int


class _Author(_Part):
    username: str = ""


class _Comment(_Part):
    comment: str = ""
    author: _Author | None = None


class _Task(_Part):
    id: int
    title: str = ""
    description: str = ""
    done: bool = False
    done_at: AwareDatetime | None = None
    due_date: AwareDatetime | None = None
    reminders: list[_Reminder] | None = None
    # Before version 0.21.
    reminder_dates: list[AwareDatetime] | None = None
    repeat_after: int = Field(default=0, ge=0)
    repeat_mode: int = 0
    priority: int = 0
    start_date: AwareDatetime | None = None
    end_date: AwareDatetime | None = None
    labels: list[_Label] | None = None
    assignees: list[Any] | None = None
    attachments: list[Any] | None = None
    percent_done: float = 0
    related_tasks: dict[str, list[_Related] | None] | None = None
    comments: list[_Comment] | None = None
    created: AwareDatetime | None = None
    updated: AwareDatetime | None = None
    deleted_at: AwareDatetime | None = None


class _Project(_Part):
    id: int = 0
    title: str = ""
    parent_project_id: int | None = 0
    is_archived: bool = False
    tasks: list[Any] | None = None
    child_projects: list[_Project] | None = None


def is_export(document: object) -> bool:
    """Whether a JSON document is such an export."""
    return isinstance(document, list) and any(isinstance(each, dict) and "tasks" in each for each in document)


def read(text: str, reading: Reading) -> Iterator[Item]:
    """The tasks of all projects.

    Raises:
        Invalid: when it is no such export, or has too many tasks.
    """
    document = parse_json(text)
    if not is_export(document) or not isinstance(document, list):
        raise Invalid("file", "This is no export of Vikunja's: it needs a list of projects with their tasks.")
    try:
        projects = [_Project.model_validate(each) for each in document]
    except ValidationError as error:
        raise Invalid("file", f"A project can't be read: {_reason(error)}") from None
    yield from _Export(reading, projects).read()


@dataclass(frozen=True, slots=True)
class _Found:
    """A task, where it stands, and the name that its project gets."""

    row: int
    project: str | None
    task: _Task


class _Export:
    def __init__(self, reading: Reading, projects: list[_Project]) -> None:
        self._reading = reading
        self._projects = projects
        self._rows = Rows()
        self._keys: dict[int, str] = {}
        self._parents: dict[int, int] = {}

    def read(self) -> Iterator[Item]:
        found = list(self._tasks())
        tasks = [each.task for each in found if isinstance(each, _Found)]
        self._keys = {task.id: f"vikunja:{task.id}:{_text(task.created)}" for task in tasks}
        for task in tasks:
            for parent in _related(task, "parenttask"):
                self._parents.setdefault(task.id, parent)
            for child in _related(task, "subtask"):
                self._parents.setdefault(child, task.id)
        for name in sorted({project.title for project in _all(self._projects) if project.is_archived}):
            yield Remark(f"“{name[:80]}” was archived, which projects here can't be; it is an ordinary one.")
        for each in found:
            yield each if isinstance(each, Rejected) else self._record(each)

    def _tasks(self) -> Iterator[_Found | Rejected]:
        for project, name in _names(self._projects):
            for value in project.tasks or []:
                row = self._rows.another()
                try:
                    yield _Found(row, name, _Task.model_validate(value))
                except ValidationError as error:
                    title = str(value.get("title", ""))[:200] if isinstance(value, dict) else ""
                    yield Rejected(row, title, "task", _reason(error))

    def _record(self, found: _Found) -> TaskRecord:
        task = found.task
        notes = list(_left_out(task))
        due = self._due(task.due_date)
        parent = self._parents.get(task.id)
        completed_at = (_moment(task.done_at) or self._reading.now) if task.done else None
        return TaskRecord(
            row=found.row,
            key=self._keys[task.id],
            title=task.title,
            description=_description(task, notes),
            priority=_PRIORITIES.get(task.priority),
            tags=tuple(label.title for label in task.labels or []),
            project=found.project,
            parent_key=self._keys.get(parent) if parent is not None else None,
            due=due,
            recurrence=self._recurrence(task, due) if completed_at is None else None,
            reminders=tuple(_reminders(task, due, notes)),
            created_at=_moment(task.created),
            updated_at=_moment(task.updated),
            completed_at=completed_at,
            deleted_at=_moment(task.deleted_at),
            notes=tuple(notes),
        )

    def _due(self, moment: datetime | None) -> Due | None:
        moment = _moment(moment)
        if moment is None:
            return None
        clock = moment.astimezone(self._reading.zone)
        return Due(clock.date(), None if clock.time() in _ALL_DAY else clock.time())

    def _recurrence(self, task: _Task, due: Due | None) -> RecurrenceData | None:
        if task.repeat_mode == _MONTHLY:
            day = due.date.day if due else self._reading.now.astimezone(self._reading.zone).day
            rule = monthly_on(day)
        elif task.repeat_after:
            length, freq = next(
                (each for each in _PERIODS if task.repeat_after % each[0] == 0), (1, Frequency.SECONDLY)
            )
            rule = Rule(freq, interval=task.repeat_after // length)
        else:
            return None
        anchor = "completion" if task.repeat_mode == _FROM_COMPLETION else "schedule"
        return RecurrenceData.model_validate({"rule": format_rules([rule]), "anchor": anchor})


def _all(projects: list[_Project]) -> Iterator[_Project]:
    for project in projects:
        yield project
        yield from _all(project.child_projects or [])


def _names(projects: list[_Project]) -> list[tuple[_Project, str | None]]:
    """All projects with the names that they get: below another one, both names; the inbox has none."""
    every = list(_all(projects))
    by_id = {project.id: project for project in every}
    names = []
    for project in every:
        line, above = [project.title], by_id.get(project.parent_project_id or 0)
        while above is not None and above.title not in line:
            line.append(above.title)
            above = by_id.get(above.parent_project_id or 0)
        is_inbox = len(line) == 1 and project.title.casefold() == "inbox"
        names.append((project, None if is_inbox else " / ".join(reversed(line))))
    return names


def _related(task: _Task, kind: str) -> list[int]:
    return [each.id for each in (task.related_tasks or {}).get(kind) or []]


def _description(task: _Task, notes: list[Note]) -> str:
    parts = [markdown_of(task.description)]
    for comment in task.comments or []:
        text = markdown_of(comment.comment)
        author = comment.author.username if comment.author else ""
        quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
        parts.append(f"{quoted}\n>\n> — {author}" if author else quoted)
        notes.append(Note("comments", "The comment stands in the description."))
    return "\n\n".join(part for part in parts if part)


def _reminders(task: _Task, due: Due | None, notes: list[Note]) -> Iterator[ReminderRecord]:
    for reminder in task.reminders or []:
        at = _moment(reminder.reminder)
        if reminder.relative_to == "due_date" and due is not None and reminder.relative_period <= 0:
            yield ReminderRecord(minutes_before=-reminder.relative_period // 60)
        elif at is not None:
            yield ReminderRecord(at=at)
        else:
            notes.append(Note("reminders", "A reminder without a time is left out."))
    for moment in task.reminder_dates or []:
        at = _moment(moment)
        if at is not None:
            yield ReminderRecord(at=at)


def _left_out(task: _Task) -> Iterator[Note]:
    said = {
        "start_date": (_moment(task.start_date), "When it starts"),
        "end_date": (_moment(task.end_date), "When it ends"),
        "assignees": (task.assignees, "Who it was assigned to"),
        "attachments": (task.attachments, "What was attached"),
        "percent_done": (task.percent_done, "How far it was done"),
    }
    for name, (value, what) in said.items():
        if value:
            yield Note(name, f"{what} is left out.")
    others = [kind for kind, related in (task.related_tasks or {}).items() if related]
    others = sorted(set(others) - {"parenttask", "subtask"})
    if others:
        yield Note("related_tasks", f"Relations to other tasks are left out: {', '.join(others)}.")
    if task.priority > max(_PRIORITIES) or task.priority > 3:
        yield Note("priority", "“Urgent” and “do now” become high.")


def _moment(moment: datetime | None) -> datetime | None:
    """An instant; that of year 1 is Vikunja's for none."""
    return None if moment is None or moment.year < 1900 else moment.astimezone(UTC)


def _text(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment and moment.year > 1 else ""


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}."
