"""The bus inside one process: a queue and a loop per consumer."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from todo_app.db.repositories.outbox import StoredEvent
from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event
from todo_app.events.consumers import Consumer, bury, process
from todo_app.events.supervisor import Loop

logger = logging.getLogger(__name__)

# The database is away or busy: no fault of the event, so it is no reason to give up on it.
_NOT_THE_EVENT = (OperationalError, InterfaceError, PoolExhausted)
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


class Lane:
    """The way of events to one consumer of this process.

    Events of one aggregate take effect in order. One that fails is tried again later, the other
    aggregates go on meanwhile; at last it becomes a dead letter.
    """

    def __init__(
        self, work: Work, consumer: Consumer, *, retries: Retries, limits: Limits, on_room: Callable[[], None]
    ) -> None:
        self.loop = Loop(f"consumer {consumer.name}", self.step)
        self.consumer = consumer
        self._work = work
        self._retries = retries
        self._limits = limits
        self._on_room = on_room
        self._queue: deque[Event] = deque()
        self._parked: dict[UUID, dict[int, Event]] = {}
        self._again: list[tuple[float, int, Event]] = []
        self._ticket = itertools.count()
        self._failures: dict[UUID, int] = {}
        self._one_by_one = 0
        # Everything that is queued, parked or to be tried again, so that a second delivery of it is dropped.
        self._held: set[UUID] = set()
        self._overflowed = False
        self._room = asyncio.Event()

    async def put(self, event: Event) -> None:
        """Take an event in; when there is no room for long, leave it to the sweeper."""
        if event.id in self._held:
            return
        if len(self._queue) >= self._limits.queue and not await self._has_room():
            return
        self._held.add(event.id)
        self._queue.append(event)
        self.loop.wake.set()

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
            judgement = await process(self._work, self.consumer, batch)
        except _NOT_THE_EVENT:
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
            return
        await bury(self._work, self.consumer.name, stored(event), error=error, attempts=attempts)
        self._forget(event)

    def _park(self, events: Iterable[Event]) -> None:
        parked = sum(map(len, self._parked.values()))
        for event in events:
            if parked >= self._limits.parked:
                self._held.discard(event.id)
            else:
                self._parked.setdefault(event.aggregate_id, {})[event.seq] = event
                parked += 1

    def _forget(self, event: Event) -> None:
        """Let go of an event that is dealt with, and judge anew what was parked behind it."""
        self._held.discard(event.id)
        self._failures.pop(event.id, None)
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
        envelope=event.model_dump_json(),
    )


class EmbeddedBus:
    """Implements `Bus` with one lane per consumer."""

    def __init__(self, work: Work, *, retries: Retries | None = None, limits: Limits | None = None) -> None:
        self._work = work
        self._retries = retries or Retries()
        self._limits = limits or Limits()
        self._lanes: list[Lane] = []
        self._on_room: list[Callable[[], None]] = []

    def subscribe(self, consumer: Consumer) -> None:
        """Deliver every event of the consumer's types to it, from now on."""
        lane = Lane(
            self._work, consumer, retries=self._retries, limits=self._limits, on_room=self._tell_of_room
        )
        self._lanes.append(lane)

    async def publish(self, events: Sequence[Event]) -> list[Event]:
        """Put a batch into the queues; nothing fails, since the sweeper makes up for what finds no room."""
        for event in events:
            for lane in self._lanes:
                if event.type in lane.consumer.types:
                    await lane.put(event)
        return []

    def on_room(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when a consumer that had to leave out events has caught up with its queue."""
        self._on_room.append(listener)

    def loops(self) -> list[Loop]:
        """What must run so that consumers get their events."""
        return [lane.loop for lane in self._lanes]

    def _tell_of_room(self) -> None:
        for listener in self._on_room:
            listener()
