"""People with accounts and open sessions, and a task of theirs that nobody else may see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from uuid6 import uuid7

from todo_app.bootstrap import Application
from todo_app.db.models import User
from todo_app.db.repositories.accounts import identity_of
from todo_app.domain.identity import Identity
from todo_app.services import accounts
from todo_app.services.tasks import AddTask
from todo_app.services.tasks import add as add_task

# Hashing a password takes long on purpose; people who log in with one are in tests/api.
UNUSABLE_HASH = "!"


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in."""

    identity: Identity
    secret: str
    application: Application

    @property
    def cookie(self) -> str:
        """The header that their browser sends."""
        return f"punctual_session={self.secret}"

    async def add(self, title: str) -> UUID:
        """Give them a task."""
        async with self.application.work.write(self.identity) as uow:
            return (await add_task(uow, AddTask(title))).id

    async def log_out_everywhere(self) -> None:
        """End all their sessions."""
        async with self.application.work.write(self.identity) as uow:
            await accounts.log_out_everywhere(uow)


async def log_in(application: Application, email: str, *, timezone: str = "Europe/Berlin") -> Person:
    """Somebody with a new account; the first one is the operator."""
    async with application.work.write() as uow:
        user = User(
            id=uuid7(),
            email=email,
            email_folded=email.casefold(),
            password_hash=UNUSABLE_HASH,
            timezone=timezone,
            is_operator=await uow.accounts.count() == 0,
            created_at=uow.now,
        )
        await uow.accounts.add_user(user)
        session = accounts.start_session(uow, user, days=1)
    return Person(identity_of(user), session.secret, application)
