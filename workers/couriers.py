"""The couriers of the notifications worker: one for each kind of channel, and one for webhooks."""

from __future__ import annotations

from functools import partial
from typing import Any

from todo_app.bootstrap import Application
from todo_app.db.repositories.webhook_deliveries import WebhookParcel
from todo_app.notifications.channel_desk import ChannelDesk
from todo_app.notifications.composer import Composer
from todo_app.notifications.courier import Courier, Limits
from todo_app.notifications.flood import hold_back
from todo_app.notifications.links import PURPOSE, LinkSigner
from todo_app.notifications.port import APPRISE, KINDS
from todo_app.notifications.webhook_desk import FLOOD, WebhookDesk
from todo_app.notifications.webhook_desk import LIMITS as WEBHOOK_LIMITS
from todo_app.secret_key import purpose_key
from todo_app.services.webhooks import webhook_box

# Each message through Apprise is a process of its own.
LIMITS = {APPRISE: Limits(at_once=2)}


def make_couriers(application: Application) -> list[Courier[Any]]:
    """What brings notifications to the channels of people, and events to their webhooks."""
    settings = application.settings
    composer = Composer(settings.public_url, LinkSigner(purpose_key(settings, PURPOSE)))
    couriers: list[Courier[Any]] = [
        Courier(
            application.work,
            ChannelDesk(
                kind,
                application.channels.of(kind),
                composer=composer,
                clock=application.work.clock,
                hold=partial(hold_back, application.state_store),
            ),
            on_told=application.notices.announce_told,
            limits=LIMITS.get(kind),
        )
        for kind in KINDS
    ]
    return [*couriers, _webhook_courier(application)]


def _webhook_courier(application: Application) -> Courier[WebhookParcel]:
    settings = application.settings
    desk = WebhookDesk(
        webhook_box(settings),
        clock=application.work.clock,
        hold=partial(hold_back, application.state_store, limits=FLOOD),
        allow_private=settings.allow_private_targets,
    )
    return Courier(application.work, desk, on_told=application.notices.announce_told, limits=WEBHOOK_LIMITS)
