"""All workers by name: what each consumes. The one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from todo_app.bootstrap import Application
from todo_app.events.consumers import Consumer
from todo_app.secret_key import purpose_key
from todo_app.services.audit import SEALER
from workers import notifications, recurrence, reminders
from workers.audit import audit_consumer
from workers.notifications import notifications_consumer
from workers.recurrence import recurrence_consumer
from workers.reminders import reminders_consumer

AUDIT, RECURRENCE, REMINDERS, NOTIFICATIONS = SEALER, recurrence.NAME, reminders.NAME, notifications.NAME
NAMES = (AUDIT, RECURRENCE, REMINDERS, NOTIFICATIONS)


def consumers(
    application: Application,
    *,
    on_told: Callable[[UUID], None],
    on_queued: Callable[[], None] = lambda: None,
) -> dict[str, Consumer]:
    """Every worker's consumer by its name; the arguments are those of ``consumer``."""
    return {name: consumer(application, name, on_told=on_told, on_queued=on_queued) for name in NAMES}


def consumer(
    application: Application,
    name: str,
    *,
    on_told: Callable[[UUID], None],
    on_queued: Callable[[], None] = lambda: None,
) -> Consumer:
    """One worker's consumer.

    Args:
        application: What it works on.
        name: The worker's.
        on_told: Called with whoever has new notifications.
        on_queued: Called when webhooks have something to be told.

    Raises:
        KeyError: when there is no such worker.
    """

    # Made when it is asked for: a worker that seals nothing has no key for it.
    def audit() -> Consumer:
        key = purpose_key(application.settings, SEALER)
        return audit_consumer(key, afterwards=application.notices.announce_activity)

    makers: dict[str, Callable[[], Consumer]] = {
        AUDIT: audit,
        RECURRENCE: recurrence_consumer,
        REMINDERS: reminders_consumer,
        NOTIFICATIONS: partial(notifications_consumer, on_told=on_told, on_queued=on_queued),
    }
    return makers[name]()
