"""Webhooks: addresses of other programs that are told of a person's events."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import Webhook, WebhookDelivery
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import AccountUpdated
from todo_app.domain.text import clean_name
from todo_app.domain.webhooks import SECRET_BYTES, TEST_TYPE, TYPES, write_secret
from todo_app.notifications.addresses import is_private_host
from todo_app.notifications.guarded_http import PrivateAddress
from todo_app.secret_box import SecretBox
from todo_app.secret_key import purpose_key
from todo_app.services.accounts import record_change
from todo_app.settings import Settings

WEBHOOKS_MAX = 20
URL_MAX = 2_000
# How long messages are signed with the secret before too, once there is a new one.
BOTH_SECRETS_FOR = timedelta(days=1)
DELIVERIES_FOR, DELIVERIES_OF_ONE = timedelta(days=30), 200
OFF_BY_OWNER = "You switched it off."


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be told."""

    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Of which events a webhook is told; ``None`` is of everything."""

    event_types: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class WebhookPatch:
    """What is to change of a webhook; ``None`` leaves it."""

    name: str | None = None
    target: Target | None = None
    choice: Choice | None = None
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook with a secret that was just made, which is never shown again."""

    webhook: Webhook
    secret: str


def webhook_box(settings: Settings) -> SecretBox:
    """What the secrets of webhooks are sealed with."""
    return SecretBox(purpose_key(settings, "webhook secrets"))


def read_target(url: str, *, allow_private: bool) -> Target:
    """An address as somebody has typed it.

    Raises:
        Invalid: when nothing may be sent there.
    """
    url = url.strip()
    if len(url) > URL_MAX:
        raise Invalid("url", f"Use at most {URL_MAX} characters.")
    host = _host(url, schemes=("https", "http") if allow_private else ("https",))
    if host is None:
        raise Invalid("url", "Give an address that begins with https:// and has no name or password in it.")
    if not allow_private and is_private_host(host):
        raise Invalid("url", str(PrivateAddress(host)))
    return Target(url)


async def create(
    uow: UnitOfWork, name: str, target: Target, event_types: Sequence[str] | None, *, box: SecretBox
) -> NewSecret:
    """Let an address be told of events from now on.

    Args:
        uow: the transaction of the person whose events it is told of.
        name: what it is for.
        target: where it is.
        event_types: of what; ``None`` for everything.
        box: what secrets are sealed with.

    Raises:
        Invalid: when the name or a type can't be so, or there are ``WEBHOOKS_MAX`` webhooks already.
    """
    name, types = clean_name(name, what="webhook"), _types(event_types)
    if len(await uow.webhooks.all()) >= WEBHOOKS_MAX:
        raise Invalid("name", f"There can be {WEBHOOKS_MAX} webhooks. Remove one first.")
    secret = secrets.token_bytes(SECRET_BYTES)
    webhook = Webhook(
        id=uuid7(),
        user_id=uow.user_id,
        name=name,
        url=target.url,
        event_types=types,
        secret=box.seal(secret),
        created_at=uow.now,
    )
    uow.webhooks.add(webhook)
    await record_change(uow, AccountUpdated(what="webhook_added"))
    return NewSecret(webhook, write_secret(secret))


async def edit(uow: UnitOfWork, webhook_id: UUID, patch: WebhookPatch) -> Webhook:
    """Change a webhook; what happens while it is off is not told later.

    Raises:
        NotFound: when the user has no such webhook.
        Invalid: when the name or a type can't be so.
    """
    webhook = await uow.webhooks.get(webhook_id)
    if patch.name is not None:
        webhook.name = clean_name(patch.name, what="webhook")
    if patch.target is not None:
        webhook.url = patch.target.url
    if patch.choice is not None:
        webhook.event_types = _types(patch.choice.event_types)
    if patch.on is not None and patch.on is not (webhook.disabled_at is None):
        _switch(webhook, on=patch.on, now=uow.now)
    await record_change(uow, AccountUpdated(what="webhook_changed"))
    return webhook


async def rotate(uow: UnitOfWork, webhook_id: UUID, *, box: SecretBox) -> NewSecret:
    """Give a webhook a new secret; for a day messages are signed with the old one as well.

    Raises:
        NotFound: when the user has no such webhook.
    """
    webhook = await uow.webhooks.get(webhook_id)
    secret = secrets.token_bytes(SECRET_BYTES)
    webhook.previous_secret, webhook.previous_until = webhook.secret, uow.now + BOTH_SECRETS_FOR
    webhook.secret = box.seal(secret)
    await record_change(uow, AccountUpdated(what="webhook_changed"))
    return NewSecret(webhook, write_secret(secret))


