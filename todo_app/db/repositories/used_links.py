"""Which signed links have been used."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import UsedLink
from todo_app.db.tables import insert_into, table_of


class UsedLinkRepository:
    """The links of all users; their ids can't be guessed, since they are signed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_used(self, link_id: UUID) -> bool:
        """Whether a link has been used."""
        return (
            await self._session.scalar(select(col(UsedLink.id)).where(col(UsedLink.id) == link_id))
            is not None
        )

    async def use(self, link_id: UUID, *, expires_at: datetime) -> bool:
        """Use a link up, together with what it does; ``False`` when it was before.

        Another transaction that is using the same one is waited for.
        """
        table = table_of(UsedLink)
        insert = insert_into(self._session, table).values(id=link_id, expires_at=expires_at)
        insert = insert.on_conflict_do_nothing()
        return await self._session.scalar(insert.returning(table.c.id)) is not None
