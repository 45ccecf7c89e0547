"""``/webhooks/{id}/deliveries``: what a webhook was told, and telling it again."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response
from typing_extensions import TypedDict

from todo_app.api.bodies import Nothing
from todo_app.api.v1.callers import ADMIN_READER, Look
from todo_app.api.v1.commands import ADMIN_WRITER, Answer, Command, answer_json
from todo_app.api.v1.parameters import LIMIT, Cursor, Limit
from todo_app.api.v1.routers import v1_router
from todo_app.db.models import WebhookDelivery
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services import webhooks
from todo_app.services.cursors import cursor_of, moment_place
from todo_app.services.task_document import instant


class DeliveryDocument(TypedDict):
    """Something that a webhook was or is to be told, with what came of the last attempt.

    ``state`` is sending, retrying, sent, failed, or dropped when the webhook was switched off before.
    """

    id: str
    event_id: str | None
    type: str
    state: str
    attempts: int
    next_attempt_at: str | None
    error: str | None
    status_code: int | None
    duration_ms: int | None
    answer: str
    created_at: str


class DeliveryPage(TypedDict):
    """A stretch of the log, the newest first."""

    items: list[DeliveryDocument]
    next_cursor: str | None


router = v1_router("webhooks")


@router.post("/webhooks/{webhook_id}/test", status_code=202, response_model=DeliveryDocument)
async def try_a_webhook_out(
    webhook_id: UUID, _: Nothing | None = None, command: Command = ADMIN_WRITER
) -> Response:
    """Send it `webhook.test`, once; the log shows what came of it."""

    async def act(uow: UnitOfWork) -> Answer:
        return Answer(_delivery(await webhooks.try_out(uow, webhook_id)), 202)

    return await command.run(act)


@router.get("/webhooks/{webhook_id}/deliveries", response_model=DeliveryPage)
async def list_deliveries(
    webhook_id: UUID, limit: Limit = LIMIT, cursor: Cursor = None, look: Look = ADMIN_READER
) -> Response:
    start = moment_place(cursor, "deliveries")
    async with look.read() as uow:
        await uow.webhooks.get(webhook_id)
        found = await uow.webhooks.deliveries(webhook_id, until=start, limit=limit + 1)
    following = None
    if len(found) > limit:
        following = cursor_of("deliveries", found[limit].created_at.isoformat(), str(found[limit].id))
    return answer_json(DeliveryPage(items=[_delivery(each) for each in found[:limit]], next_cursor=following))


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    status_code=202,
    response_model=DeliveryDocument,
)
async def deliver_again(
    webhook_id: UUID, delivery_id: UUID, _: Nothing | None = None, command: Command = ADMIN_WRITER
) -> Response:
    """Send it again at once, with the same `webhook-id`."""

    async def act(uow: UnitOfWork) -> Answer:
        return Answer(_delivery(await webhooks.redeliver(uow, webhook_id, delivery_id)), 202)

    return await command.run(act)


def _delivery(delivery: WebhookDelivery) -> DeliveryDocument:
    return DeliveryDocument(
        id=str(delivery.id),
        event_id=str(delivery.event_id) if delivery.event_id else None,
        type=delivery.type,
        state=webhooks.outcome(delivery),
        attempts=delivery.attempts,
        next_attempt_at=instant(delivery.next_attempt_at),
        error=delivery.error or None,
        status_code=delivery.status_code,
        duration_ms=delivery.duration_ms,
        answer=delivery.answer,
        created_at=instant(delivery.created_at) or "",
    )
