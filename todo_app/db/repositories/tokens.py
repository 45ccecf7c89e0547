"""The API tokens of one user."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import ApiToken
from todo_app.domain.errors import NotFound


class TokenRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def all(self) -> Sequence[ApiToken]:
        """The tokens that were not revoked, newest first."""
        query = select(ApiToken).where(
            col(ApiToken.user_id) == self._user_id, col(ApiToken.revoked_at).is_(None)
        )
        return (await self._session.scalars(query.order_by(col(ApiToken.id).desc()))).all()

    async def get(self, token_id: UUID) -> ApiToken:
        """One token.

        Raises:
            NotFound: when there is none, or it is another user's.
        """
        query = select(ApiToken).where(col(ApiToken.user_id) == self._user_id, col(ApiToken.id) == token_id)
        token = (await self._session.scalars(locked(self._session, query))).one_or_none()
        if token is None:
            raise NotFound("token")
        return token

    def add(self, token: ApiToken) -> None:
        """Insert a token."""
        self._session.add(token)
