"""Accounts: register, log in and out, passwords, time zone, deletion.

Argon2 is slow on purpose, and SQLite has one writer: passwords are hashed before the transaction that stores
them begins, and checked in one that only reads.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from uuid6 import uuid7

from todo_app.db.models import PasswordReset, Session, User
from todo_app.db.repositories.accounts import digest, identity_of
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import AddressTaken, Forbidden, Invalid, Unauthenticated, WrongCredentials
from todo_app.domain.events import AccountDeleted, AccountUpdated, Actor, ActorKind
from todo_app.services.task_fields import check_timezone, reread_dues

PASSWORD_MIN, PASSWORD_MAX = 10, 256
RESET_FOR = timedelta(hours=1)
SIGN_UP = "sign_up"

_hasher = PasswordHasher()
# Verified when the address is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Somebody who has just logged in, and the secret for their cookie."""

    user: User
    secret: str


@dataclass(frozen=True, slots=True)
class ResetLink:
    """The secret of a link, and the own address of the account; the one asked for may only look like it."""

    email: str
    secret: str


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What is stored of a password that may be used."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmedPassword:
    """Shows that somebody has just given their password; worth nothing once another one is set."""

    password_hash: str = field(repr=False)


async def hash_password(password: str) -> PasswordHash:
    """The hash of a new password; takes a while, so it is made before a transaction begins.

    Raises:
        Invalid: when the password can't be so.
    """
    return PasswordHash(await asyncio.to_thread(_hasher.hash, check_password(password)))


async def register(uow: UnitOfWork, email: str, password: PasswordHash, timezone: str) -> User:
    """A new account; the first one is the operator's.

    Raises:
        Forbidden: when sign-up is closed.
        Invalid: when the address or zone can't be so.
        AddressTaken: when the address has an account.
    """
    await uow.accounts.one_registration_at_a_time()
    operator = await uow.accounts.count() == 0
    if not operator and not await sign_up_open(uow):
        raise Forbidden("Sign-up is closed here. Ask the operator for an account.")
    return await create(uow, email, password, timezone, is_operator=operator)


async def create(
    uow: UnitOfWork, email: str, password: PasswordHash, timezone: str, *, is_operator: bool
) -> User:
    """A new account, whether sign-up is open or not.

    Raises:
        Invalid: when the address or zone can't be so.
        AddressTaken: when the address has an account.
    """
    email = check_email(email)
    if await uow.accounts.by_email(email.casefold()):
        raise AddressTaken
    user = User(
        id=uuid7(),
        email=email,
        email_folded=email.casefold(),
        password_hash=password.value,
        timezone=check_timezone(timezone),
        is_operator=is_operator,
        created_at=uow.now,
    )
    await uow.accounts.add_user(user)
    uow.identity = identity_of(user)
    uow.record(user.id, user.version, AccountUpdated(what="registered"))
    return user


async def authenticate(uow: UnitOfWork, email: str, password: str) -> User:
    """The user who knows this password; needs a transaction that only reads, since checking takes a while.

    Raises:
        WrongCredentials: without saying whether the address is known.
    """
    user = await uow.accounts.by_email(email.strip().casefold())
    if not await _verified(user.password_hash if user else _NOBODY, password) or user is None:
        raise WrongCredentials
    return user


def start_session(uow: UnitOfWork, user: User, *, days: int) -> LoggedIn:
    """A new session for a user whose identity is established."""
    secret = secrets.token_urlsafe(32)
    uow.accounts.add(
        Session(
            id=uuid7(),
            user_id=user.id,
            token_digest=digest(secret),
            created_at=uow.now,
            expires_at=uow.now + timedelta(days=days),
        )
    )
    return LoggedIn(user, secret)


async def log_out(uow: UnitOfWork) -> None:
    """End the session that the caller came with."""
    user = await _myself(uow)
    if uow.identity.session_id is not None:
        await uow.accounts.end_session(user.id, uow.identity.session_id)
    _record(uow, user, AccountUpdated(what="logged_out"))


async def log_out_everywhere(uow: UnitOfWork) -> None:
    """End every session of the user, this one too."""
    user = await _myself(uow)
    await uow.accounts.end_sessions(user.id)
    _record(uow, user, AccountUpdated(what="logged_out_everywhere"))


async def confirm(uow: UnitOfWork, password: str) -> ConfirmedPassword | None:
    """That this is the user's password, ``None`` when not; needs a transaction that only reads."""
    user = await _myself(uow)
    if not await _verified(user.password_hash, password):
        return None
    return ConfirmedPassword(user.password_hash)


async def change_password(uow: UnitOfWork, current: ConfirmedPassword | None, new: PasswordHash) -> None:
    """Set a new password and end every other session.

    Raises:
        Invalid: when the current password is wrong.
    """
    user = await _myself(uow)
    if not _still(current, user):
        raise Invalid("current_password", "The current password is wrong.")
    await _set_password(uow, user, new)


