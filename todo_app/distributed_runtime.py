"""What carries events between processes: the part of the web app and that of each worker."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from fastapi import APIRouter

from todo_app.api.ingress import effects_router, updates_router
from todo_app.bootstrap import Application
from todo_app.domain.events import Event
from todo_app.events.commit_watch import PostgresqlWatch
from todo_app.events.dapr import DaprBus
from todo_app.events.lanes import Execute
from todo_app.events.relay import Relay
from todo_app.events.supervisor import Backoff, Loop, Supervisor
from todo_app.events.sweeper import Sweeper
from todo_app.events.updates import UpdatePublisher
from todo_app.invocation.dapr import DaprInvocation
from todo_app.invocation.local import LocalInvocation
from todo_app.services.retention import Retention
from todo_app.services.zone_check import ZoneCheck
from todo_app.sidecar import Sidecar
from todo_app.ticks.bindings import ticks_router
from todo_app.ticks.port import Tick
from workers.audit import AuditPublisher
from workers.couriers import make_couriers
from workers.recurrence import recurrence_consumer
from workers.reminders import DayClock, ReminderClock
from workers.roster import AUDIT, NOTIFICATIONS, RECURRENCE, REMINDERS, consumer, consumers

# Parts come and go here; whoever waits for one looks again soon.
_BACKOFF = Backoff(longest_seconds=2.0)
_ONCE = 10.0**9


def routes_of_web(application: Application) -> list[APIRouter]:
    """What the web app's sidecar may ask of it, under ``/events``."""
    invocation = LocalInvocation(application.work, [recurrence_consumer()])
    return [updates_router(application.notices), effects_router(invocation), ticks_router(application.ticks)]


@contextlib.asynccontextmanager
async def run_web(application: Application) -> AsyncIterator[None]:
    """Run the web app's part while the block lasts: relay, sweeper, retention, zone check."""
    work, notices = application.work, application.notices
    bus = DaprBus(work, _sidecar(application))
    updates = UpdatePublisher(bus.publish_updates)
    notices.tell(updates)

    def announce(events: Sequence[Event]) -> None:
        notices.announce(events)
        updates.changed(events)

    everybody = list(consumers(application, on_told=notices.announce_told).values())
    relay = Relay(work, bus, announce, consumers=everybody)
    sweeper = Sweeper(work, everybody, wake_relay=relay.wake, consumers_are_here=False)
    watch = PostgresqlWatch(application.settings.libpq_url, relay.wake)
    retention = Retention(work, trash_days=application.settings.trash_days)
    application.ticks.subscribe(Tick.SWEEP, sweeper.loop.wake.set)
    application.ticks.subscribe(Tick.RETENTION, retention.loop.wake.set)
    loops = [relay.loop, updates.loop, watch.loop, sweeper.loop, retention.loop, ZoneCheck(work).loop]
    stop_waking = work.after_commit(lambda _: relay.wake())
    try:
        async with Supervisor(backoff=_BACKOFF).running(loops):
            yield
    finally:
        stop_waking()
        await watch.close()


class Worker:
    """One worker as a process of its own."""

    def __init__(self, application: Application, name: str) -> None:
        self._application = application
        self._sidecar = _sidecar(application)
        self.bus = DaprBus(application.work, self._sidecar)
        self._updates = UpdatePublisher(self.bus.publish_updates)
        self._couriers = make_couriers(application) if name == NOTIFICATIONS else []
        self._consumer = consumer(application, name, on_told=self._on_told, on_queued=self._wake_couriers)
        self.bus.subscribe(self._consumer, self._execute(name))
        self._own_loops: list[Loop] = [courier.loop for courier in self._couriers]
        if name == REMINDERS:
            clocks = [ReminderClock(application.work).loop, DayClock(application.work).loop]
            for tick, clock in zip((Tick.REMINDERS, Tick.DAYS), clocks, strict=True):
                application.ticks.subscribe(tick, clock.wake.set)
            self._own_loops += clocks
        if name == AUDIT:
            publisher = AuditPublisher(application.work, self.bus.publish_sealed)
            application.notices.subscribe_activity(lambda _: publisher.loop.wake.set())
            self._own_loops += [publisher.loop]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Consume events while the block lasts."""
        self._application.notices.tell(self._updates)
        loops = [
            *self.bus.loops(),
            *self._own_loops,
            self._updates.loop,
            Loop("recall", self._recall),
        ]
        async with contextlib.AsyncExitStack() as stack:
            for courier in self._couriers:
                await stack.enter_async_context(courier.running())
            await stack.enter_async_context(Supervisor(backoff=_BACKOFF).running(loops))
            yield

    async def _recall(self) -> float:
        """Have sent again what this process held in its memory before it was started anew."""
        sweeper = Sweeper(
            self._application.work, [self._consumer], wake_relay=_nothing, consumers_are_here=True
        )
        await sweeper.republish(timedelta(0))
        return _ONCE

    def _execute(self, name: str) -> Execute | None:
        """Tasks are changed by the web app alone, so the worker that makes them asks it to."""
        if name != RECURRENCE:
            return None
        return partial(DaprInvocation(self._sidecar).execute, name)

    def _on_told(self, user_id: UUID) -> None:
        self._application.notices.announce_told(user_id)
        self._wake_couriers()

    def _wake_couriers(self) -> None:
        for courier in self._couriers:
            courier.wake()


def _sidecar(application: Application) -> Sidecar:
    if application.sidecar is None:
        raise RuntimeError("Set TODO_MODE=dapr: only then does a process have a sidecar.")
    return application.sidecar


def _nothing() -> None:
    """The relays hear of it from the database."""
