"""The domain events: one typed payload per thing that can happen, in a CloudEvents 1.0 envelope."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from todo_app.domain.task import Priority, Status


class Payload(BaseModel):
    """Base of every event payload: unknown fields are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ActorKind(StrEnum):
    """Who can change things."""

    PERSON = "person"
    WORKER = "worker"
    AGENT = "agent"
    OPERATOR = "operator"


class Actor(Payload):
    """Who made the change, as the activity list shows it."""

    kind: ActorKind
    name: str


class DueData(Payload):
    """A due date as JSON: all-day without ``time``, floating without ``timezone``."""

    date: dt.date
    time: dt.time | None = None
    timezone: str | None = None


class RecurrenceData(Payload):
    """How a task repeats, as JSON.

    ``start`` is the date or wall clock that the rule counts from. Of a rule from completion that ends after
    so many times, ``made`` says how many occurrences there were, the present one included.
    """

    rule: str
    anchor: Literal["schedule", "completion"] = "schedule"
    if_overdue: Literal["next", "future"] = "future"
    start: str | None = None
    made: int = 1


class ReminderData(Payload):
    """When to remind, as JSON: so many minutes before the task is due, or at an instant.

    A snooze is an instant that concerns this occurrence alone.
    """

    minutes_before: int | None = None
    at: datetime | None = None
    snooze: bool = False


class Change(Payload):
    """One field of an object before and after, as JSON values."""

    field: str
    before: JsonValue
    after: JsonValue


class TaskCreated(Payload):
    """A task came to be. One that comes from a file may be done with already, or lie in the trash."""

    type: Literal["task.created"] = "task.created"
    title: str
    description: str
    priority: Priority | None
    due: DueData | None
    project_id: UUID | None
    parent_id: UUID | None
    tag_ids: list[UUID]
    recurrence: RecurrenceData | None = None
    reminders: list[ReminderData] = []
    series_id: UUID | None = None
    occurrence: str | None = None
    completed_at: datetime | None = None
    skipped: bool = False
    deleted_at: datetime | None = None


class TaskRecurred(Payload):
    """The next occurrence of a series came to be, with these values."""

    type: Literal["task.recurred"] = "task.recurred"
    series_id: UUID
    occurrence: str
    previous_id: UUID
    title: str
    description: str
    priority: Priority | None
    due: DueData | None
    project_id: UUID | None
    parent_id: UUID | None
    tag_ids: list[UUID]
    reminders: list[ReminderData] = []


class TaskWithdrawn(Payload):
    """An occurrence was taken away again, since the one before it is to be done after all."""

    type: Literal["task.withdrawn"] = "task.withdrawn"
    title: str


class TaskUpdated(Payload):
    """Fields of a task changed."""

    type: Literal["task.updated"] = "task.updated"
    title: str
    changes: list[Change]


class TaskCompleted(Payload):
    """A task was done; of a series, which occurrence."""

    type: Literal["task.completed"] = "task.completed"
    title: str
    completed_at: datetime
    series_id: UUID | None = None
    occurrence: str | None = None


class TaskSkipped(Payload):
    """An occurrence was closed without having been done."""

    type: Literal["task.skipped"] = "task.skipped"
    title: str
    completed_at: datetime
    series_id: UUID | None = None
    occurrence: str | None = None


class TaskReopened(Payload):
    """A done or skipped task is to be done again."""

    type: Literal["task.reopened"] = "task.reopened"
    title: str
    completed_at: datetime
    skipped: bool = False


class TaskDeleted(Payload):
    """A task went to the trash."""

    type: Literal["task.deleted"] = "task.deleted"
    title: str
    deleted_at: datetime
    status: Status


class TaskRestored(Payload):
    """A task came back from the trash."""

    type: Literal["task.restored"] = "task.restored"
    title: str
    deleted_at: datetime


class TaskPurged(Payload):
    """A task left the trash for good; it is erased once the time to undo has passed."""

    type: Literal["task.purged"] = "task.purged"
    title: str


class TaskUnpurged(Payload):
    """A purge was taken back: the task lies in the trash again."""

    type: Literal["task.unpurged"] = "task.unpurged"
    title: str


class RecurrenceEnded(Payload):
    """A series has no occurrence left."""

    type: Literal["recurrence.ended"] = "recurrence.ended"
    title: str
    last_id: UUID


class ReminderScheduled(Payload):
    """A reminder has a moment to go off at, or a new one."""

    type: Literal["reminder.scheduled"] = "reminder.scheduled"
    task_id: UUID
    title: str
    fires_at: datetime


class ReminderCancelled(Payload):
    """A reminder will not go off as things are."""

    type: Literal["reminder.cancelled"] = "reminder.cancelled"
    task_id: UUID
    title: str


class ReminderDue(Payload):
    """Somebody is to be told something now: of a task, or of a day's tasks."""

    type: Literal["reminder.due"] = "reminder.due"
    reason: Literal["reminder", "overdue", "digest"]
    task_id: UUID | None
    title: str
    meant_for: datetime
    is_late: bool = False


