"""Users, their sessions, and the operator's settings."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import ApiToken, PasswordReset, Session, Setting, User
from todo_app.db.tables import insert_into, table_of
from todo_app.domain.errors import AddressTaken, Forbidden, Unauthenticated
from todo_app.domain.events import Actor, ActorKind
from todo_app.domain.identity import BearerToken, Identity, Scope, SessionToken

# Any number that no other advisory lock of ours has.
_REGISTRATION_LOCK = 7_203_001
# Written at most once a day for a session that is in use.
_PROLONG_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has not ended."""

    id: UUID
    expires_at: datetime


def digest(secret: str) -> str:
    """How a random secret is stored; it has enough entropy that a plain hash can't be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class AccountRepository:
    """The one repository that looks across users, since it finds out who somebody is."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def identify(self, token: SessionToken, *, now: datetime, writes: bool) -> Identity:
        """The person whose browser holds this session secret; who ``writes`` waits for their turn.

        Raises:
            Unauthenticated: when the session is unknown or has ended.
        """
        found = await self._session.execute(
            _owner_of_session(waits=self._waits(writes=writes)),
            {"digest": digest(token.secret), "now": now},
        )
        row = found.one_or_none()
        if row is None:
            raise Unauthenticated
        return _identity(row, session_id=row.session_id, session_ends=row.expires_at)

    async def identify_program(self, token: BearerToken, *, now: datetime, writes: bool) -> Identity:
        """The person for whom a program acts that sends this token; the program is the actor.

        One that ``writes`` waits for its turn.

        Raises:
            Unauthenticated: when the token is unknown, was revoked, or has expired.
            Forbidden: when its scope is not enough.
        """
        found = await self._session.execute(
            _owner_of_token(waits=self._waits(writes=writes)), {"digest": digest(token.secret)}
        )
        row = found.one_or_none()
        if row is None or (row.expires_at is not None and row.expires_at <= now):
            raise Unauthenticated
        if not Scope(row.scope).allows(token.needs):
            raise Forbidden(f"This needs a token with the scope “{token.needs}”; this one has “{row.scope}”.")
        return _identity(row, actor=Actor(kind=ActorKind.AGENT, name=row.name))

    async def wait_for_turn(self, user_id: UUID) -> None:
        """Wait for others who write in the name of somebody, and let later ones wait for this transaction."""
        if self._waits(writes=True):
            await self._session.execute(select(_turn_of(literal(user_id))))

    def _waits(self, *, writes: bool) -> bool:
        """Whether finding out who it is means to wait for their turn; on SQLite everybody waits already."""
        return writes and self._session.get_bind().dialect.name == "postgresql"

    async def note_use(self, token: BearerToken, *, now: datetime) -> None:
        """Write down that a token was used."""
        query = update(ApiToken).where(col(ApiToken.token_digest) == digest(token.secret))
        await self._session.execute(query.values(last_used_at=now))

    async def open_session(self, token: SessionToken, *, now: datetime) -> OpenSession | None:
        """The session with this secret, unless it has ended."""
        query = select(col(Session.id), col(Session.expires_at)).where(
            col(Session.token_digest) == digest(token.secret), col(Session.expires_at) > now
        )
        row = (await self._session.execute(query)).one_or_none()
        return OpenSession(*row) if row else None

    async def by_email(self, email_folded: str) -> User | None:
        """The user with this folded address."""
        return (
            await self._session.scalars(select(User).where(col(User.email_folded) == email_folded))
        ).one_or_none()

    async def by_id(self, user_id: UUID) -> User | None:
        """The user with this id, locked in a transaction that writes."""
        query = select(User).where(col(User.id) == user_id)
        # Not from those who insert something of the user's, as two who do so would wait for each other.
        return (await self._session.scalars(locked(self._session, query, key_share=True))).one_or_none()

    async def count(self) -> int:
        """How many users there are."""
        return (await self._session.execute(select(func.count()).select_from(User))).scalar_one()

    async def one_registration_at_a_time(self) -> None:
        """Wait for others who register, so that there is one first account; SQLite has one writer anyway."""
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(select(func.pg_advisory_xact_lock(_REGISTRATION_LOCK)))

    async def add_user(self, user: User) -> None:
        """Insert a user.

        Raises:
            AddressTaken: when somebody else with the address was faster.
        """
        self._session.add(user)
        try:
            await self._session.flush()
        except IntegrityError:
            raise AddressTaken from None

    def add(self, row: Session | PasswordReset) -> None:
        """Insert a session or a password reset."""
        self._session.add(row)

    async def delete(self, user: User) -> None:
        """Remove a user with all their data, which hangs on the user by foreign keys."""
        await self._session.execute(delete(User).where(col(User.id) == user.id))

    async def sessions_of(
        self, user_id: UUID, *, now: datetime, first: UUID | None, limit: int
    ) -> Sequence[Session]:
        """The sessions of a user that have not ended, the newest first, but before them the one named."""
        order = ((col(Session.id) == first).desc(), col(Session.created_at).desc(), col(Session.id).desc())
        query = select(Session).where(col(Session.user_id) == user_id, col(Session.expires_at) > now)
        return (await self._session.scalars(query.order_by(*order).limit(limit))).all()

    async def end_session(self, user_id: UUID, session_id: UUID) -> bool:
        """Log one browser of a user out; whether they were logged in there."""
        query = delete(Session).where(col(Session.user_id) == user_id, col(Session.id) == session_id)
        return (await self._session.execute(query.returning(col(Session.id)))).one_or_none() is not None

    async def end_sessions(self, user_id: UUID, *, keep: UUID | None = None) -> None:
        """Log the user out everywhere, except in the session to keep."""
        query = delete(Session).where(col(Session.user_id) == user_id)
        await self._session.execute(query if keep is None else query.where(col(Session.id) != keep))

    async def prolong(self, session_id: UUID, *, until: datetime) -> None:
        """Let a session that is in use last longer; see ``should_prolong``."""
        await self._session.execute(
            update(Session).where(col(Session.id) == session_id).values(expires_at=until)
        )

    async def identities(self, session_ids: set[UUID], *, now: datetime) -> dict[UUID, Identity]:
        """Whose the sessions are that have not ended, by session."""
        query = (
            select(User, col(Session.id))
            .join(Session, col(Session.user_id) == col(User.id))
            .where(col(Session.id).in_(session_ids), col(Session.expires_at) > now)
        )
        rows = (await self._session.execute(query)).all()
        return {session_id: identity_of(user, session_id=session_id) for user, session_id in rows}

    async def workers_for(self, user_ids: Collection[UUID], *, name: str) -> dict[UUID, Identity]:
        """What a worker of that name is to the users, by user; those who are gone are missing."""
        actor = Actor(kind=ActorKind.WORKER, name=name)
        # In one order, so that two transactions that go through several users can't wait for each other.
        query = select(User).where(col(User.id).in_(user_ids)).order_by(col(User.id))
        users = await self._session.scalars(query)
        return {user.id: replace(identity_of(user), actor=actor) for user in users}

    async def remove_expired(self, *, now: datetime) -> None:
        """Forget sessions and resets that have ended."""
        await self._session.execute(delete(Session).where(col(Session.expires_at) <= now))
        await self._session.execute(delete(PasswordReset).where(col(PasswordReset.expires_at) <= now))

    async def take_reset(self, secret: str, *, now: datetime) -> UUID | None:
        """The user a reset link belongs to; the link is used up."""
        query = (
            delete(PasswordReset)
            .where(col(PasswordReset.token_digest) == digest(secret))
            .returning(col(PasswordReset.user_id), col(PasswordReset.expires_at))
        )
        row = (await self._session.execute(query)).one_or_none()
        return row[0] if row and row[1] > now else None

    async def setting(self, name: str) -> str | None:
        """A decision of the operator, or what a job remembers."""
        return await self._session.scalar(select(col(Setting.value)).where(col(Setting.name) == name))

    async def change_setting(self, name: str, value: str) -> None:
        """Store a decision of the operator, or what a job is to remember."""
        # Two processes that start together may both find none.
        row = insert_into(self._session, Setting).values(name=name, value=value)
        await self._session.execute(
            row.on_conflict_do_update(index_elements=[col(Setting.name)], set_={"value": value})
        )