async def set_password(uow: UnitOfWork, email: str, new: PasswordHash) -> User:
    """Set the password of an account; for the operator at the command line.

    Raises:
        Invalid: when there is no such account.
    """
    user = await uow.accounts.by_email(email.strip().casefold())
    if user is None:
        raise Invalid("email", f"There is no account for {email}.")
    uow.identity = identity_of(user)
    await _set_password(uow, user, new)
    return user


async def ask_for_reset(uow: UnitOfWork, email: str) -> ResetLink | None:
    """What a link to set a new password needs; ``None`` when there is no such account."""
    user = await uow.accounts.by_email(email.strip().casefold())
    if user is None:
        return None
    secret = secrets.token_urlsafe(32)
    uow.accounts.add(
        PasswordReset(token_digest=digest(secret), user_id=user.id, expires_at=uow.now + RESET_FOR)
    )
    return ResetLink(user.email, secret)


async def reset_password(uow: UnitOfWork, secret: str, new: PasswordHash) -> User:
    """Set a new password by the link from the mail, which is used up; every session ends.

    Raises:
        Invalid: when the link has been used or is too old.
    """
    user_id = await uow.accounts.take_reset(secret, now=uow.now)
    user = await uow.accounts.by_id(user_id) if user_id else None
    if user is None:
        raise Invalid("link", "This link has been used or is too old. Ask for a new one.")
    uow.identity = identity_of(user)
    await _set_password(uow, user, new)
    return user


async def change_timezone(uow: UnitOfWork, timezone: str) -> None:
    """Move the user to another zone: floating due dates keep their wall clock, zoned ones their instant.

    Raises:
        Invalid: when there is no such zone.
    """
    user = await _myself(uow)
    user.timezone = check_timezone(timezone)
    uow.identity = replace(uow.identity, timezone=user.timezone)
    last: UUID | None = None
    while tasks := await uow.tasks.timed(after=last):
        reread_dues(tasks, uow.identity.zone)
        last = tasks[-1].id
    _record(uow, user, AccountUpdated(what="timezone"))


async def delete_account(uow: UnitOfWork, password: ConfirmedPassword | None) -> None:
    """Delete the user with all their data; the sealed audit digests stay, what they seal does not.

    Events that are still on their way are deleted too: consumers find them gone and do nothing.

    Raises:
        Invalid: when the password is wrong.
    """
    user = await _myself(uow)
    if not _still(password, user):
        raise Invalid("password", "The password is wrong.")
    await uow.outbox.erase_user(user.id)
    await uow.dead_letters.erase_user(user.id)
    await uow.accounts.delete(user)
    # This event outlives the account, so it names nobody.
    uow.identity = replace(uow.identity, actor=Actor(kind=ActorKind.PERSON, name="deleted account"))
    uow.record(user.id, user.version + 1, AccountDeleted())


async def sign_up_open(uow: UnitOfWork) -> bool:
    """Whether anybody may register; always so until there is a first account."""
    return (await uow.accounts.setting(SIGN_UP)) != "closed"


async def open_sign_up(uow: UnitOfWork, *, is_open: bool) -> None:
    """Decide whether anybody may register.

    Raises:
        Forbidden: when the user is not the operator.
    """
    if not uow.identity.is_operator:
        raise Forbidden("Only the operator can do this.")
    await uow.accounts.change_setting(SIGN_UP, "open" if is_open else "closed")


def check_email(email: str) -> str:
    """The address without surrounding spaces; any domain will do, since there are some without a dot.

    Raises:
        Invalid: when it does not look like one.
    """
    email = email.strip()
    if len(email) > 254 or not re.fullmatch(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+", email):
        raise Invalid("email", "This is no e-mail address.")
    return email


def check_password(password: str) -> str:
    """The password itself.

    Raises:
        Invalid: when it is too short or too long.
    """
    if len(password) < PASSWORD_MIN:
        raise Invalid("password", f"Use at least {PASSWORD_MIN} characters.")
    if len(password) > PASSWORD_MAX:
        raise Invalid("password", f"Use at most {PASSWORD_MAX} characters.")
    return password


async def record_change(uow: UnitOfWork, data: AccountUpdated) -> None:
    """Record that something about the account changed."""
    _record(uow, await _myself(uow), data)


async def _set_password(uow: UnitOfWork, user: User, new: PasswordHash) -> None:
    user.password_hash = new.value
    await uow.accounts.end_sessions(user.id, keep=uow.identity.session_id)
    _record(uow, user, AccountUpdated(what="password"))


async def _myself(uow: UnitOfWork) -> User:
    user = await uow.accounts.by_id(uow.user_id)
    if user is None:
        raise Unauthenticated
    return user


def _record(uow: UnitOfWork, user: User, data: AccountUpdated) -> None:
    user.version += 1
    uow.record(user.id, user.version, data)


def _still(confirmed: ConfirmedPassword | None, user: User) -> bool:
    # Somebody else may have set another one since it was confirmed.
    return confirmed is not None and confirmed.password_hash == user.password_hash


async def _verified(password_hash: str, password: str) -> bool:
    try:
        return await asyncio.to_thread(_hasher.verify, password_hash, password[:PASSWORD_MAX])
    except (VerificationError, InvalidHashError):
        return False