class ReminderDelivered(Payload):
    """A notification reached a channel."""

    type: Literal["reminder.delivered"] = "reminder.delivered"
    notification_id: UUID
    task_id: UUID | None
    title: str
    channel: str


class ReminderFailed(Payload):
    """A notification could not be delivered, and is not tried again."""

    type: Literal["reminder.failed"] = "reminder.failed"
    notification_id: UUID
    task_id: UUID | None
    title: str
    channel: str
    error: str


class ProjectCreated(Payload):
    """A project came to be."""

    type: Literal["project.created"] = "project.created"
    name: str


class ProjectUpdated(Payload):
    """Fields of a project changed."""

    type: Literal["project.updated"] = "project.updated"
    name: str
    changes: list[Change]


class ProjectDeleted(Payload):
    """A project was deleted; its tasks went to the trash by events of their own."""

    type: Literal["project.deleted"] = "project.deleted"
    name: str


class ProjectRestored(Payload):
    """A deleted project came back."""

    type: Literal["project.restored"] = "project.restored"
    name: str


class TagCreated(Payload):
    """A tag came to be."""

    type: Literal["tag.created"] = "tag.created"
    name: str
    color: str


class TagUpdated(Payload):
    """Fields of a tag changed."""

    type: Literal["tag.updated"] = "tag.updated"
    name: str
    changes: list[Change]


class TagMerged(Payload):
    """A tag was merged into another one; its tasks bear that one now."""

    type: Literal["tag.merged"] = "tag.merged"
    name: str
    into_id: UUID
    into_name: str


class TagDeleted(Payload):
    """A tag was deleted."""

    type: Literal["tag.deleted"] = "tag.deleted"
    name: str


class TagRestored(Payload):
    """A deleted or merged tag came back, with its tasks."""

    type: Literal["tag.restored"] = "tag.restored"
    name: str
    merged_into_id: UUID | None = None


class FilterCreated(Payload):
    """A filter was saved."""

    type: Literal["filter.created"] = "filter.created"
    name: str
    query: str


class FilterUpdated(Payload):
    """Fields of a saved filter changed, maybe since a tag or project that it names was renamed."""

    type: Literal["filter.updated"] = "filter.updated"
    name: str
    changes: list[Change]


class FilterDeleted(Payload):
    """A saved filter was deleted."""

    type: Literal["filter.deleted"] = "filter.deleted"
    name: str


class FilterRestored(Payload):
    """A deleted filter came back."""

    type: Literal["filter.restored"] = "filter.restored"
    name: str


class AccountUpdated(Payload):
    """Something about the account changed: log-ins, password, zone. Never carries a secret."""

    type: Literal["account.updated"] = "account.updated"
    what: Literal[
        "registered",
        "password",
        "timezone",
        "logged_out",
        "logged_out_everywhere",
        "notifications",
        "channel_added",
        "channel_removed",
        "token_created",
        "token_revoked",
        "feed_renewed",
        "feed_revoked",
        "webhook_added",
        "webhook_changed",
        "webhook_removed",
    ]


class AccountDeleted(Payload):
    """The account was deleted with all its data; what hears of it forgets this user."""

    type: Literal["account.deleted"] = "account.deleted"


AnyPayload = Annotated[
    TaskCreated
    | TaskUpdated
    | TaskCompleted
    | TaskRecurred
    | TaskSkipped
    | TaskReopened
    | TaskWithdrawn
    | TaskDeleted
    | TaskRestored
    | TaskPurged
    | TaskUnpurged
    | RecurrenceEnded
    | ReminderScheduled
    | ReminderCancelled
    | ReminderDue
    | ReminderDelivered
    | ReminderFailed
    | ProjectCreated
    | ProjectUpdated
    | ProjectDeleted
    | ProjectRestored
    | TagCreated
    | TagUpdated
    | TagMerged
    | TagDeleted
    | TagRestored
    | FilterCreated
    | FilterUpdated
    | FilterDeleted
    | FilterRestored
    | AccountUpdated
    | AccountDeleted,
    Field(discriminator="type"),
]


class Event(BaseModel):
    """A domain event as it is stored and published.

    ``seq`` numbers the events of one aggregate from 1 without gaps; ``command_id`` is shared by all
    events of one command, which is what undo takes back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    schema_version: Literal[1] = 1
    user_id: UUID
    aggregate_id: UUID
    seq: int = Field(ge=1)
    command_id: UUID
    undoes: UUID | None = None
    occurred_at: datetime
    traceparent: str | None = None
    actor: Actor
    data: AnyPayload

    @property
    def type(self) -> str:
        """The CloudEvents type, e.g. ``task.completed``."""
        return self.data.type


def event_types() -> list[str]:
    """Every event type there is, sorted."""
    union = AnyPayload.__origin__  # type: ignore[attr-defined]  # Annotated's own attribute
    return sorted(payload.model_fields["type"].default for payload in union.__args__)
