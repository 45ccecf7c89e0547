"""Where somebody is logged in: one session for each browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NotFound
from todo_app.domain.events import AccountUpdated
from todo_app.services.accounts import record_change

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class LogIn:
    """A browser in which the user is logged in.

    That a session is in use is written down once a day, so ``used_at`` is up to a day too early.
    """

    id: UUID
    is_this: bool
    began_at: datetime
    used_at: datetime
    ends_at: datetime


async def log_ins(uow: UnitOfWork, *, life: timedelta) -> list[LogIn]:
    """The browsers in which the user is logged in, this one first, then the newest; at most ``SHOWN_MAX``.

    Args:
        uow: the transaction of the user.
        life: how long a session lasts that is not used.
    """
    this = uow.identity.session_id
    found = await uow.accounts.sessions_of(uow.user_id, now=uow.now, first=this, limit=SHOWN_MAX)
    return [
        LogIn(
            id=session.id,
            is_this=session.id == this,
            began_at=session.created_at,
            # The operator may have changed how long sessions last.
            used_at=min(max(session.created_at, session.expires_at - life), uow.now),
            ends_at=session.expires_at,
        )
        for session in found
    ]


async def log_out(uow: UnitOfWork, session_id: UUID) -> None:
    """Log the user out in one browser.

    Raises:
        NotFound: when they are not logged in there any more.
    """
    if not await uow.accounts.end_session(uow.user_id, session_id):
        raise NotFound("log-in")
    await record_change(uow, AccountUpdated(what="logged_out"))
