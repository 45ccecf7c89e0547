"""Sealed audit records for outside systems (`task-audit`), whose keepers find a chain that was made anew."""

from __future__ import annotations

from typing import Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

from todo_app.db.models import AuditRecord
from todo_app.events.envelope import SOURCE


class SealedData(BaseModel):
    """One link of a chain: digests and seals alone, in hexadecimal; what they seal is not told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    position: int = Field(ge=1)
    event_id: UUID
    content_digest: str
    previous_seal: str
    seal: str


class Sealed(BaseModel):
    """A record as a CloudEvent 1.0; sent again it has the same id."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str = SOURCE
    type: Literal["audit.sealed"] = "audit.sealed"
    subject: UUID
    datacontenttype: Literal["application/json"] = "application/json"
    data: SealedData


def sealed(record: AuditRecord) -> Sealed:
    """What outside systems are told of a record."""
    return Sealed(
        id=uuid5(record.user_id, f"audit:{record.position}"),
        subject=record.user_id,
        data=SealedData(
            position=record.position,
            event_id=record.event_id,
            content_digest=record.content_digest,
            previous_seal=record.previous_seal,
            seal=record.seal,
        ),
    )
