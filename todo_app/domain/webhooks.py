"""What webhooks are told, and how it is signed: Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from todo_app.domain.events import Actor, ActorKind, Event, event_types

_FAMILIES = ("task", "tag", "project")
TYPES: Final = tuple(each for each in event_types() if each.split(".", 1)[0] in _FAMILIES)
TEST_TYPE: Final = "webhook.test"
# How a secret is known as one where it should not be.
PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


def write_secret(secret: bytes) -> str:
    """A secret as those who verify signatures are given it."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(message_id: UUID, body: bytes, *, at: datetime, secrets: Sequence[bytes]) -> dict[str, str]:
    """The headers of a message; ``webhook-id`` stays the same when it is sent again.

    Args:
        message_id: The event's, or the delivery's when there is no event.
        body: What is sent.
        at: The time of this attempt, which receivers compare with theirs.
        secrets: What it is signed with; each makes a signature.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests),
    }


def event_body(event: Event) -> bytes:
    """What is said of an event: the envelope without what concerns this server alone."""
    data = event.data.model_dump(mode="json", exclude={"type"})
    return _body(event.id, event.type, event.occurred_at, event.aggregate_id, event.seq, event.actor, data)


def trial_body(message_id: UUID, webhook_id: UUID, *, at: datetime, by: str) -> bytes:
    """What is said to try a webhook out."""
    actor = Actor(kind=ActorKind.PERSON, name=by)
    return _body(message_id, TEST_TYPE, at, webhook_id, 1, actor, {"text": "It works."})


def _body(
    message_id: UUID,
    kind: str,
    at: datetime,
    subject: UUID,
    seq: int,
    actor: Actor,
    data: dict[str, JsonValue],
) -> bytes:
    document = {
        "id": str(message_id),
        "type": kind,
        "time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "subject": str(subject),
        "seq": seq,
        "actor": actor.model_dump(mode="json"),
        "data": data,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
