"""Domain events as CloudEvents 1.0 in JSON (structured content mode), and back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from todo_app.domain.events import Actor, ActorKind, Event

CONTENT_TYPE = "application/cloudevents+json"
SOURCE = "urn:punctual"


class CloudEvent(BaseModel):
    """The attributes of CloudEvents 1.0 that we write, with the extensions that carry what is ours.

    Extension names are lower-case letters and digits (CloudEvents 1.0, "Naming Conventions").
    ``partitionkey`` is the documented partitioning extension and ``traceparent`` the one for distributed
    tracing. Brokers add attributes of their own, which are not ours to refuse.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str = SOURCE
    type: str
    subject: UUID
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    partitionkey: UUID
    schemaversion: Literal[1]
    userid: UUID
    seq: int = Field(ge=1)
    commandid: UUID
    undoes: UUID | None = None
    traceparent: str | None = None
    actorkind: ActorKind
    actorname: str
    data: dict[str, JsonValue]


def to_cloud_event(event: Event) -> str:
    """The event as one JSON document; absent attributes are left out, since CloudEvents knows no null."""
    return CloudEvent(
        id=event.id,
        type=event.type,
        subject=event.aggregate_id,
        time=event.occurred_at,
        partitionkey=event.aggregate_id,
        schemaversion=event.schema_version,
        userid=event.user_id,
        seq=event.seq,
        commandid=event.command_id,
        undoes=event.undoes,
        traceparent=event.traceparent,
        actorkind=event.actor.kind,
        actorname=event.actor.name,
        data=event.data.model_dump(mode="json", exclude={"type"}),
    ).model_dump_json(exclude={name for name in ("undoes", "traceparent") if getattr(event, name) is None})


def from_cloud_event(document: str | bytes) -> Event:
    """The event in a JSON document.

    Raises:
        pydantic.ValidationError: when it is no CloudEvent, or its type or data are not in our catalogue.
    """
    return event_of(CloudEvent.model_validate_json(document))


def event_of(cloud: CloudEvent) -> Event:
    """The event in a CloudEvent, without the trace: brokers put that of the delivery in its place.

    Raises:
        pydantic.ValidationError: when its type or data are not in our catalogue.
    """
    return Event.model_validate(
        {
            "id": cloud.id,
            "schema_version": cloud.schemaversion,
            "user_id": cloud.userid,
            "aggregate_id": cloud.subject,
            "seq": cloud.seq,
            "command_id": cloud.commandid,
            "undoes": cloud.undoes,
            "occurred_at": cloud.time,
            "actor": Actor(kind=cloud.actorkind, name=cloud.actorname),
            "data": {**cloud.data, "type": cloud.type},
        }
    )