# Every transaction begins with one of these, so they are put together once.
@cache
def _owner_of_session(*, waits: bool) -> Select[Any]:
    query = select(*_PERSON, _SESSIONS.c.id.label("session_id"), _SESSIONS.c.expires_at)
    query = query.join(_SESSIONS, _SESSIONS.c.user_id == _USERS.c.id).where(
        _SESSIONS.c.token_digest == bindparam("digest"), _SESSIONS.c.expires_at > bindparam("now")
    )
    return query.add_columns(_turn_of(_USERS.c.id)) if waits else query


@cache
def _owner_of_token(*, waits: bool) -> Select[Any]:
    query = select(*_PERSON, _TOKENS.c.name, _TOKENS.c.scope, _TOKENS.c.expires_at)
    query = query.join(_TOKENS, _TOKENS.c.user_id == _USERS.c.id).where(
        _TOKENS.c.token_digest == bindparam("digest"), _TOKENS.c.revoked_at.is_(None)
    )
    return query.add_columns(_turn_of(_USERS.c.id)) if waits else query


def _turn_of(user_id: ColumnElement[UUID]) -> ColumnElement[None]:
    """A column that waits until nobody else writes for a user, so that it needs no statement of its own."""
    return func.pg_advisory_xact_lock(func.hashtextextended(cast(user_id, Text), 0))


# The tables themselves: mapped objects, which nobody changes, would take as long as all else.
_USERS = table_of(User)
_SESSIONS = table_of(Session)
_TOKENS = table_of(ApiToken)
_PERSON = (
    _USERS.c.id,
    _USERS.c.email,
    _USERS.c.timezone,
    _USERS.c.is_operator,
    _USERS.c.default_reminder_minutes,
)


def should_prolong(ends: datetime, *, until: datetime) -> bool:
    """Whether it is worth writing down that a session that is in use ends later."""
    return ends < until - _PROLONG_AFTER


def identity_of(user: User, *, session_id: UUID | None = None) -> Identity:
    """The identity of somebody who uses the app themselves."""
    return _identity(user, session_id=session_id)


def _identity(
    user: User | Row[Any],
    *,
    actor: Actor | None = None,
    session_id: UUID | None = None,
    session_ends: datetime | None = None,
) -> Identity:
    return Identity(
        user_id=user.id,
        email=user.email,
        timezone=user.timezone,
        is_operator=user.is_operator,
        actor=actor or Actor(kind=ActorKind.PERSON, name=user.email),
        default_reminder_minutes=user.default_reminder_minutes,
        session_id=session_id,
        session_ends=session_ends,
    )
