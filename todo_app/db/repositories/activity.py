"""What happened to the things of one user: their audit log in words, and the commands that can be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import AuditContent, AuditRecord, OutboxEvent
from todo_app.domain.events import Event

PAGE = 50
# What the workers tell each other; people see what comes of it.
_BEHIND_THE_SCENES = ("reminder.scheduled", "reminder.cancelled", "reminder.due")


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Events of these types, of any when there is none, from an instant on and before another."""

    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event, its place in the user's chain, and what seals it there."""

    position: int
    event: Event
    content_digest: str
    seal: str


class ActivityRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def page(
        self, *, aggregate_id: UUID | None = None, before: int | None = None
    ) -> tuple[list[Event], int | None]:
        """The newest events, of one object or of all, and the position that the next page starts before."""
        query = select(AuditContent).where(
            col(AuditContent.user_id) == self._user_id, col(AuditContent.type).not_in(_BEHIND_THE_SCENES)
        )
        if aggregate_id is not None:
            query = query.where(col(AuditContent.aggregate_id) == aggregate_id)
        if before is not None:
            query = query.where(col(AuditContent.position) < before)
        query = query.order_by(col(AuditContent.position).desc()).limit(PAGE + 1)
        rows = (await self._session.scalars(query)).all()
        following = rows[PAGE - 1].position if len(rows) > PAGE else None
        return [Event.model_validate_json(row.envelope) for row in rows[:PAGE]], following

    async def records(self, query: AuditQuery, *, start: int, limit: int) -> list[SealedEvent]:
        """The sealed events from a position on, in the order in which they were sealed."""
        found = (
            select(AuditContent.envelope, AuditRecord.position, AuditRecord.content_digest, AuditRecord.seal)  # type: ignore[call-overload]  # columns
            .join(
                AuditRecord,
                and_(
                    col(AuditRecord.user_id) == col(AuditContent.user_id),
                    col(AuditRecord.position) == col(AuditContent.position),
                ),
            )
            .where(col(AuditContent.user_id) == self._user_id, col(AuditContent.position) >= start)
        )
        if query.types:
            found = found.where(col(AuditContent.type).in_(sorted(query.types)))
        if query.since is not None:
            found = found.where(col(AuditContent.occurred_at) >= query.since)
        if query.until is not None:
            found = found.where(col(AuditContent.occurred_at) < query.until)
        rows = await self._session.execute(found.order_by(col(AuditContent.position)).limit(limit))
        return [
            SealedEvent(row.position, Event.model_validate_json(row.envelope), row.content_digest, row.seal)
            for row in rows
        ]

    async def of_command(self, command_id: UUID) -> tuple[list[Event], bool]:
        """What one command did, in order, and whether a later one has taken it back already."""
        query = select(OutboxEvent).where(
            col(OutboxEvent.user_id) == self._user_id,
            or_(col(OutboxEvent.command_id) == command_id, col(OutboxEvent.undoes) == command_id),
        )
        rows = (await self._session.scalars(query.order_by(col(OutboxEvent.id)))).all()
        events = [Event.model_validate_json(row.envelope) for row in rows if row.command_id == command_id]
        return events, any(row.undoes == command_id for row in rows)

    async def undone(self, command_ids: Collection[UUID]) -> set[UUID]:
        """Those of the commands that a later one has taken back."""
        query = select(col(OutboxEvent.undoes)).where(
            col(OutboxEvent.user_id) == self._user_id, col(OutboxEvent.undoes).in_(command_ids)
        )
        return {command_id for command_id in await self._session.scalars(query) if command_id}
