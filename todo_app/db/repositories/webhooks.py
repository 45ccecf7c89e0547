"""The webhooks of one user, and what came of telling them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import locked
from todo_app.db.models import Webhook, WebhookDelivery
from todo_app.domain.errors import NotFound


class WebhookRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def all(self) -> Sequence[Webhook]:
        """Every webhook, the newest first."""
        query = select(Webhook).where(col(Webhook.user_id) == self._user_id)
        return (await self._session.scalars(query.order_by(col(Webhook.id).desc()))).all()

    async def get(self, webhook_id: UUID) -> Webhook:
        """A webhook, locked in a transaction that writes.

        Raises:
            NotFound: when the user has none with this id.
        """
        query = select(Webhook).where(col(Webhook.user_id) == self._user_id, col(Webhook.id) == webhook_id)
        found = (await self._session.scalars(locked(self._session, query))).one_or_none()
        if found is None:
            raise NotFound("webhook")
        return found

    def add(self, row: Webhook | WebhookDelivery) -> None:
        """Insert a webhook, or something that it is to be told."""
        self._session.add(row)

    async def remove(self, webhook: Webhook) -> None:
        """Delete a webhook, with what it was and is to be told."""
        await self._session.execute(
            delete(Webhook).where(col(Webhook.user_id) == self._user_id, col(Webhook.id) == webhook.id)
        )

    async def deliveries(
        self, webhook_id: UUID, *, until: tuple[datetime, UUID] | None = None, limit: int
    ) -> Sequence[WebhookDelivery]:
        """The newest deliveries of a webhook, or those from one on."""
        query = select(WebhookDelivery).where(*self._of(webhook_id))
        if until is not None:
            created_at, delivery_id = until
            query = query.where(
                or_(
                    col(WebhookDelivery.created_at) < created_at,
                    and_(
                        col(WebhookDelivery.created_at) == created_at, col(WebhookDelivery.id) <= delivery_id
                    ),
                )
            )
        query = query.order_by(col(WebhookDelivery.created_at).desc(), col(WebhookDelivery.id).desc())
        return (await self._session.scalars(query.limit(limit))).all()

    async def delivery(self, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
        """One delivery of a webhook, locked in a transaction that writes.

        Raises:
            NotFound: when the webhook has none with this id.
        """
        query = select(WebhookDelivery).where(*self._of(webhook_id), col(WebhookDelivery.id) == delivery_id)
        found = (await self._session.scalars(locked(self._session, query))).one_or_none()
        if found is None:
            raise NotFound("delivery")
        return found

    def _of(self, webhook_id: UUID) -> tuple[ColumnElement[bool], ...]:
        return col(WebhookDelivery.user_id) == self._user_id, col(WebhookDelivery.webhook_id) == webhook_id
