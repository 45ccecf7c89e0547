"""The links of a mail that do something: signed, for a while, each for one thing of one person."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from struct import Struct
from uuid import UUID

from todo_app.domain.errors import Invalid
from todo_app.notifications.push_encryption import from_base64url, to_base64url

# The purpose of the key that links are signed with.
PURPOSE = "mail links"
# What it does; the ids of the link, the user and the thing; the second in which it ends.
_FORM = Struct(">B16s16s16sQ")
_SEAL = 32


class LinkAction(IntEnum):
    """What a link does. The numbers are in mails that people keep, so none is used again."""

    COMPLETE = 1
    SNOOZE = 2
    UNSUBSCRIBE = 3


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says; ``subject_id`` is a task, or the channel to unsubscribe."""

    action: LinkAction
    id: UUID
    user_id: UUID
    subject_id: UUID
    expires_at: datetime


class LinkSigner:
    """Writes links that nobody else can, and reads them."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, link: Link) -> str:
        """The link as a part of an address."""
        ids = (link.id.bytes, link.user_id.bytes, link.subject_id.bytes)
        content = _FORM.pack(link.action, *ids, int(link.expires_at.timestamp()))
        return to_base64url(content + self._seal(content))

    def read(self, text: str) -> Link:
        """What a link says; whether it still counts is for others to judge.

        Raises:
            Invalid: when we have not written it.
        """
        try:
            data = from_base64url(text)
        except ValueError:
            raise _not_ours() from None
        content, seal = data[:-_SEAL], data[-_SEAL:]
        if len(content) != _FORM.size or not hmac.compare_digest(seal, self._seal(content)):
            raise _not_ours()
        action, *ids, expires = _FORM.unpack(content)
        link_id, user_id, subject_id = (UUID(bytes=each) for each in ids)
        ends = datetime.fromtimestamp(expires, UTC)
        return Link(LinkAction(action), link_id, user_id, subject_id, ends)

    def _seal(self, content: bytes) -> bytes:
        return hmac.new(self._key, content, hashlib.sha256).digest()


def _not_ours() -> Invalid:
    return Invalid("link", "This link is not complete. Open it from the mail once more.")
