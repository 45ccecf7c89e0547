"""``/webhooks``: addresses of other programs that are told of events."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from todo_app.api.bodies import Body, Nothing, Text
from todo_app.api.v1.callers import ADMIN_READER, Look
from todo_app.api.v1.commands import ADMIN_WRITER, Answer, Command, answer_json
from todo_app.api.v1.routers import v1_router
from todo_app.db.models import Webhook
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.webhooks import TYPES
from todo_app.services import webhooks
from todo_app.services.task_document import instant
from todo_app.services.webhooks import Choice, NewSecret, Target, WebhookPatch, read_target, webhook_box

_NAME_MAX = 200


class WebhookDocument(TypedDict):
    """A webhook, without its secret; ``event_types`` is null when it is told of everything."""

    id: str
    name: str
    url: str
    event_types: list[str] | None
    active: bool
    switched_off_because: str | None
    failing_since: str | None
    created_at: str


class NewWebhookDocument(WebhookDocument):
    """A webhook with a secret that was just made; it is never answered again."""

    secret: str


class WebhookPage(TypedDict):
    """All webhooks, the newest first."""

    items: list[WebhookDocument]
    next_cursor: None


class WebhookToAdd(Body):
    """A new webhook."""

    name: Text = Field(max_length=_NAME_MAX, examples=["Team chat"])
    url: Text = Field(max_length=webhooks.URL_MAX, examples=["https://example.org/punctual"])
    event_types: list[Text] | None = Field(
        None,
        max_length=len(TYPES),
        description="Of what it is told; null is of everything.",
        examples=[["task.created", "task.completed"]],
    )


class WebhookFields(Body):
    """What can be changed of a webhook; what is left out stays as it is."""

    name: Text = Field("", max_length=_NAME_MAX)
    url: Text = Field("", max_length=webhooks.URL_MAX)
    event_types: list[Text] | None = Field(None, max_length=len(TYPES))
    active: bool = True


router = v1_router("webhooks")


@router.get("/webhooks", response_model=WebhookPage)
async def list_webhooks(look: Look = ADMIN_READER) -> Response:
    async with look.read() as uow:
        items = [_document(webhook) for webhook in await uow.webhooks.all()]
    return answer_json(WebhookPage(items=items, next_cursor=None))


@router.post("/webhooks", status_code=201, response_model=NewWebhookDocument)
async def add_a_webhook(body: WebhookToAdd, request: Request, command: Command = ADMIN_WRITER) -> Response:
    """The answer holds the secret that its messages are signed with, once."""
    target = _target(body, command)

    async def act(uow: UnitOfWork) -> Answer:
        made = await webhooks.create(
            uow, body.name, target, body.event_types, box=webhook_box(command.app.settings)
        )
        return Answer(_with_secret(made), 201, {"Location": f"{request.url.path}/{made.webhook.id}"})

    return await command.run(act)


@router.get("/webhooks/{webhook_id}", response_model=WebhookDocument)
async def read_a_webhook(webhook_id: UUID, look: Look = ADMIN_READER) -> Response:
    async with look.read() as uow:
        return answer_json(_document(await uow.webhooks.get(webhook_id)))


@router.patch("/webhooks/{webhook_id}", response_model=WebhookDocument)
async def change_a_webhook(
    webhook_id: UUID, body: WebhookFields, command: Command = ADMIN_WRITER
) -> Response:
    """Also switches it off and on again; what happens while it is off is not told later."""
    sent = body.model_fields_set
    patch = WebhookPatch(
        name=body.name if "name" in sent else None,
        target=_target(body, command) if "url" in sent else None,
        choice=Choice(body.event_types) if "event_types" in sent else None,
        on=body.active if "active" in sent else None,
    )

    async def act(uow: UnitOfWork) -> Answer:
        return Answer(_document(await webhooks.edit(uow, webhook_id, patch)))

    return await command.run(act)


@router.delete("/webhooks/{webhook_id}", status_code=204)
async def remove_a_webhook(webhook_id: UUID, command: Command = ADMIN_WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        await webhooks.remove(uow, webhook_id)
        return Answer(status=204)

    return await command.run(act)


@router.post("/webhooks/{webhook_id}/rotate", response_model=NewWebhookDocument)
async def rotate_a_secret(
    webhook_id: UUID, _: Nothing | None = None, command: Command = ADMIN_WRITER
) -> Response:
    """Make a new secret; for a day messages are signed with the old one as well."""

    async def act(uow: UnitOfWork) -> Answer:
        return Answer(
            _with_secret(await webhooks.rotate(uow, webhook_id, box=webhook_box(command.app.settings)))
        )

    return await command.run(act)


def _target(body: WebhookToAdd | WebhookFields, command: Command) -> Target:
    return read_target(body.url, allow_private=command.app.settings.allow_private_targets)


def _document(webhook: Webhook) -> WebhookDocument:
    return WebhookDocument(
        id=str(webhook.id),
        name=webhook.name,
        url=webhook.url,
        event_types=webhooks.told_types(webhook),
        active=webhook.disabled_at is None,
        switched_off_because=webhook.disabled_because or None,
        failing_since=instant(webhook.failing_since),
        created_at=instant(webhook.created_at) or "",
    )


def _with_secret(made: NewSecret) -> NewWebhookDocument:
    return NewWebhookDocument(**_document(made.webhook), secret=made.secret)
