"""The sweeper: sends events out again that got lost, and settles those that arrived everywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from todo_app.db.unit_of_work import Work
from todo_app.events.consumers import Consumer
from todo_app.events.supervisor import Loop

logger = logging.getLogger(__name__)

# An event that has not taken effect this long after it was published is taken for lost.
OVERDUE = timedelta(seconds=60)
# One that has been about for longer than this rather waits in a backlog, which copies would only make longer.
YOUNG = timedelta(minutes=3)
OLD_OVERDUE = timedelta(minutes=5)
# By itself, in case nothing ticks.
LOOK_EVERY_SECONDS = 120.0
BATCH = 500


class Sweeper:
    """The database is the judge of what has taken effect; the bus is only the fast way."""

    def __init__(
        self,
        work: Work,
        consumers: Sequence[Consumer],
        *,
        wake_relay: Callable[[], None],
        consumers_are_here: bool,
    ) -> None:
        self.loop = Loop("sweeper", self.step)
        self._work = work
        self._subscriptions = [consumer.subscription for consumer in consumers]
        self._wake_relay = wake_relay
        # What this process had in its memory before it was started anew is lost for certain.
        self._everything_is_overdue = consumers_are_here

    def sweep_all(self) -> None:
        """A consumer has left out events and has room for them now: sweep without waiting."""
        self._everything_is_overdue = True
        self.loop.wake.set()

    async def step(self) -> float:
        """Settle and republish; the seconds until it is worth doing again."""
        while await self.settle() == BATCH:
            pass
        if self._everything_is_overdue:
            self._everything_is_overdue = False
            await self.republish(timedelta(0))
        else:
            await self.republish(OVERDUE, young_until=YOUNG)
            await self.republish(OLD_OVERDUE)
        return LOOK_EVERY_SECONDS

    async def settle(self) -> int:
        """Note which events are done everywhere, at most a batch; how many."""
        async with self._work.follow_up() as uow:
            return await uow.outbox.settle(self._subscriptions, now=uow.now, limit=BATCH)

    async def republish(self, overdue: timedelta, *, young_until: timedelta | None = None) -> int:
        """Send out again what was published this long ago and has not taken effect; how many.

        Args:
            overdue: How long ago, at least.
            young_until: The age of the oldest events that are looked at; of any age when ``None``.
        """
        now = self._work.clock()
        total = 0
        while True:
            async with self._work.follow_up() as uow:
                sent = await uow.outbox.republish_undone(
                    self._subscriptions,
                    published_before=now - overdue,
                    occurred_after=now - young_until if young_until is not None else None,
                    limit=BATCH,
                )
            total += sent
            if sent < BATCH:
                break
        if total:
            logger.info("%d events had not arrived everywhere and go out again", total)
            self._wake_relay()
        return total
