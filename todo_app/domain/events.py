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


class Change(Payload):
    """One field of an object before and after, as JSON values."""

    field: str
    before: JsonValue
    after: JsonValue


class TaskCreated(Payload):
    """A task came to be."""

    type: Literal["task.created"] = "task.created"
    title: str
    description: str
    priority: Priority | None
    due: DueData | None
    project_id: UUID | None
    parent_id: UUID | None
    tag_ids: list[UUID]


class TaskUpdated(Payload):
    """Fields of a task changed."""

    type: Literal["task.updated"] = "task.updated"
    title: str
    changes: list[Change]


class TaskCompleted(Payload):
    """A task was done."""

    type: Literal["task.completed"] = "task.completed"
    title: str
    completed_at: datetime


class TaskReopened(Payload):
    """A done task is to be done again."""

    type: Literal["task.reopened"] = "task.reopened"
    title: str
    completed_at: datetime


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


class AccountUpdated(Payload):
    """Something about the account changed: log-ins, password, zone. Never carries a secret."""

    type: Literal["account.updated"] = "account.updated"
    what: Literal["registered", "password", "timezone", "logged_out", "logged_out_everywhere"]


class AccountDeleted(Payload):
    """The account was deleted with all its data; what hears of it forgets this user."""

    type: Literal["account.deleted"] = "account.deleted"


AnyPayload = Annotated[
    TaskCreated
    | TaskUpdated
    | TaskCompleted
    | TaskReopened
    | TaskDeleted
    | TaskRestored
    | TaskPurged
    | TaskUnpurged
    | ProjectCreated
    | ProjectUpdated
    | ProjectDeleted
    | ProjectRestored
    | TagCreated
    | TagUpdated
    | TagMerged
    | TagDeleted
    | TagRestored
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
