"""The relay: brings committed events from the outbox to the bus."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from pydantic import ValidationError

from todo_app.db.repositories.outbox import StoredEvent
from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event
from todo_app.events.bus import Bus
from todo_app.events.consumers import Consumer, bury
from todo_app.events.supervisor import Loop

logger = logging.getLogger(__name__)

# Told of events that are on their way; it must not block.
Announce = Callable[[Sequence[Event]], None]

BATCH = 200
HALVINGS_MAX = BATCH.bit_length() - 1
# How long the events of a relay that died wait for another one. A bus must not take longer for a batch.
LEASE = timedelta(seconds=5)
HOLD_BACK = timedelta(seconds=2)
# While a new version is rolled out, its relays publish what the old ones can't read.
GIVE_UP_AFTER = timedelta(minutes=10)
POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Published:
    """How many events a batch had, whether it had room for more, and how many of them are held back."""

    claimed: int
    held: int
    is_full: bool


class Relay:
    """Claims unpublished events, publishes them and marks them; several may work on one database.

    An event may be published twice, when a relay dies in between or its lease ends; it is never lost.
    """

    def __init__(
        self,
        work: Work,
        bus: Bus,
        announce: Announce,
        *,
        consumers: Sequence[Consumer],
        owner: str | None = None,
    ) -> None:
        self.loop = Loop("relay", self.step)
        self.owner = owner or f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
        self._work = work
        self._bus = bus
        self._announce = announce
        self._consumers = consumers
        # How often a batch was halved, since the bus has failed.
        self._halvings = 0

    def wake(self) -> None:
        """There may be something to publish."""
        self.loop.wake.set()

    async def step(self) -> float:
        """Publish one batch; the seconds until it is worth looking again without a wake."""
        batch = await self.publish_batch()
        if batch.held:
            return HOLD_BACK.total_seconds()
        return 0.0 if batch.is_full else POLL_SECONDS

    async def publish_batch(self) -> Published:
        """Claim the next batch, publish it and mark what the bus has taken."""
        claimed = await self.claim()
        if not claimed:
            return Published(claimed=0, held=0, is_full=False)
        is_full = len(claimed) == self._size
        events, left_to_others = await self._read(claimed)
        self._announce(events)
        failed = {event.id for event in await self._bus.publish(events)}
        self._halvings = min(HALVINGS_MAX, self._halvings + 1) if failed else max(0, self._halvings - 1)
        held = behind(claimed, failed | left_to_others)
        await self._mark(claimed, held)
        return Published(claimed=len(claimed), held=len(held), is_full=is_full)

    @property
    def _size(self) -> int:
        return max(1, BATCH >> self._halvings)

    async def claim(self) -> list[StoredEvent]:
        """Lease the next batch; a smaller one after each failure, which may have been for want of time."""
        async with self._work.follow_up() as uow:
            return await uow.outbox.claim(
                owner=self.owner, now=uow.now, until=uow.now + LEASE, limit=self._size
            )

    async def _read(self, claimed: Sequence[StoredEvent]) -> tuple[list[Event], set[UUID]]:
        """The events that can go out, and the ids of those that only a newer version can read."""
        events, unreadable = [], set()
        for entry in claimed:
            try:
                events.append(Event.model_validate_json(entry.envelope))
            except ValidationError as error:
                if self._work.clock() - entry.occurred_at < GIVE_UP_AFTER:
                    unreadable.add(entry.id)
                else:
                    await self._give_up(entry, error)
        waiting = behind(claimed, unreadable)
        return [event for event in events if event.id not in waiting], unreadable

    async def _give_up(self, entry: StoredEvent, error: ValidationError) -> None:
        # No consumer will ever be handed it, so it is a dead letter of each that waits for its type.
        for consumer in self._consumers:
            if entry.type in consumer.types:
                await bury(self._work, consumer.name, entry, error=error, attempts=1)

    async def _mark(self, claimed: Sequence[StoredEvent], held: Collection[UUID]) -> None:
        if held:
            logger.warning(
                "%d of %d events could not be published and are held back", len(held), len(claimed)
            )
        async with self._work.follow_up() as uow:
            published = [entry.id for entry in claimed if entry.id not in held]
            await uow.outbox.mark_published(published, owner=self.owner, now=uow.now)
            await uow.outbox.hold_back(held, owner=self.owner, until=uow.now + HOLD_BACK)


def behind(claimed: Sequence[StoredEvent], failed_ids: Collection[UUID]) -> set[UUID]:
    """The failed events and those of the same aggregates that come after them."""
    first_failed: dict[UUID, int] = {}
    for entry in claimed:
        if entry.id in failed_ids:
            first_failed[entry.aggregate_id] = min(entry.seq, first_failed.get(entry.aggregate_id, entry.seq))
    return {
        entry.id
        for entry in claimed
        if entry.aggregate_id in first_failed and entry.seq >= first_failed[entry.aggregate_id]
    }
