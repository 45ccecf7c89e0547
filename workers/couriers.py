"""The couriers of the notifications worker: one for each kind of channel."""

from __future__ import annotations

from functools import partial

from todo_app.bootstrap import Application
from todo_app.notifications.composer import Composer
from todo_app.notifications.courier import Courier, Limits
from todo_app.notifications.flood import hold_back
from todo_app.notifications.links import PURPOSE, LinkSigner
from todo_app.notifications.port import APPRISE, KINDS
from todo_app.secret_key import purpose_key

# Each message through Apprise is a process of its own.
LIMITS = {APPRISE: Limits(at_once=2)}


def make_couriers(application: Application) -> list[Courier]:
    """What brings notifications to the channels of people."""
    settings = application.settings
    composer = Composer(settings.public_url, LinkSigner(purpose_key(settings, PURPOSE)))
    return [
        Courier(
            application.work,
            kind,
            application.channels.of(kind),
            composer=composer,
            hold=partial(hold_back, application.state_store),
            on_told=application.notices.announce_told,
            limits=LIMITS.get(kind),
        )
        for kind in KINDS
    ]
