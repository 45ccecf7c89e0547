"""Adding tasks from typed lines, in the list that the person looks at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData, ReminderData
from todo_app.domain.quick_add import QuickAdd, Reminder, ReminderBefore, parse
from todo_app.domain.recurrence import Recurrence, format_rules
from todo_app.domain.series import as_key, wall_of
from todo_app.domain.task import Due
from todo_app.domain.views import ListName, View
from todo_app.services import projects, tags, tasks
from todo_app.services.lists import today
from todo_app.services.task_tree import DEPTH_MAX
from todo_app.services.tasks import AddTask

LINE_MAX = 10_000
LINES_MAX = 100
_TAB = 4

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what was typed or pasted: its text, where that begins, and how far it is indented."""

    text: str
    start: int
    indent: int


def lines_of(text: str) -> list[Line]:
    """The lines that are not empty; offsets count code points.

    Raises:
        Invalid: when there are more than ``LINES_MAX``, or one is longer than ``LINE_MAX`` characters.
    """
    lines, start = [], 0
    for whole in text.splitlines(keepends=True):
        stripped = whole.strip()
        if stripped:
            before = whole[: len(whole) - len(whole.lstrip())]
            lines.append(Line(stripped, start + len(before), len(before.expandtabs(_TAB))))
        start += len(whole)
    if len(lines) > LINES_MAX:
        raise Invalid("title", f"These are {len(lines):,} lines; at most {LINES_MAX} become tasks at once.")
    for line in lines:
        if len(line.text) > LINE_MAX:
            raise Invalid("title", f"This is {len(line.text):,} characters long; at most {LINE_MAX:,} fit.")
    return lines


def read(line: Line, *, now: datetime, zone: ZoneInfo, ignored: Collection[Span] = ()) -> QuickAdd:
    """What a line says; ``ignored`` are the spans of the whole text that are to stay in the title."""
    here = {(start - line.start, end - line.start) for start, end in ignored}
    return parse(line.text, now=now, timezone=zone, ignored=here)


async def add(uow: UnitOfWork, text: str, *, view: View, ignored: Collection[Span] = ()) -> list[Task]:
    """Add the tasks that the lines describe, an indented one as a subtask of the one above it.

    What a line does not say comes from the list it is added to.

    Raises:
        Invalid: when a title, a name or a date can't be so; of several lines it says which.
        NotFound: when the list's own project or tag is gone.
    """
    lines = lines_of(text)
    if not lines:
        raise Invalid("title", "Give the task a title.")
    added: list[Task] = []
    above: list[tuple[int, Task]] = []
    for number, line in enumerate(lines, start=1):
        above = [(indent, task) for indent, task in above if indent < line.indent][: DEPTH_MAX - 1]
        parent = above[-1][1] if above else None
        said = read(line, now=uow.now, zone=uow.identity.zone, ignored=ignored)
        try:
            task = await add_said(uow, said, view=view, parent=parent)
        except Invalid as error:
            raise error if len(lines) == 1 else _in_line(number, error) from error
        added.append(task)
        above.append((line.indent, task))
    return added


async def add_said(uow: UnitOfWork, said: QuickAdd, *, view: View, parent: Task | None = None) -> Task:
    """Add the task that one line describes.

    Raises:
        Invalid: when its title, a name or the date can't be so.
        NotFound: when the list's own project or tag is gone.
    """
    tag_ids = await tags.ensure(uow, said.tags)
    project = await projects.ensure(uow, said.project) if said.project else None
    due = said.due or (_due_of_list(uow, view) if parent is None else None)
    command = AddTask(
        title=said.title,
        priority=said.priority,
        due=due,
        project_id=project.id if project else _project_of_list(view),
        parent_id=parent.id if parent else None,
        tag_ids=tag_ids | ({view.id} if view.list is ListName.TAG and view.id else set()),
        recurrence=recurrence_data(said.recurrence, said.due) if said.recurrence else None,
        reminders=[reminder_data(reminder) for reminder in said.reminders] if said.reminders else None,
    )
    return await tasks.add(uow, command)


def recurrence_data(recurrence: Recurrence, first: Due | None) -> RecurrenceData:
    """A rule that was typed, counted from its first occurrence."""
    return RecurrenceData(
        rule=format_rules(recurrence.rules),
        anchor=recurrence.anchor.value,
        start=as_key(wall_of(first)) if first else None,
    )


def reminder_data(reminder: Reminder) -> ReminderData:
    """A reminder that was typed."""
    if isinstance(reminder, ReminderBefore):
        return ReminderData(minutes_before=reminder.minutes)
    return ReminderData(at=reminder.instant)


def _in_line(number: int, error: Invalid) -> Invalid:
    return Invalid(error.field, f"Line {number}: {error.reason}")


def _project_of_list(view: View) -> UUID | None:
    return view.id if view.list is ListName.PROJECT else None


def _due_of_list(uow: UnitOfWork, view: View) -> Due | None:
    return Due(today(uow)) if view.list is ListName.TODAY else None
