"""Everything that carries events inside one process, started and stopped together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from todo_app.bootstrap import Application
from todo_app.events.commit_watch import PostgresqlWatch, SqliteWatch
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.events.supervisor import Supervisor
from todo_app.events.sweeper import Sweeper
from todo_app.secret_key import purpose_key
from todo_app.services.audit import SEALER
from todo_app.services.retention import Retention
from workers.audit import audit_consumer
from workers.recurrence import recurrence_consumer
from workers.reminders import ReminderClock, reminders_consumer


@dataclass(frozen=True, slots=True)
class EmbeddedRuntime:
    """What runs, for whoever wants to listen to it."""

    notices: Notices
    bus: EmbeddedBus
    relay: Relay
    sweeper: Sweeper


@contextlib.asynccontextmanager
async def run_embedded(application: Application) -> AsyncIterator[EmbeddedRuntime]:
    """Run relay, bus, consumers, sweeper and retention while the block lasts."""
    work, notices = application.work, application.notices
    consumers = [
        audit_consumer(purpose_key(application.settings, SEALER), afterwards=notices.announce_activity),
        recurrence_consumer(),
        reminders_consumer(),
    ]
    bus = EmbeddedBus(work)
    for consumer in consumers:
        bus.subscribe(consumer)
    relay = Relay(work, bus, notices, consumers=consumers)
    sweeper = Sweeper(work, consumers, wake_relay=relay.wake)
    bus.on_room(sweeper.sweep_all)
    watch = _watch(application, relay)
    retention = Retention(work, trash_days=application.settings.trash_days)
    reminders = ReminderClock(work)
    loops = [relay.loop, *bus.loops(), watch.loop, sweeper.loop, retention.loop, reminders.loop]
    stop_waking = work.after_commit(lambda _: relay.wake())
    try:
        async with Supervisor().running(loops):
            yield EmbeddedRuntime(notices, bus, relay, sweeper)
    finally:
        stop_waking()
        await watch.close()


def _watch(application: Application, relay: Relay) -> SqliteWatch | PostgresqlWatch:
    url, file = application.settings.async_database_url, application.settings.sqlite_file
    if file is not None:
        return SqliteWatch(file, relay.wake)
    return PostgresqlWatch(url.replace("postgresql+psycopg://", "postgresql://", 1), relay.wake)
