"""Who asks: the person behind a request, as established by the server and never by an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from todo_app.domain.events import Actor


@dataclass(frozen=True, slots=True)
class Identity:
    """The user on whose data a command works, their time zone, and who acts for them."""

    user_id: UUID
    email: str
    timezone: str
    is_operator: bool
    actor: Actor
    default_reminder_minutes: int | None = None
    session_id: UUID | None = None
    session_ends: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The user's time zone."""
        return ZoneInfo(self.timezone)


class Scope(StrEnum):
    """What an API token may do; each may do what the one before it may."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def allows(self, needed: Scope) -> bool:
        """Whether this is enough for something that needs ``needed``."""
        order = list(Scope)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class BearerToken:
    """The secret of an API token, with what is to be done by it; looked up like a browser's."""

    secret: str
    needs: Scope


@dataclass(frozen=True, slots=True)
class SessionToken:
    """The secret from a browser's cookie, to be looked up in the transaction that it authorizes."""

    secret: str


Caller = Identity | SessionToken | BearerToken
