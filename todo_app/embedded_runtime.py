"""Everything that carries events inside one process, started and stopped together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from todo_app.bootstrap import Application
from todo_app.events.commit_watch import PostgresqlWatch, SqliteWatch
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.events.supervisor import Supervisor
from todo_app.events.sweeper import Sweeper
from todo_app.notifications.composer import Composer
from todo_app.notifications.courier import Courier, Limits
from todo_app.notifications.links import PURPOSE, LinkSigner
from todo_app.notifications.port import APPRISE, KINDS
from todo_app.secret_key import purpose_key
from todo_app.services.audit import SEALER
from todo_app.services.retention import Retention
from todo_app.ticks import Ticks
from workers.audit import audit_consumer
from workers.notifications import notifications_consumer
from workers.recurrence import recurrence_consumer
from workers.reminders import DayClock, ReminderClock, reminders_consumer

# Each message through Apprise is a process of its own.
LIMITS = {APPRISE: Limits(at_once=2)}


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
    couriers = _couriers(application)

    def on_told(user_id: UUID) -> None:
        notices.announce_told(user_id)
        for courier in couriers:
            courier.wake()

    consumers = [
        audit_consumer(purpose_key(application.settings, SEALER), afterwards=notices.announce_activity),
        recurrence_consumer(),
        reminders_consumer(),
        notifications_consumer(on_told=on_told),
    ]
    bus = EmbeddedBus(work)
    for consumer in consumers:
        bus.subscribe(consumer)
    relay = Relay(work, bus, notices, consumers=consumers)
    sweeper = Sweeper(work, consumers, wake_relay=relay.wake)
    bus.on_room(sweeper.sweep_all)
    watch = _watch(application, relay)
    retention = Retention(work, trash_days=application.settings.trash_days)
    reminders, days, ticks = ReminderClock(work), DayClock(work), Ticks()
    ticks.every_second(reminders.loop.wake.set)
    ticks.every_minute(days.loop.wake.set)
    loops = [relay.loop, *bus.loops(), watch.loop, sweeper.loop, retention.loop, reminders.loop, days.loop]
    loops += [courier.loop for courier in couriers]
    stop_waking = work.after_commit(lambda _: relay.wake())
    try:
        async with contextlib.AsyncExitStack() as stack:
            for courier in couriers:
                await stack.enter_async_context(courier.running())
            await stack.enter_async_context(Supervisor().running(loops))
            await stack.enter_async_context(ticks.running())
            yield EmbeddedRuntime(notices, bus, relay, sweeper)
    finally:
        stop_waking()
        await watch.close()


def _couriers(application: Application) -> list[Courier]:
    settings = application.settings
    composer = Composer(settings.public_url, LinkSigner(purpose_key(settings, PURPOSE)))
    return [
        Courier(
            application.work,
            kind,
            application.channels.of(kind),
            composer=composer,
            on_told=application.notices.announce_told,
            limits=LIMITS.get(kind),
        )
        for kind in KINDS
    ]


def _watch(application: Application, relay: Relay) -> SqliteWatch | PostgresqlWatch:
    url, file = application.settings.async_database_url, application.settings.sqlite_file
    if file is not None:
        return SqliteWatch(file, relay.wake)
    return PostgresqlWatch(url.replace("postgresql+psycopg://", "postgresql://", 1), relay.wake)
