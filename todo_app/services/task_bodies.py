"""What programs send about tasks, and the commands that it means."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any, Literal

from pydantic import Field

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData, ReminderData
from todo_app.domain.quick_add import parse_recurrence
from todo_app.domain.recurrence import format_rules
from todo_app.domain.series import as_key
from todo_app.domain.task import Due, Priority, Status
from todo_app.domain.text import DESCRIPTION_MAX, TITLE_MAX
from todo_app.services.bodies import Body, Id, Text
from todo_app.services.bulk import Bulk
from todo_app.services.lists import read_filter
from todo_app.services.moments import instant_of
from todo_app.services.named_tasks import NewTask, TaskChange
from todo_app.services.task_fields import TAGS_PER_TASK_MAX, check_due, due_data
from todo_app.services.task_reminders import REMINDERS_MAX

_RULE_MAX, _PHRASE_MAX, _NAME_MAX = 4_000, 500, 200
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"\d{2}:\d{2}(:\d{2})?")
_HAS_OFFSET = re.compile(r"T.*(Z|[+-]\d{2}:?\d{2})$")

PriorityName = Literal["high", "medium", "low"]


class DueBody(Body):
    """When a task is due: all-day without a time, following the user without a zone."""

    date: Text = Field(max_length=10, examples=["2026-12-01"])
    time: Text | None = Field(None, max_length=8, examples=["09:00"])
    timezone: Text | None = Field(None, max_length=64, examples=["Europe/Berlin"])

    def due(self) -> Due:
        """The due date.

        Raises:
            Invalid: when there is no such day, time or zone.
        """
        if not _DAY.fullmatch(self.date):
            raise Invalid("due.date", "Write a date as 2026-12-01.")
        if self.time is not None and not _CLOCK.fullmatch(self.time):
            raise Invalid("due.time", "Write a time as 09:00.")
        try:
            clock = time.fromisoformat(self.time) if self.time is not None else None
            due = Due(date.fromisoformat(self.date), clock, self.timezone)
        except ValueError:
            raise Invalid("due", "There is no such date or time.") from None
        check_due(due)
        return due


class RecurrenceBody(Body):
    """How a task repeats: a rule of RFC 5545, or the same in words."""

    rule: Text | None = Field(None, max_length=_RULE_MAX, examples=["FREQ=MONTHLY;BYMONTHDAY=1"])
    anchor: Literal["schedule", "completion"] | None = None
    text: Text | None = Field(None, max_length=_PHRASE_MAX, examples=["every month on the 1st"])


class ReminderBody(Body):
    """When to remind: minutes before the task is due, or at an instant."""

    minutes_before: int | None = Field(None, examples=[30])
    at: Text | None = Field(None, max_length=40, examples=["2026-12-01T07:00:00Z"])

    def data(self, uow: UnitOfWork) -> ReminderData:
        """The reminder.

        Raises:
            Invalid: when it is neither or both, or there is no such instant.
        """
        if self.at is None:
            return ReminderData(minutes_before=self.minutes_before)
        if not _HAS_OFFSET.search(self.at):
            raise Invalid("reminders", "Write the instant as 2026-12-01T07:00:00Z, with Z or an offset.")
        at = instant_of(self.at, uow.identity.zone, field="reminders")
        return ReminderData(minutes_before=self.minutes_before, at=at)


class TaskFields(Body):
    """The fields of a task that can be set; what is left out stays as it is."""

    title: Text = Field("", max_length=TITLE_MAX * 2, examples=["Pay rent"])
    description: Text = Field("", max_length=DESCRIPTION_MAX)
    priority: PriorityName | None = None
    tags: list[Text] = Field([], max_length=TAGS_PER_TASK_MAX, examples=[["home"]])
    project: Text | None = Field(None, max_length=_NAME_MAX, examples=["Flat"])
    parent_id: Id | None = None
    due: DueBody | None = None
    recurrence: RecurrenceBody | None = None
    reminders: list[ReminderBody] = Field([], max_length=REMINDERS_MAX)

    def change(self, uow: UnitOfWork) -> TaskChange:
        """The fields that were sent.

        Raises:
            Invalid: when a value can't be so.
        """
        sent = self.model_fields_set & TaskChange.model_fields.keys()
        plain = sent & {"title", "description", "project", "parent_id"}
        values: dict[str, Any] = {name: getattr(self, name) for name in plain}
        if "priority" in sent:
            values["priority"] = Priority(self.priority) if self.priority else None
        values |= {name: tuple(getattr(self, name)) for name in sent & {"tags", "add_tags", "remove_tags"}}
        if "due" in sent:
            values["due"] = due_data(self.due.due()) if self.due else None
        if "recurrence" in sent:
            values |= self._recurrence(uow)
        if "reminders" in sent:
            values["reminders"] = tuple(each.data(uow) for each in self.reminders)
        return TaskChange(**values)

    def _recurrence(self, uow: UnitOfWork) -> dict[str, Any]:
        """The rule, and the due date that goes with it when its words name a time and nothing else does."""
        body = self.recurrence
        if body is None:
            return {"recurrence": None}
        if (body.rule is None) == (body.text is None):
            raise Invalid("recurrence", "Send either a rule or a text.")
        if body.rule is not None:
            return {"recurrence": RecurrenceData(rule=body.rule, anchor=body.anchor or "schedule")}
        if body.anchor is not None:
            raise Invalid("recurrence", "A text says by itself whether it counts from completion: “every!”.")
        found = parse_recurrence(body.text or "", now=uow.now, timezone=uow.identity.zone)
        if found is None:
            raise Invalid("recurrence", "This is no recurrence. Try “every monday” or “every 3 days”.")
        said = found.recurrence
        data = RecurrenceData(rule=format_rules(said.rules), anchor=said.anchor.value)
        if "due" in self.model_fields_set or not isinstance(found.first, datetime):
            return {"recurrence": data}
        return {
            "recurrence": data.model_copy(update={"start": as_key(found.first)}),
            "due": due_data(found.due),
        }


class TaskToAdd(TaskFields):
    """A new task; tags and a project that do not exist are created."""

    title: Text = Field(max_length=TITLE_MAX * 2, examples=["Pay rent"])

    def new(self, uow: UnitOfWork) -> NewTask:
        """The task.

        Raises:
            Invalid: when a value can't be so.
        """
        said = self.change(uow)
        due = Due(said.due.date, said.due.time, said.due.timezone) if said.due else None
        return NewTask(
            title=said.title,
            description=said.description,
            priority=said.priority,
            due=due,
            tags=said.tags,
            project=said.project,
            parent_id=said.parent_id,
            recurrence=said.recurrence,
            reminders=said.reminders if "reminders" in self.model_fields_set else None,
        )


class BulkFields(TaskFields):
    """What is to become of the chosen tasks; what is left out stays as it is."""

    add_tags: list[Text] = Field([], max_length=TAGS_PER_TASK_MAX)
    remove_tags: list[Text] = Field([], max_length=TAGS_PER_TASK_MAX)
    status: Literal["open", "completed"] | None = None
    deleted: bool | None = Field(None, description="Whether they lie in the trash.")


class ChangeOfMany(Body):
    """One change of the tasks with these ids, or of those that a filter finds, all or none of them."""

    ids: list[Id] | None = Field(None, description="At most 500; none is an error.")
    filter: Text | None = Field(
        None,
        description="A filter in words; an empty one is an error, and so is one that finds more than 500.",
        examples=["#work & overdue"],
    )
    change: BulkFields
    dry_run: bool = Field(default=False, description="Only say what would change.")

    def bulk(self, uow: UnitOfWork) -> Bulk:
        """The change.

        Raises:
            Invalid: when a value can't be so, or the tasks are not said in one way.
            Unreadable: when the filter is none.
        """
        if (self.ids is None) == (self.filter is None):
            raise Invalid("ids", "Name the tasks either by “ids” or by a “filter”.")
        return Bulk(
            task_ids=self.ids or [],
            filter=read_filter(uow, self.filter) if self.filter is not None else None,
            change=self.change.change(uow),
            status=Status(self.change.status) if self.change.status else None,
            deleted=self.change.deleted,
        )


class Place(Body):
    """Where a task is to stand in manual order: right behind one, right before one, or between two."""

    after: Id | None = None
    before: Id | None = None
