"""``POST /quick-add``: a task from one typed line."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel, Field

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.commands import WRITER, Answer, Command, answer_json
from todo_app.api.v1.routers import v1_router
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add import QuickAdd, Reminder, ReminderBefore
from todo_app.domain.recurrence import describe, format_rules
from todo_app.domain.views import ListName, View
from todo_app.services import quick_add
from todo_app.services.moments import instant_of, zone_of
from todo_app.services.task_document import (
    DueDocument,
    RecurrenceDocument,
    TaskDocument,
    document,
    due_document,
    instant,
)


class LineToAdd(Body):
    """A line as somebody types it; ``now`` and ``timezone`` are for reading it at another time or place."""

    text: Text = Field(
        max_length=quick_add.LINE_MAX, examples=["Pay rent every month on the 1st at 9am #home"]
    )
    now: Text | None = Field(None, max_length=40, examples=["2026-12-01T09:00:00+01:00"])
    timezone: Text | None = Field(None, max_length=64, examples=["Europe/Berlin"])
    dry_run: bool = Field(default=False, description="Only say what is understood, and add nothing.")


class TokenAnswer(BaseModel):
    """A part of the line that was understood; ``text[start:end]`` is it, in code points."""

    kind: Literal["due", "priority", "tag", "project", "reminder", "recurrence"]
    start: int
    end: int
    text: str


class QuickAddAnswer(BaseModel):
    """What was understood, and the task that was added."""

    title: str
    due: DueDocument | None
    priority: str | None
    tags: list[str]
    project: str | None
    recurrence: RecurrenceDocument | None
    reminders: list[dict[str, Any]]
    tokens: list[TokenAnswer]
    task: TaskDocument | None


router = v1_router("quick add")


@router.post("/quick-add", response_model=QuickAddAnswer)
async def add_a_line(body: LineToAdd, command: Command = WRITER) -> Response:
    if body.dry_run:
        async with command.app.work.read(command.caller) as uow:
            return answer_json(_answer(_read(uow, body), None, uow).model_dump())

    async def act(uow: UnitOfWork) -> Answer:
        said = _read(uow, body)
        task = await quick_add.add_said(uow, said, view=View.of(ListName.INBOX))
        return Answer(_answer(said, await document(uow, task.id), uow).model_dump())

    return await command.run(act)


def _read(uow: UnitOfWork, body: LineToAdd) -> QuickAdd:
    zone = zone_of(body.timezone) or uow.identity.zone
    now = instant_of(body.now, zone, field="now") if body.now is not None else uow.now
    return quick_add.read(_line(body.text), now=now, zone=zone)


def _line(text: str) -> quick_add.Line:
    if not text.strip():
        raise Invalid("text", "Give the task a title.")
    return quick_add.Line(text, start=0, indent=0)


def _answer(said: QuickAdd, task: TaskDocument | None, uow: UnitOfWork) -> QuickAddAnswer:
    recurrence = said.recurrence
    return QuickAddAnswer(
        title=said.title,
        due=due_document(said.due),
        priority=said.priority.value if said.priority else None,
        tags=list(said.tags),
        project=said.project,
        recurrence=RecurrenceDocument(
            rule=format_rules(recurrence.rules),
            anchor=recurrence.anchor.value,
            text=describe(recurrence, timezone=uow.identity.zone),
        )
        if recurrence
        else None,
        reminders=[_reminder(reminder) for reminder in said.reminders],
        tokens=[
            TokenAnswer(kind=token.kind.value, start=token.start, end=token.end, text=token.text)
            for token in said.tokens
        ],
        task=task,
    )


def _reminder(reminder: Reminder) -> dict[str, Any]:
    if isinstance(reminder, ReminderBefore):
        return {"minutes_before": reminder.minutes}
    return {"at": instant(reminder.instant)}
