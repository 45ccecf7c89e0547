"""The sealed audit chains: appending to one, and reading all of them for verification."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import AuditContent, AuditHead, AuditRecord, User

_HEADS = "audit_heads"


class AuditRepository:
    """The chains of all users."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def head(self, user_id: UUID) -> AuditHead | None:
        """The end of a user's chain, locked until the transaction ends."""
        # One transaction seals many events of one user; what it has locked can't change under it.
        heads: dict[UUID, AuditHead] = self._session.info.setdefault(_HEADS, {})
        if user_id not in heads:
            query = select(AuditHead).where(col(AuditHead.user_id) == user_id).with_for_update()
            head = (await self._session.scalars(query)).one_or_none()
            if head is None:
                return None
            heads[user_id] = head
        return heads[user_id]

    def start(self, head: AuditHead) -> None:
        """Begin the chain of a user."""
        self._session.add(head)
        self._session.info.setdefault(_HEADS, {})[head.user_id] = head

    async def has_account(self, user_id: UUID) -> bool:
        """Whether the user still exists, so that content may be kept."""
        return await self._session.get(User, user_id) is not None

    def append(self, record: AuditRecord, content: AuditContent | None) -> None:
        """Add a record, with its content unless that is erased."""
        self._session.add(record)
        if content is not None:
            self._session.add(content)
