"""Where the courier of webhooks gets what they are told, and gives account of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import httpcore

from todo_app.db.models import Notification, Webhook, WebhookDelivery
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.repositories.webhook_deliveries import Reply, WebhookParcel
from todo_app.db.unit_of_work import Clock, UnitOfWork
from todo_app.domain import webhooks
from todo_app.domain.events import Event
from todo_app.notifications.attempts import (
    ACTOR,
    ERROR_MAX,
    PROBLEM,
    Hold,
    again,
    asked_pause,
    planned_pause,
    settle,
    still_needed,
)
from todo_app.notifications.courier import Lease, Limits, Outcome
from todo_app.notifications.guarded_http import Answer, PrivateAddress, post, retry_after
from todo_app.notifications.port import Gone, HeldBack, NotSent, Refused, TryLater
from todo_app.secret_box import SecretBox

NAME = "webhook"
LIMITS = Limits(at_once=16, deadline=timedelta(seconds=10), lease=timedelta(minutes=1))
# After the first, second, ... failure; a day in all.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 8, 9)),
)
# By how much of itself a pause may be longer, so that what failed together does not come back together.
_SPREAD = 0.2
# With nothing but failures for this long, a webhook is switched off.
PATIENCE = timedelta(days=1)
# To one person's webhooks, so that nobody else's server is flooded from here.
FLOOD: tuple[tuple[timedelta, int], ...] = ((timedelta(minutes=1), 600),)
_ANSWER_MAX = 1_000


class WebhookDesk:
    """Implements `Desk` for webhooks.

    Args:
        box: What their secrets are sealed with.
        clock: The time that signatures speak of.
        hold: Asked before each message, with the user and the kind, how long it has to wait for its turn.
        allow_private: Whether addresses inside this network may be told too.
    """

    name = NAME

    def __init__(self, box: SecretBox, *, clock: Clock, hold: Hold, allow_private: bool) -> None:
        self._box = box
        self._clock = clock
        self._hold = hold
        self._allow_private = allow_private

    async def next_at(self, uow: UnitOfWork) -> datetime | None:
        """When the next delivery can be claimed."""
        return await uow.webhook_deliveries.next_at(now=uow.now)

    async def claim(self, uow: UnitOfWork, lease: Lease) -> list[WebhookParcel]:
        """Take a lease on deliveries that are due; what is needless by now is settled."""
        claimed = await uow.webhook_deliveries.claim(
            owner=lease.owner, now=uow.now, until=lease.until, limit=lease.limit
        )
        return still_needed(claimed, _needless)

    async def send(self, parcel: WebhookParcel) -> None:
        """Tell a webhook, following no redirect.

        Raises:
            NotSent: when it did not take it.
        """
        wait = await self._hold(parcel.user_id, NAME)
        if wait:
            raise HeldBack(wait)
        began = time.monotonic()
        status, text = None, ""
        try:
            answer = await self._post(parcel)
            status, text = answer.status, answer.text
        finally:
            parcel.reply = Reply(status, int((time.monotonic() - began) * 1000), text)
        _judge(answer, now=self._clock())

    async def note(self, uow: UnitOfWork, outcomes: Sequence[Outcome[WebhookParcel]]) -> None:
        """Write down what came of deliveries, and switch off what does not work."""
        if not outcomes:
            return
        # In the order in which commands of people lock them.
        hooks = await uow.webhook_deliveries.webhooks({each.parcel.webhook.id for each in outcomes})
        found = await uow.webhook_deliveries.many([each.parcel.id for each in outcomes])
        for outcome in outcomes:
            delivery = found.get(outcome.parcel.id)
            # None when its webhook was removed; settled when another courier was done with it, since our
            # lease had run out.
            if delivery is not None and delivery.next_attempt_at is not None:
                identity = replace(identity_of(outcome.parcel.user), actor=ACTOR)
                await _note(uow.part(identity), hooks[delivery.webhook_id], delivery, outcome)

    async def _post(self, parcel: WebhookParcel) -> Answer:
        now = self._clock()
        message_id, body = _message(parcel)
        signed = webhooks.headers(message_id, body, at=now, secrets=self._secrets(parcel.webhook, now=now))
        try:
            return await post(
                parcel.webhook.url,
                headers={"Content-Type": "application/json", "User-Agent": "Punctual-Webhooks/1", **signed},
                content=body,
                allow_private=self._allow_private,
            )
        except PrivateAddress as error:
            raise Refused(str(error)) from error
        except TimeoutError as error:
            raise TryLater("It did not answer in time.") from error
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise TryLater("It can't be reached.") from error

    def _secrets(self, webhook: Webhook, *, now: datetime) -> list[bytes]:
        sealed = [webhook.secret]
        if webhook.previous_secret and webhook.previous_until and now < webhook.previous_until:
            sealed.append(webhook.previous_secret)
        return [self._box.open(each) for each in sealed]


def _message(parcel: WebhookParcel) -> tuple[UUID, bytes]:
    if parcel.envelope is None:
        body = webhooks.trial_body(
            parcel.id, parcel.webhook.id, at=parcel.delivery.created_at, by=parcel.user.email
        )
        return parcel.id, body
    event = Event.model_validate_json(parcel.envelope)
    return event.id, webhooks.event_body(event)


def _needless(parcel: WebhookParcel) -> str:
    """Why a delivery is not made any more; empty when it is."""
    if parcel.webhook.disabled_at is not None:
        return "Not sent: the webhook is switched off."
    if parcel.delivery.event_id is not None and parcel.envelope is None:
        return "Not sent: the event is too old to be known any more."
    return ""


def _judge(answer: Answer, *, now: datetime) -> None:
    if 200 <= answer.status < 300:
        return
    if answer.status == 410:
        raise Gone("It answered 410: it wants to be told nothing any more.")
    if 300 <= answer.status < 400:
        raise TryLater(f"It answered {answer.status}, and redirects are not followed.")
    raise TryLater(f"It answered {answer.status}.", after=retry_after(answer, now=now))


async def _note(
    uow: UnitOfWork, webhook: Webhook, delivery: WebhookDelivery, outcome: Outcome[WebhookParcel]
) -> None:
    """Write down what came of a delivery."""
    failure, reply = outcome.failure, outcome.parcel.reply
    if isinstance(failure, HeldBack):
        delivery.attempts -= 1
        again(delivery, at=uow.now + failure.wait, error=str(failure))
        return
    if reply is not None:
        delivery.status_code, delivery.duration_ms = reply.status, reply.duration_ms
        delivery.answer = reply.text.replace("\x00", "")[:_ANSWER_MAX]
    if failure is None:
        delivery.sent_at, webhook.failing_since = uow.now, None
        settle(delivery)
        return
    error = str(failure)[:ERROR_MAX]
    pause = _pause(delivery, failure)
    if pause is None:
        delivery.failed_at = uow.now
        settle(delivery, error=error)
    else:
        again(delivery, at=uow.now + pause, error=error)
    if delivery.type != webhooks.TEST_TYPE:
        webhook.failing_since = webhook.failing_since or uow.now
    if isinstance(failure, Gone) or _is_hopeless(webhook, now=uow.now):
        await _switch_off(uow, webhook, error)


def _pause(delivery: WebhookDelivery, failure: NotSent) -> timedelta | None:
    """How long to wait for the next attempt; none when there is no further one."""
    # Whoever tests is looking, and tests again.
    if delivery.type == webhooks.TEST_TYPE:
        return None
    planned = planned_pause(delivery.attempts, failure, PAUSES)
    share = (delivery.id.int % 1_000) / 1_000
    return planned and max(planned * (1 + _SPREAD * share), asked_pause(failure))


def _is_hopeless(webhook: Webhook, *, now: datetime) -> bool:
    return webhook.failing_since is not None and now - webhook.failing_since >= PATIENCE


async def _switch_off(uow: UnitOfWork, webhook: Webhook, error: str) -> None:
    if webhook.disabled_at is not None:
        return
    webhook.disabled_at, webhook.disabled_because = uow.now, error
    problem = Notification(
        id=uuid5(webhook.id, f"{PROBLEM} {uow.now.isoformat()}"),
        user_id=webhook.user_id,
        task_id=None,
        reason=PROBLEM,
        title=f"The webhook “{webhook.name}” is switched off",
        body=error,
        meant_for=uow.now,
        created_at=uow.now,
    )
    await uow.notifications.add(problem)
