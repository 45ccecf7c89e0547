"""What happens every so often in this process, by APScheduler; in a cluster a cron binding ticks instead."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

Tick = Callable[[], None]


class Ticks:
    """Calls functions that return at once.

    A clock that is set back stops the ticks until it has caught up, since they are planned by it. What
    must not wait for that looks by itself from time to time.
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every_second(self, tick: Tick) -> None:
        """Call it every second."""
        self._add(tick, IntervalTrigger(seconds=1))

    def every_minute(self, tick: Tick) -> None:
        """Call it at the start of every minute."""
        self._add(tick, CronTrigger(second=0))

    def _add(self, tick: Tick, trigger: BaseTrigger) -> None:
        # A tick that was missed, because the machine slept, is made up for once.
        self._scheduler.add_job(tick, trigger, coalesce=True, misfire_grace_time=None)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tick while the block lasts."""
        self._scheduler.start()
        try:
            yield
        finally:
            self._scheduler.shutdown(wait=False)
