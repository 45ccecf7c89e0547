"""The ways to reach a person outside the app: added, tried, switched off and on, removed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import Delivery, NotificationChannel
from todo_app.db.repositories.channels import PAGE, LoggedDelivery
from todo_app.db.repositories.notifications import Cursor
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, NotFound
from todo_app.domain.events import AccountUpdated
from todo_app.notifications.port import APPRISE, EMAIL, PUSH, Channel, Message, NotSent
from todo_app.notifications.push_channel import Subscription
from todo_app.services.accounts import record_change

CHANNELS_MAX = 20
NAME_MAX = 80
# Somebody is waiting at the button.
TRY_SECONDS = 10
OFF_BY_OWNER = "You switched it off."
OFF_BY_LINK = "You ended it by the link in a mail."


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """An Apprise address that Apprise knows, and what the service is called."""

    url: str
    service: str


async def add_email(uow: UnitOfWork) -> NotificationChannel:
    """Let notifications come by mail, to the address of the account.

    To no other: whoever has an account could else let this server write to anybody.

    Raises:
        Invalid: when they do already.
    """
    return await _add(uow, EMAIL, name="E-mail", target=uow.identity.email)


async def add_push(uow: UnitOfWork, subscription: Subscription, name: str) -> NotificationChannel:
    """Let notifications come to a browser; one that was known gets its new keys.

    Raises:
        Invalid: when there are too many channels.
    """
    name = _name(name) or "A browser"
    for channel in await uow.channels.all():
        if channel.kind == PUSH and _endpoint(channel) == subscription.endpoint:
            channel.target, channel.name = subscription.dump(), name
            channel.disabled_at, channel.disabled_because = None, ""
            return channel
    return await _add(uow, PUSH, name=name, target=subscription.dump())


async def renew_push(uow: UnitOfWork, old_endpoint: str, subscription: Subscription) -> None:
    """Reach a browser by its new subscription instead of the one that it has given up.

    Doing it twice changes nothing more. One that its owner has switched off stays so.

    Raises:
        NotFound: when notifications do not come to this browser.
    """
    found = {_endpoint(each): each for each in await uow.channels.all() if each.kind == PUSH}
    channel = found.get(old_endpoint) or found.get(subscription.endpoint)
    if channel is None:
        raise NotFound("channel")
    newer = found.get(subscription.endpoint)
    if newer is not None and newer is not channel:
        # The page was faster, which made a channel of its own.
        await uow.channels.remove(newer)
    channel.target = subscription.dump()
    if channel.disabled_because not in (OFF_BY_OWNER, OFF_BY_LINK):
        channel.disabled_at, channel.disabled_because = None, ""


async def add_apprise(uow: UnitOfWork, address: CheckedAddress, name: str) -> NotificationChannel:
    """Let notifications go to a service that Apprise knows.

    Raises:
        Invalid: when there are too many channels, or there is this one.
    """
    return await _add(uow, APPRISE, name=_name(name) or address.service[:NAME_MAX], target=address.url)


async def switch(uow: UnitOfWork, channel_id: UUID, *, on: bool, because: str = OFF_BY_OWNER) -> None:
    """Switch a channel off or on again; what was not sent while it was off is not sent later.

    Raises:
        NotFound: when the user has no such channel.
    """
    channel = await uow.channels.get(channel_id)
    if on is (channel.disabled_at is None):
        return
    channel.disabled_at = None if on else uow.now
    channel.disabled_because = "" if on else because
    await record_change(uow, AccountUpdated(what="notifications"))


async def remove(uow: UnitOfWork, channel_id: UUID) -> str:
    """Remove a channel with its log; its name.

    Raises:
        NotFound: when the user has no such channel.
    """
    channel = await uow.channels.get(channel_id)
    await uow.channels.remove(channel)
    await record_change(uow, AccountUpdated(what="channel_removed"))
    return channel.name


def _trial(page: str) -> Message:
    """What is sent to try a channel out."""
    return Message(
        id=uuid7(),
        task_id=None,
        title="A test from Punctual",
        line="It works: your reminders can come here.",
        body="",
        open_url=page,
    )


async def try_out(channel: Channel, through: NotificationChannel, *, page: str) -> str:
    """Send something through a channel, outside of any transaction; why it did not work, empty if it did."""
    try:
        async with asyncio.timeout(TRY_SECONDS):
            await channel.send(through.target, _trial(page))
    except NotSent as failure:
        return str(failure)
    except TimeoutError:
        return f"There was no answer within {TRY_SECONDS} seconds."
    return ""


@dataclass(frozen=True, slots=True)
class LogPage:
    """A stretch of the log, newest first, and where the next one begins."""

    deliveries: list[LoggedDelivery]
    following: Cursor | None


async def log(uow: UnitOfWork, *, before: Cursor | None = None) -> LogPage:
    """The newest deliveries of all channels, or those before a place in the log."""
    found = await uow.channels.log(before=before, limit=PAGE + 1)
    return LogPage(found[:PAGE], found[PAGE - 1].cursor if len(found) > PAGE else None)


def masked(channel: NotificationChannel) -> str:
    """Where a channel leads, without what is secret about it."""
    match channel.kind:
        case "email":
            return channel.target
        case "push":
            return urlsplit(_endpoint(channel)).hostname or ""
        case _:
            return f"{urlsplit(channel.target).scheme}://…"


def outcome(delivery: Delivery, *, now: datetime) -> str:
    """How it stands with a delivery, in a word."""
    if delivery.sent_at is not None:
        return "sent"
    if delivery.failed_at is not None:
        return "failed"
    if delivery.next_attempt_at is None:
        return "dropped"
    if delivery.error:
        return "retrying"
    return "waiting" if delivery.next_attempt_at > now else "sending"


async def _add(uow: UnitOfWork, kind: str, *, name: str, target: str) -> NotificationChannel:
    channels = await uow.channels.all()
    if any(each.kind == kind and each.target == target for each in channels):
        raise Invalid("channel", "You have this channel already.")
    if len(channels) >= CHANNELS_MAX:
        raise Invalid("channel", f"There can be {CHANNELS_MAX} channels. Remove one first.")
    channel = NotificationChannel(
        id=uuid7(), user_id=uow.user_id, kind=kind, name=name, target=target, created_at=uow.now
    )
    uow.channels.add(channel)
    await record_change(uow, AccountUpdated(what="channel_added"))
    return channel


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > NAME_MAX:
        raise Invalid("name", f"Use at most {NAME_MAX} characters.")
    return name


def _endpoint(channel: NotificationChannel) -> str:
    return str(json.loads(channel.target)["endpoint"])
