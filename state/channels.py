"""The part of the settings about notifications: how to be told, where, and what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import time

import reflex as rx

from state.handlers import Handlers, parse_id
from state.toasts import ToastState
from todo_app.bootstrap import current
from todo_app.db.repositories.channels import LoggedDelivery
from todo_app.db.repositories.notifications import Cursor
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.labels import day_label
from todo_app.notifications.port import EMAIL
from todo_app.notifications.push_channel import SUBSCRIPTION_MAX, read_subscription
from todo_app.services import channels, notification_preferences, throttle
from todo_app.services.channels import CheckedAddress
from todo_app.services.notification_preferences import Preferences

PATH = "/settings"
_STANDS = {
    "sent": "Sent",
    "failed": "Failed",
    "dropped": "Not sent",
    "retrying": "Trying again",
    "waiting": "Waits for the end of quiet hours",
    "sending": "On its way",
}


@dataclass(frozen=True)
class ChannelItem:
    """A channel as the page shows it, without what is secret about it."""

    id: str
    kind: str
    name: str
    target: str
    on: bool
    problem: str


@dataclass(frozen=True)
class LogLine:
    """A delivery and what came of it."""

    id: str
    title: str
    channel: str
    outcome: str
    stands: str
    error: str
    when: str
    instant: str


@dataclass(frozen=True)
class Choices:
    """The preferences as the form shows them."""

    default_reminder: str = ""
    all_day_at: str = "09:00"
    overdue_notice: bool = False
    digest_at: str = ""
    quiet_from: str = ""
    quiet_until: str = ""


class ChannelsState(Handlers, rx.State):
    """What the owner of an account decides about notifications."""

    choices: Choices = Choices()
    # Raised when what was sent is not what is stored, so that the form shows that anew.
    form_version: int = 0
    preferences_error: str = ""

    items: list[ChannelItem] = []
    has_email: bool = False
    mail_works: bool = True
    push_key: str = ""
    push_error: str = ""
    service_error: str = ""
    services_added: int = 0
    testing: str = ""

    log: list[LogLine] = []
    has_newer: bool = False
    has_older: bool = False

    _starts: list[Cursor | None] = [None]
    _next: Cursor | None = None

    @rx.event
    async def open_channels(self) -> None:
        """Show everything about notifications."""
        application = current()
        self.preferences_error = self.push_error = self.service_error = self.testing = ""
        self._starts = [None]
        self._assign(
            mail_works=application.settings.smtp_url is not None, push_key=application.channels.vapid.public
        )
        async with self._read() as uow:
            self.choices = _choices(await notification_preferences.preferences(uow))
            await self._show(uow)

    @rx.event
    async def change_preferences(self, form: dict[str, str]) -> None:
        """Store the choices of the form."""
        self.preferences_error = ""
        try:
            wanted = _wanted(form)
            async with self._write() as uow:
                await notification_preferences.change(uow, wanted)
        except Invalid as error:
            self.preferences_error = str(error)
            return
        self.choices = _choices(wanted)
        self.form_version += 1
        await self._say("Your choices are saved")

    @rx.event
    async def add_email(self) -> None:
        """Let notifications come by mail."""
        async with self._write() as uow:
            await channels.add_email(uow)
        await self._reload()

    @rx.event
    async def add_push(self, form: dict[str, str]) -> None:
        """Let notifications come to a browser: ``subscription`` as it gives it, or why it gives none."""
        self.push_error = str(form.get("problem", ""))[:300]
        if self.push_error:
            return
        allow_private = current().settings.allow_private_targets
        try:
            subscription = read_subscription(
                str(form.get("subscription", ""))[:SUBSCRIPTION_MAX], allow_private=allow_private
            )
            async with self._write() as uow:
                await channels.add_push(uow, subscription, str(form.get("name", "")))
        except Invalid as error:
            self.push_error = str(error)
            return
        await self._reload()
        await self._say("This browser will show your reminders")

    @rx.event
    async def add_service(self, form: dict[str, str]) -> None:
        """Let notifications go to a service, by its ``url``."""
        self.service_error = ""
        url = str(form.get("url", "")).strip()
        try:
            await self._count_attempt("channel-check")
            service = await current().channels.apprise.check(url)
            async with self._write() as uow:
                await channels.add_apprise(uow, CheckedAddress(url, service), str(form.get("name", "")))
        except Invalid as error:
            self.service_error = str(error)
            return
        self.services_added += 1
        await self._reload()

    @rx.event
    async def test(self, channel_id: str) -> AsyncIterator[None]:
        """Send something through a channel, and say what came of it."""
        async with self._read() as uow:
            channel = await uow.channels.get(parse_id(channel_id, what="channel"))
        await self._count_attempt("channel-test")
        self.testing = channel_id
        yield
        problem = await channels.try_out(
            current().channels.of(channel.kind), channel, page=f"{current().settings.public_url}/settings"
        )
        self.testing = ""
        toasts = await self.get_state(ToastState)
        if problem:
            toasts._say_error(f"“{channel.name}” did not work. {problem}")
        else:
            toasts._say(f"Sent to “{channel.name}”")

    @rx.event
    async def switch(self, channel_id: str, on: bool) -> None:
        """Switch a channel on or off."""
        async with self._write() as uow:
            await channels.switch(uow, parse_id(channel_id, what="channel"), on=on)
        await self._reload()

    @rx.event
    async def remove(self, channel_id: str) -> None:
        """Remove a channel."""
        async with self._write() as uow:
            name = await channels.remove(uow, parse_id(channel_id, what="channel"))
        await self._reload()
        await self._say(f"Removed “{name}”")

    @rx.event
    async def older(self) -> None:
        """Show the part of the log before."""
        if self._next is not None:
            self._starts = [*self._starts, self._next]
            await self._reload()

    @rx.event
    async def newer(self) -> None:
        """Show the part of the log after."""
        if len(self._starts) > 1:
            self._starts = self._starts[:-1]
            await self._reload()

    def _is_shown(self) -> bool:
        return bool(self.router.url.path.rstrip("/") == PATH)

    async def _reload(self) -> None:
        async with self._read() as uow:
            await self._show(uow)

    async def _show(self, uow: UnitOfWork) -> None:
        found, failures = await uow.channels.all(), await uow.channels.failures()
        entries = await channels.log(uow, before=self._starts[-1])
        self._next = entries.following
        self._assign(
            items=[
                ChannelItem(
                    id=str(each.id),
                    kind=each.kind,
                    name=each.name,
                    target=channels.masked(each),
                    on=each.disabled_at is None,
                    problem=each.disabled_because or failures.get(each.id, ""),
                )
                for each in found
            ],
            has_email=any(each.kind == EMAIL for each in found),
            log=_lines(entries.deliveries, uow),
            has_newer=len(self._starts) > 1,
            has_older=entries.following is not None,
        )

    async def _count_attempt(self, what: str) -> None:
        async with self._read() as uow:
            account = str(uow.user_id)
        await throttle.count_attempt(
            current().state_store, what=what, account=account, network_address=account
        )

    async def _say(self, text: str) -> None:
        toasts = await self.get_state(ToastState)
        toasts._say(text)


def _lines(deliveries: Sequence[LoggedDelivery], uow: UnitOfWork) -> list[LogLine]:
    zone, today = uow.identity.zone, uow.now.astimezone(uow.identity.zone).date()
    lines = []
    for entry in deliveries:
        delivery = entry.delivery
        outcome = channels.outcome(delivery, now=uow.now)
        local = (delivery.sent_at or delivery.failed_at or delivery.created_at).astimezone(zone)
        lines.append(
            LogLine(
                id=str(delivery.id),
                title=entry.title,
                channel=entry.channel,
                outcome=outcome,
                stands=_STANDS[outcome],
                error=delivery.error.removeprefix("Not sent: "),
                when=f"{day_label(local.date(), today=today)} {local:%H:%M}",
                instant=local.isoformat(),
            )
        )
    return lines


def _choices(preferences: Preferences) -> Choices:
    minutes = preferences.default_reminder_minutes
    return Choices(
        default_reminder="" if minutes is None else str(minutes),
        all_day_at=_clock(preferences.all_day_at),
        overdue_notice=preferences.overdue_notice,
        digest_at=_clock(preferences.digest_at),
        quiet_from=_clock(preferences.quiet_from),
        quiet_until=_clock(preferences.quiet_until),
    )


def _wanted(form: dict[str, str]) -> Preferences:
    minutes = str(form.get("default_reminder", "")).strip()
    if minutes and not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 9):
        raise Invalid("default_reminder", "Choose one of the listed reminders.")
    return Preferences(
        default_reminder_minutes=int(minutes) if minutes else None,
        all_day_at=_time(form, "all_day_at") or time(9),
        overdue_notice=bool(form.get("overdue_notice")),
        digest_at=_time(form, "digest_at"),
        quiet_from=_time(form, "quiet_from"),
        quiet_until=_time(form, "quiet_until"),
    )


def _clock(clock: time | None) -> str:
    return f"{clock:%H:%M}" if clock else ""


def _time(form: dict[str, str], field: str) -> time | None:
    text = str(form.get(field, "")).strip()
    if not text:
        return None
    try:
        hour, minute = text.split(":")[:2]
        return time(int(hour), int(minute))
    except ValueError:
        raise Invalid(field, f"“{text[:20]}” is no time. Write it like 21:30.") from None
