"""Events that a consumer could not process."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import DeadLetter


class DeadLetterRepository:
    """The dead letters of all consumers and users; for the operator."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, letter: DeadLetter) -> None:
        """Keep a dead letter."""
        self._session.add(letter)

    async def find(self, letter_id: UUID) -> DeadLetter | None:
        """One dead letter, locked in a transaction that writes."""
        query = select(DeadLetter).where(col(DeadLetter.id) == letter_id)
        return (await self._session.scalars(locked(self._session, query))).one_or_none()

    async def page(self, *, consumer: str | None = None, limit: int | None) -> Sequence[DeadLetter]:
        """The oldest dead letters, of one consumer or of all."""
        query = select(DeadLetter).order_by(col(DeadLetter.id)).limit(limit)
        if consumer is not None:
            query = query.where(col(DeadLetter.consumer) == consumer)
        return (await self._session.scalars(query)).all()

    async def count(self) -> int:
        """How many dead letters there are."""
        return (await self._session.execute(select(func.count()).select_from(DeadLetter))).scalar_one()

    async def of_event(self, consumer: str, event_id: UUID) -> DeadLetter | None:
        """The dead letter of an event at a consumer."""
        query = select(DeadLetter).where(
            col(DeadLetter.consumer) == consumer, col(DeadLetter.event_id) == event_id
        )
        return (await self._session.scalars(query)).one_or_none()

    async def remove(self, letter: DeadLetter) -> None:
        """Forget a dead letter that was replayed or discarded."""
        await self._session.delete(letter)

    async def erase_user(self, user_id: UUID) -> None:
        """Forget the dead letters of a user."""
        await self._session.execute(delete(DeadLetter).where(col(DeadLetter.user_id) == user_id))
