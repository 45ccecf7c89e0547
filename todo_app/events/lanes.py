"""The way of events to one consumer of this process: a queue, a loop, retries."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from todo_app.db.engine import AWAY
from todo_app.db.repositories.outbox import StoredEvent
from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event
from todo_app.events.consumers import Consumer, Judgement, bury, process
from todo_app.events.supervisor import Loop

logger = logging.getLogger(__name__)

# Lets events take effect, all of them or none, and says what became of them.
Execute = Callable[[Sequence[Event]], Awaitable[Judgement]]
# Called with an event that has been given up.
OnBuried = Callable[[Event], Awaitable[None]]


class Unreachable(Exception):
    """Whoever makes the effects can't be reached now, which is no fault of the events."""


# No fault of the event, so it is no reason to give up on it.
NOT_THE_EVENT = (*AWAY, Unreachable)
_IDLE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Retries:
    """Seconds to wait after the first, second, ... failure; after the last one the event is a dead letter."""

    pauses: tuple[float, ...] = (0.2, 1.0, 5.0, 15.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept in memory and done at once; the sweeper brings back what did not fit.

    A batch is one transaction, so it is as small as throughput allows: commands of people wait for it.
    """

    queue: int = 2_000
    parked: int = 2_000
    batch: int = 50
    wait_for_room_seconds: float = 1.0


def _nothing() -> None:
    """Nobody waits for room."""


class Lane:
    """The way of events to one consumer of this process.

    Events of one aggregate take effect in order. One that fails is tried again later, the other
    aggregates go on meanwhile; at last it becomes a dead letter.
    """

    def __init__(
        self,
        work: Work,
        consumer: Consumer,
        execute: Execute | None = None,
        *,
        retries: Retries | None = None,
        limits: Limits | None = None,
        on_room: Callable[[], None] = _nothing,
        on_buried: OnBuried | None = None,
    ) -> None:
        self.loop = Loop(f"consumer {consumer.name}", self.step)
        self.consumer = consumer
        self._work = work
        self._execute = execute or partial(process, work, consumer)
        self._retries = retries or Retries()
        self._limits = limits or Limits()
        self._on_room = on_room
        self._on_buried = on_buried
        self._queue: deque[Event] = deque()
        self._parked: dict[UUID, dict[int, Event]] = {}
        self._again: list[tuple[float, int, Event]] = []
        self._ticket = itertools.count()
        self._failures: dict[UUID, int] = {}
        self._one_by_one = 0
        # Everything that is queued, parked or to be tried again, so that a second delivery of it is dropped.
        self._held: set[UUID] = set()
        # What somebody waits for, until it has taken effect or is known to take its time.
        self._awaited: dict[UUID, asyncio.Event] = {}
        self._overflowed = False
        self._room = asyncio.Event()

    def wants(self, event: Event) -> bool:
        """Whether the consumer acts on events of this type."""
        return event.type in self.consumer.types

    async def put(self, event: Event) -> None:
        """Take an event in; when there is no room for long, leave it to the sweeper."""
        if event.id in self._held:
            return
        if len(self._queue) >= self._limits.queue and not await self._has_room():
            return
        self._held.add(event.id)
        self._queue.append(event)
        self.loop.wake.set()

    async def deliver(self, events: Sequence[Event]) -> None:
        """Take events in and wait until each has taken effect, or waits here for a predecessor or a retry.

        After this a broker may forget them: of what is lost with this process the sweeper knows.
        """
        waited_for = [self._awaited.setdefault(event.id, asyncio.Event()) for event in events]
        for event in events:
            await self.put(event)
            if event.id not in self._held or self._takes_its_time(event):
                self._answer(event)
        for each in waited_for:
            await each.wait()

    def _takes_its_time(self, event: Event) -> bool:
        return event.id in self._failures or event.seq in self._parked.get(event.aggregate_id, {})

    def _answer(self, event: Event) -> None:
        if awaited := self._awaited.pop(event.id, None):
            awaited.set()

    async def _has_room(self) -> bool:
        if not self._overflowed:
            self._room.clear()
            try:
                async with asyncio.timeout(self._limits.wait_for_room_seconds):
                    await self._room.wait()
            except TimeoutError:
                self._overflowed = True
                logger.warning("%s is behind; the sweeper will bring it what it misses", self.consumer.name)
        return len(self._queue) < self._limits.queue

    async def step(self) -> float:
        """Process one batch; the seconds until there is more to do."""
        batch = self._next_batch()
        if batch:
            try:
                await self._process(batch)
            except BaseException:
                # The database is away, or we are being stopped: the events are as they were before.
                self._queue.extendleft(reversed(batch))
                raise
            self._tell_of_room()
        return 0.0 if self._queue else self._seconds_until_retry()

    def _next_batch(self) -> list[Event]:
        if self._again and self._seconds_until_retry() == 0:
            # Alone, so that it does not take others down with it a second time.
            return [heapq.heappop(self._again)[2]]
        size = min(self._limits.batch, len(self._queue))
        if self._one_by_one:
            self._one_by_one, size = self._one_by_one - 1, min(1, size)
        return [self._queue.popleft() for _ in range(size)]

    def _seconds_until_retry(self) -> float:
        if not self._again:
            return _IDLE_SECONDS
        return max(0.0, self._again[0][0] - asyncio.get_running_loop().time())

    def _tell_of_room(self) -> None:
        if len(self._queue) < self._limits.queue:
            self._room.set()
        if self._overflowed and not self._queue:
            self._overflowed = False
            self._on_room()

    async def _process(self, batch: list[Event]) -> None:
        try:
            judgement = await self._execute(batch)
        except NOT_THE_EVENT:
            raise
        except Exception as error:  # noqa: BLE001  # logged and kept as a dead letter, whatever it is
            if len(batch) == 1:
                await self._failed(batch[0], error)
            else:
                # One of them is bad: go through them one by one, so that it fails alone.
                self._queue.extendleft(reversed(batch))
                self._one_by_one = len(batch)
            return
        self._park(judgement.early)
        for event in (*judgement.ready, *judgement.over):
            self._forget(event)

    async def _failed(self, event: Event, error: Exception) -> None:
        attempts = self._failures.get(event.id, 0) + 1
        if attempts <= len(self._retries.pauses):
            pause = self._retries.pauses[attempts - 1]
            logger.warning(
                "%s failed on event %s (%s), attempt %d, again in %.1f s",
                *(self.consumer.name, event.id, event.type, attempts, pause),
                exc_info=error,
            )
            self._failures[event.id] = attempts
            due = asyncio.get_running_loop().time() + pause
            heapq.heappush(self._again, (due, next(self._ticket), event))
            self._answer(event)
            return
        await bury(self._work, self.consumer.name, stored(event), error=error, attempts=attempts)
        self._forget(event)
        if self._on_buried is not None:
            await self._on_buried(event)

    def _park(self, events: Iterable[Event]) -> None:
        parked = sum(map(len, self._parked.values()))
        for event in events:
            if parked >= self._limits.parked:
                self._held.discard(event.id)
            else:
                self._parked.setdefault(event.aggregate_id, {})[event.seq] = event
                parked += 1
            self._answer(event)

    def _forget(self, event: Event) -> None:
        """Let go of an event that is dealt with, and judge anew what was parked behind it."""
        self._held.discard(event.id)
        self._failures.pop(event.id, None)
        self._answer(event)
        parked = self._parked.pop(event.aggregate_id, {})
        self._queue.extendleft(parked[seq] for seq in sorted(parked, reverse=True))


def stored(event: Event) -> StoredEvent:
    """The event as the outbox holds it."""
    return StoredEvent(
        id=event.id,
        user_id=event.user_id,
        aggregate_id=event.aggregate_id,
        seq=event.seq,
        type=event.type,
        occurred_at=event.occurred_at,
        envelope=event.model_dump_json(),
    )
