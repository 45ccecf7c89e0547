"""What happened to the things of one user: their audit log in words, and the commands that can be undone."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import AuditContent, OutboxEvent
from todo_app.domain.events import Event

PAGE = 50
# What the workers tell each other; people see what comes of it.
_BEHIND_THE_SCENES = ("reminder.scheduled", "reminder.cancelled", "reminder.due")


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
