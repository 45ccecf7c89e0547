"""The fields of a task as agents write them, and the same as programs send them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.reminder_words import read_reminder
from todo_app.domain.task import Due
from todo_app.domain.text import DESCRIPTION_MAX, TITLE_MAX
from todo_app.services.bodies import Id, Text
from todo_app.services.task_bodies import (
    DueBody,
    PriorityName,
    RecurrenceBody,
    ReminderBody,
    TaskFields,
)
from todo_app.services.task_document import due_document, instant
from todo_app.services.task_fields import TAGS_PER_TASK_MAX
from todo_app.services.task_reminders import REMINDERS_MAX
from todo_app.tools.moments import due_of
from todo_app.tools.tool import Arguments

_WORDS_MAX, _RULE_MAX, _NAME_MAX = 200, 4_000, 200

DUE = "When it is due: words (“tomorrow 9am”), ISO (2026-12-01, 2026-12-01T09:00), or date, time, timezone."
RECURRENCE = "How it repeats: words (“every monday 9am”, “every! 3 days” from completion) or an RRULE."
REMINDERS = "Each in words (“30 min before”, “tomorrow 9am”), or minutes_before or at (an instant)."

DueText = Text | DueBody
RecurrenceText = Text | RecurrenceBody
ReminderText = Text | ReminderBody


class Fields(Arguments):
    """The fields of a task that can be set."""

    title: Text = Field("", max_length=TITLE_MAX * 2, description="One line.")
    description: Text = Field("", max_length=DESCRIPTION_MAX, description="Markdown; empty for none.")
    priority: PriorityName | None = Field(None, description="null for none.")
    tags: list[Text] = Field(
        [], max_length=TAGS_PER_TASK_MAX, description="All its tags; those that do not exist are created."
    )
    project: Text | None = Field(
        None, max_length=_NAME_MAX, description="Its name; created when there is none. null for no project."
    )
    parent_id: Id | None = Field(None, description="The task that it is a subtask of; null for none.")
    due: DueText | None = Field(None, description=f"{DUE} null for no date.")
    recurrence: RecurrenceText | None = Field(None, description=f"{RECURRENCE} null: does not repeat.")
    reminders: list[ReminderText] = Field(
        [], max_length=REMINDERS_MAX, description=f"All of them. {REMINDERS}"
    )


def sent(uow: UnitOfWork, asked: Arguments) -> TaskFields:
    """The fields that were named, as programs send them; those left out stay left out.

    Raises:
        Invalid: when words can't be understood.
    """
    named = asked.model_fields_set & TaskFields.model_fields.keys()
    values: dict[str, Any] = {name: getattr(asked, name) for name in named}
    if isinstance(values.get("due"), str):
        values["due"] = due_body(due_of(uow, values["due"]))
    if isinstance(values.get("recurrence"), str):
        values["recurrence"] = recurrence_body(values["recurrence"])
    if "reminders" in values:
        values["reminders"] = _reminders(uow, values["reminders"])
    return TaskFields(**values)


def due_body(due: Due) -> DueBody:
    """A due date as programs send it."""
    return DueBody.model_validate(due_document(due))


def recurrence_body(text: str) -> RecurrenceBody:
    """A rule of RFC 5545 or the same in words, as programs send it."""
    is_rule = "FREQ=" in text.upper()
    return RecurrenceBody(rule=text) if is_rule else RecurrenceBody(text=text)


def _reminders(uow: UnitOfWork, wanted: Sequence[Text | ReminderBody]) -> list[ReminderBody]:
    return [each if isinstance(each, ReminderBody) else _reminder(uow, each) for each in wanted]


def _reminder(uow: UnitOfWork, words: str) -> ReminderBody:
    try:
        data = read_reminder(words, now=uow.now, zone=uow.identity.zone)
    except Invalid as error:
        raise Invalid("reminders", error.reason) from None
    return ReminderBody(minutes_before=data.minutes_before, at=instant(data.at))
