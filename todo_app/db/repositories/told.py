"""What many people are to be told at one moment, written together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import (
    Delivery,
    Notification,
    NotificationChannel,
    NotificationPreferences,
    Task,
)
from todo_app.db.tables import insert_into, table_of


class ToldRepository:
    """Notifications of all users; for the worker that makes them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open_tasks(self, task_ids: Collection[UUID | None]) -> dict[UUID, Task]:
        """Those of the tasks that are still to be done."""
        query = select(Task).where(
            col(Task.id).in_([each for each in task_ids if each is not None]),
            col(Task.completed_at).is_(None),
            col(Task.deleted_at).is_(None),
        )
        return {task.id: task for task in await self._session.scalars(query)}

    async def add(self, notifications: Sequence[Notification]) -> list[Notification]:
        """Insert notifications; those whose id was not there before."""
        if not notifications:
            return []
        table = table_of(Notification)
        rows = [each.model_dump() for each in {each.id: each for each in notifications}.values()]
        query = insert_into(self._session, table).values(rows).on_conflict_do_nothing().returning(table.c.id)
        new = set((await self._session.scalars(query)).all())
        return [each for each in {each.id: each for each in notifications}.values() if each.id in new]

    async def channels(self, user_ids: Collection[UUID]) -> dict[UUID, list[NotificationChannel]]:
        """The channels that are on, by user; who has none is missing."""
        query = select(NotificationChannel).where(
            col(NotificationChannel.user_id).in_(user_ids), col(NotificationChannel.disabled_at).is_(None)
        )
        found: dict[UUID, list[NotificationChannel]] = {}
        for channel in await self._session.scalars(query):
            found.setdefault(channel.user_id, []).append(channel)
        return found

    async def preferences(self, user_ids: Collection[UUID]) -> dict[UUID, NotificationPreferences]:
        """How those of the users who have said so want to be told."""
        query = select(NotificationPreferences).where(col(NotificationPreferences.user_id).in_(user_ids))
        return {each.user_id: each for each in await self._session.scalars(query)}

    async def send(self, deliveries: Sequence[Delivery]) -> None:
        """Let notifications be delivered."""
        if deliveries:
            table = table_of(Delivery)
            await self._session.execute(insert(table), [each.model_dump() for each in deliveries])
