"""The tools for one task: add it, read it, change its fields, its reminders and its rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.identity import Scope
from todo_app.domain.task import Due
from todo_app.services import named_tasks, quick_add, tasks
from todo_app.services.bodies import Id, Text
from todo_app.services.lists import today
from todo_app.services.named_tasks import NewTask, TaskChange
from todo_app.services.recurrence import next_dues
from todo_app.services.task_document import document, due_document
from todo_app.services.task_reminders import REMINDERS_MAX
from todo_app.services.tasks import MoveTask
from todo_app.tools.fields import RECURRENCE, REMINDERS, Fields, RecurrenceText, ReminderText, sent
from todo_app.tools.rows import Due as DueRow
from todo_app.tools.rows import TaskWhole, day_text, shortened, whole
from todo_app.tools.tool import Answer, Arguments, Tool, Written

NEXT_DATES = 5
SUBTASKS_SHOWN_MAX = 30


class OneTask(Written):
    """A task as it is now."""

    task: TaskWhole
    next_dates: list[DueRow] | None = None


class Line(Fields):
    """What is known of a new task."""

    line: Text | None = Field(
        None,
        max_length=quick_add.LINE_MAX,
        description="All in one line instead of a title: "
        "“Pay rent every month on the 1st at 9am #home +Flat p1 !1 day before”. Other fields overrule it.",
    )


class Named(Arguments):
    """Which task."""

    id: Id = Field(description="The task's id.")


class Asked(Named):
    """Which task, and which part of a long description."""

    description_from: int = Field(0, ge=0, description="The description_continues_at of the answer before.")


class Subtask(Answer):
    """A subtask in short."""

    id: str
    title: str
    status: Literal["open", "completed"]


class Found(Answer):
    """A task with its subtasks, and when it will be due again."""

    today: str
    task: TaskWhole
    next_dates: list[DueRow] | None = None
    subtasks: list[Subtask] | None = None
    subtasks_not_shown: int | None = None


class Change(Fields, Named):
    """Which task, its new fields, and its new place."""

    after: Id | None = Field(
        None, description="The task right behind which it is to stand in the order made by hand."
    )
    before: Id | None = Field(None, description="Likewise, right before which.")


class Reminders(Named):
    """Which task, and when to remind of it."""

    reminders: list[ReminderText] = Field(
        max_length=REMINDERS_MAX, description=f"All of them; [] removes them. {REMINDERS}"
    )


class Repeating(Named):
    """Which task, and how it repeats."""

    recurrence: RecurrenceText | None = Field(description=f"{RECURRENCE} null stops it.")


async def add_task(uow: UnitOfWork, asked: Line) -> OneTask:
    """Add a task, from a line, from fields, or both."""
    if (asked.line is None) == ("title" not in asked.model_fields_set):
        raise Invalid("title", "Send either a title or a line.")
    fields = sent(uow, asked).change(uow)
    task = await named_tasks.add(uow, _with_fields(_said(uow, asked), fields))
    return await _one(uow, task.id)


async def get_task(uow: UnitOfWork, asked: Asked) -> Found:
    """One task with all that hangs on it."""
    found = await document(uow, asked.id)
    subtasks = await uow.lists.subtasks(asked.id)
    return Found(
        today=day_text(today(uow)),
        task=whole(found, description_from=asked.description_from),
        next_dates=await _next_dates(uow, asked.id) if found["recurrence"] else None,
        subtasks=[
            Subtask(id=str(each.id), title=shortened(each.title), status=each.status.value)
            for each in subtasks[:SUBTASKS_SHOWN_MAX]
        ]
        or None,
        subtasks_not_shown=max(0, len(subtasks) - SUBTASKS_SHOWN_MAX) or None,
    )


async def update_task(uow: UnitOfWork, asked: Change) -> OneTask:
    """Change fields of a task."""
    if asked.model_fields_set == {"id"}:
        raise Invalid("id", "Name at least one field that is to change; what is left out stays as it is.")
    if asked.after is not None or asked.before is not None:
        await tasks.move(uow, MoveTask(asked.id, asked.after, asked.before))
    return await set_fields(uow, asked)


async def set_fields(uow: UnitOfWork, asked: Change | Reminders | Repeating) -> OneTask:
    """Make the fields of a task those that were sent."""
    await named_tasks.change(uow, [asked.id], sent(uow, asked).change(uow))
    return await _one(uow, asked.id)


def _said(uow: UnitOfWork, asked: Line) -> NewTask:
    if asked.line is None:
        return NewTask(title=asked.title)
    if not asked.line.strip():
        raise Invalid("line", "Give the task a title.")
    line = quick_add.Line(asked.line, start=0, indent=0)
    said = quick_add.read(line, now=uow.now, zone=uow.identity.zone)
    return NewTask(
        title=said.title,
        priority=said.priority,
        due=said.due,
        tags=said.tags,
        project=said.project,
        recurrence=quick_add.recurrence_data(said.recurrence, said.due) if said.recurrence else None,
        reminders=[quick_add.reminder_data(each) for each in said.reminders] if said.reminders else None,
    )


def _with_fields(new: NewTask, fields: TaskChange) -> NewTask:
    values: dict[str, Any] = {name: getattr(fields, name) for name in fields.model_fields_set}
    if due := values.get("due"):
        values["due"] = Due(due.date, due.time, due.timezone)
    return replace(new, **values)


async def _one(uow: UnitOfWork, task_id: Id) -> OneTask:
    found = await document(uow, task_id)
    return OneTask(
        task=whole(found),
        next_dates=await _next_dates(uow, task_id) if found["recurrence"] else None,
        undo=str(uow.command_id) if uow.events else None,
    )


async def _next_dates(uow: UnitOfWork, task_id: Id) -> list[DueRow] | None:
    (task,) = await uow.tasks.many([task_id])
    await uow.recurrences.load([task])
    dues = next_dues(uow, task, count=NEXT_DATES)
    return [DueRow.model_validate(due_document(due)) for due in dues] or None


_ANSWERS = "Answers the task as it is now, and an id for `undo`."

ONE_TASK = (
    Tool(
        name="add_task",
        title="Add a task",
        description=f"Add one task. {_ANSWERS}",
        arguments=Line,
        answer=OneTask,
        scope=Scope.WRITE,
        does=add_task,
        is_idempotent=False,
    ),
    Tool(
        name="get_task",
        title="Read a task",
        description="One task whole: description, rule in words, next five dates, reminders, subtasks.",
        arguments=Asked,
        answer=Found,
        scope=Scope.READ,
        does=get_task,
    ),
    Tool(
        name="update_task",
        title="Change a task",
        description="Change fields of one task, or its place. A field that is left out stays as it is, "
        f"null or empty clears it. To complete, delete or put off tasks use the tools for that. {_ANSWERS}",
        arguments=Change,
        answer=OneTask,
        scope=Scope.WRITE,
        does=update_task,
        is_destructive=True,
    ),
    Tool(
        name="set_reminders",
        title="Set reminders",
        description=f"Make these all the reminders of a task. {_ANSWERS}",
        arguments=Reminders,
        answer=OneTask,
        scope=Scope.WRITE,
        does=set_fields,
        is_destructive=True,
    ),
    Tool(
        name="set_recurrence",
        title="Set how a task repeats",
        description=f"Let a task repeat by a rule, or no longer. {_ANSWERS}",
        arguments=Repeating,
        answer=OneTask,
        scope=Scope.WRITE,
        does=set_fields,
        is_destructive=True,
    ),
)
