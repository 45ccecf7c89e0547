"""The audit chain of a user: each record seals a digest of its content and the record before it.

A record holds no content, only its salted digest, so that erasing the content leaves the chain valid. The
seals are made with a secret key: whoever can write to the database but lacks the key can't forge one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from uuid import UUID

from todo_app.domain.events import Event

# What the first record of a chain names as the seal before it.
START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What the seal of one record covers; ``position`` counts from 1."""

    user_id: UUID
    position: int
    event_id: UUID
    content_digest: str
    previous_seal: str


def canonical(event: Event) -> str:
    """The one text of an event that is digested: JSON with sorted keys and no spaces."""
    return json.dumps(
        event.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def content_digest(salt: str, envelope: str) -> str:
    """The digest of a canonical envelope, which can't be guessed from a likely content without the salt."""
    return hashlib.sha256(f"{salt}\n{envelope}".encode()).hexdigest()


def seal(key: bytes, link: Link) -> str:
    """The seal of a record, HMAC-SHA256."""
    return _authenticate(
        key,
        "record",
        link.user_id.hex,
        str(link.position),
        link.event_id.hex,
        link.content_digest,
        link.previous_seal,
    )


def head_seal(key: bytes, *, user_id: UUID, records: int, last_seal: str) -> str:
    """The seal of a chain's head: without the key, nobody can state that the chain ended earlier."""
    return _authenticate(key, "head", user_id.hex, str(records), last_seal)


def same(seal: str, other: str) -> bool:
    """Whether two seals are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(seal, other)


def _authenticate(key: bytes, *fields: str) -> str:
    # No field contains a line break, so no two lists of fields give the same message.
    return hmac.new(key, "\n".join(("punctual-audit-1", *fields)).encode(), hashlib.sha256).hexdigest()