async def remove(uow: UnitOfWork, webhook_id: UUID) -> str:
    """Remove a webhook with its log; its name.

    Raises:
        NotFound: when the user has no such webhook.
    """
    webhook = await uow.webhooks.get(webhook_id)
    await uow.webhooks.remove(webhook)
    await record_change(uow, AccountUpdated(what="webhook_removed"))
    return webhook.name


async def try_out(uow: UnitOfWork, webhook_id: UUID) -> WebhookDelivery:
    """Let a webhook be told that it works, once; the log shows what came of it.

    Raises:
        NotFound: when the user has no such webhook.
        Invalid: when it is off.
    """
    webhook = await uow.webhooks.get(webhook_id)
    _refuse_if_off(webhook)
    delivery = WebhookDelivery(
        id=uuid7(),
        user_id=uow.user_id,
        webhook_id=webhook.id,
        type=TEST_TYPE,
        created_at=uow.now,
        next_attempt_at=uow.now,
    )
    uow.webhooks.add(delivery)
    return delivery


async def redeliver(uow: UnitOfWork, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Tell a webhook again what it was told, at once and as if for the first time; with the same id.

    Raises:
        NotFound: when the user has no such webhook, or it no such delivery.
        Invalid: when it is off, or this is on its way.
    """
    webhook = await uow.webhooks.get(webhook_id)
    _refuse_if_off(webhook)
    delivery = await uow.webhooks.delivery(webhook_id, delivery_id)
    if delivery.claimed_until is not None and delivery.claimed_until > uow.now:
        raise Invalid("delivery", "This is being sent at this moment.")
    delivery.attempts, delivery.next_attempt_at = 0, uow.now
    delivery.sent_at = delivery.failed_at = delivery.status_code = delivery.duration_ms = None
    delivery.error = delivery.answer = ""
    return delivery


def told_types(webhook: Webhook) -> list[str] | None:
    """Of which events a webhook is told; ``None`` is of everything."""
    types: list[str] | None = json.loads(webhook.event_types) if webhook.event_types else None
    return types


def wants(webhook: Webhook, event_type: str, *, at: datetime) -> bool:
    """Whether a webhook is to be told of an event of a type that happened at an instant."""
    types = told_types(webhook)
    return webhook.created_at <= at and (types is None or event_type in types)


def outcome(delivery: WebhookDelivery) -> str:
    """How it stands with a delivery, in a word."""
    if delivery.sent_at is not None:
        return "sent"
    if delivery.failed_at is not None:
        return "failed"
    if delivery.next_attempt_at is None:
        return "dropped"
    return "retrying" if delivery.error else "sending"


async def forget_old(uow: UnitOfWork, *, limit: int) -> int:
    """Remove a batch of what webhooks were told long ago; how many."""
    return await uow.webhook_deliveries.remove_old(before=uow.now - DELIVERIES_FOR, limit=limit)


async def forget_crowds(uow: UnitOfWork, *, limit: int) -> int:
    """Remove a batch of the oldest of what webhooks were told that were told much; how many."""
    removed = 0
    for webhook_id in await uow.webhook_deliveries.crowded(most=DELIVERIES_OF_ONE, limit=limit):
        removed += await uow.webhook_deliveries.remove_crowd(
            webhook_id, most=DELIVERIES_OF_ONE, limit=limit - removed
        )
        if removed == limit:
            break
    return removed


def _types(event_types: Sequence[str] | None) -> str | None:
    if event_types is None:
        return None
    if not event_types:
        raise Invalid("event_types", "Name at least one type, or none at all for everything.")
    unknown = [each for each in event_types if each not in TYPES]
    if unknown:
        raise Invalid("event_types", f"There is no “{unknown[0][:50]}”. There are: {', '.join(TYPES)}.")
    return json.dumps(list(dict.fromkeys(event_types)))


def _switch(webhook: Webhook, *, on: bool, now: datetime) -> None:
    webhook.disabled_at = None if on else now
    webhook.disabled_because = "" if on else OFF_BY_OWNER
    webhook.failing_since = None


def _refuse_if_off(webhook: Webhook) -> None:
    if webhook.disabled_at is not None:
        raise Invalid("active", "The webhook is switched off. Switch it on first.")


def _host(url: str, *, schemes: Sequence[str]) -> str | None:
    """The host of an address; ``None`` when it is none of such a scheme without log-in."""
    # What is not in ASCII, or has blanks in it, one library reads in this way and another in that.
    if not (url.isascii() and url.isprintable()) or " " in url:
        return None
    try:
        parts = urlsplit(url)
        is_usable = parts.port != 0
    except ValueError:
        return None
    return parts.hostname if is_usable and parts.scheme in schemes and not parts.username else None
