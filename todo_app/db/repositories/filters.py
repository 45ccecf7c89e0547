"""The saved filters of one user."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import insert_unless_taken, locked
from todo_app.db.models import SavedFilter
from todo_app.domain.errors import NotFound
from todo_app.domain.text import fold


class FilterRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def all(self) -> Sequence[SavedFilter]:
        """The filters that are not deleted, in their order."""
        query = self._where(col(SavedFilter.deleted_at).is_(None))
        query = query.order_by(col(SavedFilter.rank), col(SavedFilter.id))
        return (await self._session.scalars(locked(self._session, query))).all()

    async def get(self, filter_id: UUID) -> SavedFilter:
        """One filter that is not deleted.

        Raises:
            NotFound: when there is none, or it is another user's.
        """
        found = await self.find(filter_id)
        if found is None or found.deleted_at:
            raise NotFound("filter")
        return found

    async def find(self, filter_id: UUID) -> SavedFilter | None:
        """One filter, deleted ones too."""
        return await self._locked(col(SavedFilter.id) == filter_id)

    async def named(self, name: str) -> SavedFilter | None:
        """The filter with this name in any case."""
        return await self._locked(
            col(SavedFilter.name_folded) == fold(name), col(SavedFilter.deleted_at).is_(None)
        )

    async def add(self, saved: SavedFilter) -> SavedFilter | None:
        """Insert a new filter; ``None`` when another transaction has just taken its name."""
        return await insert_unless_taken(self._session, saved)

    async def _locked(self, *conditions: ColumnElement[bool]) -> SavedFilter | None:
        return (await self._session.scalars(locked(self._session, self._where(*conditions)))).one_or_none()

    def _where(self, *conditions: ColumnElement[bool]) -> Select[SavedFilter]:
        return select(SavedFilter).where(col(SavedFilter.user_id) == self._user_id, *conditions)
