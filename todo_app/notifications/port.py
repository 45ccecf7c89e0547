"""What every way to reach somebody looks like, and how it says that it did not work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

EMAIL: Final = "email"
PUSH: Final = "push"
APPRISE: Final = "apprise"
KINDS: Final = (EMAIL, PUSH, APPRISE)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    ``id`` is that of the delivery: a second copy of the message, sent after a crash, has the same one, so
    that a mail program or a browser can fold the two. The addresses are empty where there is nothing to do.
    """

    id: UUID
    task_id: UUID | None
    title: str
    line: str
    body: str
    open_url: str
    complete_url: str = ""
    snooze_url: str = ""
    unsubscribe_url: str = ""


class Channel(Protocol):
    """One way to reach somebody, e.g. by mail."""

    async def send(self, target: str, message: Message) -> None:
        """Hand a message over; cancelling must end it.

        Args:
            target: Where it goes, as it was stored with the channel; may hold a secret.
            message: What is sent.

        Raises:
            TryLater: when it may work another time.
            Refused: when it will not, for this message.
            Gone: when nothing can be sent there any more.
        """


class NotSent(Exception):
    """Base of the ways to fail; ``str()`` of it is shown to the person, so it has no secret in it."""


class TryLater(NotSent):
    """It may work another time, not before ``after`` if the other side has said so."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class HeldBack(NotSent):
    """It was not even tried: the person gets too many at once. It has its turn after a while."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Held back for a while: too many messages at once.")
        self.wait = wait


class Refused(NotSent):
    """The other side does not take this message, and would not another time."""


class Gone(NotSent):
    """The target is no more: the channel is switched off."""
