"""Keys with which programs act for somebody."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import ApiToken
from todo_app.db.repositories.accounts import digest
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import AccountUpdated
from todo_app.domain.identity import Scope
from todo_app.domain.text import clean_name
from todo_app.services.accounts import record_change

TOKENS_MAX = 50
DAYS_MAX = 3_660
# So that a token is known as one where it should not be, in a log or a repository.
PREFIX = "punctual_"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made; the secret is never shown again."""

    token: ApiToken
    secret: str


async def create(uow: UnitOfWork, name: str, scope: Scope, *, days: int | None = None) -> NewToken:
    """Make a token that programs send as ``Authorization: Bearer``.

    Args:
        uow: the transaction of the person that the token acts for.
        name: what it is for, as the activity list names it.
        scope: what it may do.
        days: how long it works; ``None`` is until it is revoked.

    Raises:
        Invalid: when the name or the days can't be so, or there are ``TOKENS_MAX`` tokens already.
    """
    name = clean_name(name, what="token")
    if days is not None and not 1 <= days <= DAYS_MAX:
        raise Invalid("days", f"A token works for 1 to {DAYS_MAX:,} days.")
    if len(await uow.tokens.all()) >= TOKENS_MAX:
        raise Invalid("name", f"There are {TOKENS_MAX} tokens already. Revoke one that is not used.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        id=uuid7(),
        user_id=uow.user_id,
        name=name,
        token_digest=digest(secret),
        scope=scope,
        created_at=uow.now,
        expires_at=uow.now + timedelta(days=days) if days is not None else None,
    )
    uow.tokens.add(token)
    await record_change(uow, AccountUpdated(what="token_created"))
    return NewToken(token, secret)


async def revoke(uow: UnitOfWork, token_id: UUID) -> ApiToken:
    """Make a token useless from now on.

    Raises:
        NotFound: when there is no such token.
    """
    token = await uow.tokens.get(token_id)
    if token.revoked_at is None:
        token.revoked_at = uow.now
        await record_change(uow, AccountUpdated(what="token_revoked"))
    return token
