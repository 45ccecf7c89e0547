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
from todo_app.services.retention import Retention
from todo_app.services.zone_check import ZoneCheck
from todo_app.ticks.port import Tick
from todo_app.ticks.scheduler import ticking
from workers.couriers import make_couriers
from workers.reminders import DayClock, ReminderClock
from workers.roster import consumers


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
    couriers = make_couriers(application)

    def wake_couriers() -> None:
        for courier in couriers:
            courier.wake()

    def on_told(user_id: UUID) -> None:
        notices.announce_told(user_id)
        wake_couriers()

    everybody = list(consumers(application, on_told=on_told, on_queued=wake_couriers).values())
    bus = EmbeddedBus(work)
    for consumer in everybody:
        bus.subscribe(consumer)
    relay = Relay(work, bus, notices.announce, consumers=everybody)
    sweeper = Sweeper(work, everybody, wake_relay=relay.wake, consumers_are_here=True)
    bus.on_room(sweeper.sweep_all)
    watch = _watch(application, relay)
    retention = Retention(work, trash_days=application.settings.trash_days)
    reminders, days, ticks = ReminderClock(work), DayClock(work), application.ticks
    ticks.subscribe(Tick.REMINDERS, reminders.loop.wake.set)
    ticks.subscribe(Tick.DAYS, days.loop.wake.set)
    ticks.subscribe(Tick.SWEEP, sweeper.loop.wake.set)
    ticks.subscribe(Tick.RETENTION, retention.loop.wake.set)
    loops = [relay.loop, *bus.loops(), watch.loop, sweeper.loop, retention.loop, reminders.loop, days.loop]
    loops += [ZoneCheck(work).loop]
    loops += [courier.loop for courier in couriers]
    stop_waking = work.after_commit(lambda _: relay.wake())
    try:
        async with contextlib.AsyncExitStack() as stack:
            for courier in couriers:
                await stack.enter_async_context(courier.running())
            await stack.enter_async_context(Supervisor().running(loops))
            await stack.enter_async_context(ticking(ticks))
            yield EmbeddedRuntime(notices, bus, relay, sweeper)
    finally:
        stop_waking()
        await watch.close()


def _watch(application: Application, relay: Relay) -> SqliteWatch | PostgresqlWatch:
    file = application.settings.sqlite_file
    if file is not None:
        return SqliteWatch(file, relay.wake)
    return PostgresqlWatch(application.settings.libpq_url, relay.wake)
