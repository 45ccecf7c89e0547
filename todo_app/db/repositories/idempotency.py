"""The requests of one user that carried a key, so that a retry is answered and not carried out again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import insert_unless_taken
from todo_app.db.models import IdempotencyKey


class IdempotencyRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def begin(
        self, key_digest: str, request_digest: str, *, now: datetime, kept_since: datetime
    ) -> IdempotencyKey | None:
        """Take a key; ``None`` when it is free, else who has it.

        Somebody who is using it at this moment is waited for. One from before ``kept_since`` is free again.
        """
        mine = (col(IdempotencyKey.user_id) == self._user_id, col(IdempotencyKey.key_digest) == key_digest)
        row = IdempotencyKey(
            user_id=self._user_id, key_digest=key_digest, request_digest=request_digest, created_at=now
        )
        while await insert_unless_taken(self._session, row) is None:
            taken = await self._session.scalar(select(IdempotencyKey).where(*mine).with_for_update())
            if taken is not None and taken.created_at >= kept_since:
                return taken
            await self._session.execute(delete(IdempotencyKey).where(*mine))
        return None

    async def answer_of(self, key_digest: str) -> str | None:
        """What is kept as the answer to the request with a key."""
        mine = (col(IdempotencyKey.user_id) == self._user_id, col(IdempotencyKey.key_digest) == key_digest)
        answer: str | None = await self._session.scalar(select(col(IdempotencyKey.answer)).where(*mine))
        return answer

    async def finish(self, key_digest: str, answer: str) -> None:
        """Keep what the request with a key was answered."""
        await self._session.execute(
            update(IdempotencyKey)
            .where(col(IdempotencyKey.user_id) == self._user_id, col(IdempotencyKey.key_digest) == key_digest)
            .values(answer=answer)
            .execution_options(synchronize_session=False)
        )
