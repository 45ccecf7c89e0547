"""The webhooks in the settings. Their secrets never come here: the form asks the REST API for them."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from state.channels import PATH
from state.handlers import Handlers, parse_id
from state.toasts import ToastState
from todo_app.db.models import Webhook, WebhookDelivery
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.labels import day_label
from todo_app.domain.webhooks import TYPES
from todo_app.services import webhooks
from todo_app.services.lists import today
from todo_app.services.webhooks import WebhookPatch

_LINES = 10
_ANSWER_MAX = 200
# What the form offers: event types, and their name. Programs can choose any others.
CHOICES = (
    ("", "Is told everything"),
    (" ".join(each for each in TYPES if each.startswith("task.")), "All about tasks"),
    ("task.created task.recurred", "When tasks are added"),
    ("task.completed", "When tasks are completed"),
)
_TOLD = {frozenset(types.split()): name for types, name in CHOICES if types}
_STANDS = {
    "sent": "Sent",
    "failed": "Failed",
    "dropped": "Not sent",
    "retrying": "Trying again",
    "sending": "On its way",
}


@dataclass(frozen=True)
class WebhookItem:
    """A webhook as the page shows it."""

    id: str
    name: str
    url: str
    told: str
    on: bool
    problem: str


@dataclass(frozen=True)
class WebhookLine:
    """Something that a webhook was told, and what came of it."""

    id: str
    type: str
    outcome: str
    stands: str
    answer: str
    when: str
    instant: str


_NO_WEBHOOK = WebhookItem("", "", "", "", on=False, problem="")


class WebhooksState(Handlers, rx.State):
    """Which programs are told of what happens."""

    items: list[WebhookItem] = []
    # The webhook whose log is open, and the newest lines of that.
    shown: str = ""
    lines: list[WebhookLine] = []
    # The webhook of which it is asked whether it is to be removed.
    removing: WebhookItem = _NO_WEBHOOK

    @rx.event
    async def open_webhooks(self) -> None:
        """Show the webhooks as they are by now."""
        self.removing = _NO_WEBHOOK
        await self._reload()

    @rx.event
    async def show_log(self, webhook_id: str) -> None:
        """Show what a webhook was told, or hide it again."""
        self.shown = "" if self.shown == webhook_id else str(parse_id(webhook_id, what="webhook"))
        await self._reload()

    @rx.event
    async def switch(self, webhook_id: str, on: bool) -> None:
        """Switch a webhook on or off."""
        async with self._write() as uow:
            await webhooks.edit(uow, parse_id(webhook_id, what="webhook"), WebhookPatch(on=on))
        await self._reload()

    @rx.event
    async def try_out(self, webhook_id: str) -> None:
        """Send a webhook a test, and show its log, where the answer will appear."""
        async with self._write() as uow:
            await webhooks.try_out(uow, parse_id(webhook_id, what="webhook"))
        self.shown = webhook_id
        await self._reload()

    @rx.event
    async def redeliver(self, webhook_id: str, delivery_id: str) -> None:
        """Tell a webhook once more what it was told."""
        async with self._write() as uow:
            hook, delivery = parse_id(webhook_id, what="webhook"), parse_id(delivery_id, what="delivery")
            await webhooks.redeliver(uow, hook, delivery)
        await self._reload()

    @rx.event
    def begin_removing(self, webhook_id: str) -> None:
        """Ask whether a webhook is to be removed."""
        self.removing = next((each for each in self.items if each.id == webhook_id), _NO_WEBHOOK)

    @rx.event
    def stop_removing(self) -> None:
        """Do not remove it."""
        self.removing = _NO_WEBHOOK

    @rx.event
    async def remove(self, webhook_id: str) -> None:
        """Remove a webhook."""
        self.removing = _NO_WEBHOOK
        async with self._write() as uow:
            name = await webhooks.remove(uow, parse_id(webhook_id, what="webhook"))
        await self._reload()
        toasts = await self.get_state(ToastState)
        toasts._say(f"Removed “{name}”")

    def _is_shown(self) -> bool:
        return bool(self.router.url.path.rstrip("/") == PATH)

    async def _reload(self) -> None:
        async with self._read() as uow:
            items = [_in_words(webhook) for webhook in await uow.webhooks.all()]
            if self.shown not in {item.id for item in items}:
                self.shown = ""
            lines = await _lines(uow, self.shown) if self.shown else []
        self._assign(items=items, lines=lines)


async def _lines(uow: UnitOfWork, webhook_id: str) -> list[WebhookLine]:
    found = await uow.webhooks.deliveries(parse_id(webhook_id, what="webhook"), limit=_LINES)
    return [_line(delivery, uow) for delivery in found]


def _in_words(webhook: Webhook) -> WebhookItem:
    types = webhooks.told_types(webhook)
    told = CHOICES[0][1] if types is None else _TOLD.get(frozenset(types), ", ".join(types))
    return WebhookItem(
        id=str(webhook.id),
        name=webhook.name,
        url=webhook.url,
        told=told,
        on=webhook.disabled_at is None,
        problem=webhook.disabled_because,
    )


def _line(delivery: WebhookDelivery, uow: UnitOfWork) -> WebhookLine:
    outcome = webhooks.outcome(delivery)
    local = delivery.created_at.astimezone(uow.identity.zone)
    return WebhookLine(
        id=str(delivery.id),
        type=delivery.type,
        outcome=outcome,
        stands=_stands(delivery, outcome),
        answer=" ".join(delivery.answer.split())[:_ANSWER_MAX],
        when=f"{day_label(local.date(), today=today(uow))} {local:%H:%M}",
        instant=local.isoformat(),
    )


def _stands(delivery: WebhookDelivery, outcome: str) -> str:
    if delivery.error:
        return f"{_STANDS[outcome]}: {delivery.error.removeprefix('Not sent: ')}"
    if outcome == "sent":
        return f"{_STANDS[outcome]}, answered {delivery.status_code} after {delivery.duration_ms} ms"
    return _STANDS[outcome]
