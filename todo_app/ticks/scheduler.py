"""Ticks by APScheduler, in a process that has no sidecar."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from todo_app.ticks.port import EVERY, Tick, Ticks


@contextlib.asynccontextmanager
async def ticking(ticks: Ticks) -> AsyncIterator[None]:
    """Let every tick happen at its time while the block lasts."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for tick in Tick:
        # A tick that was missed, because the machine slept, is made up for once.
        scheduler.add_job(ticks.happen, _trigger(tick), [tick], coalesce=True, misfire_grace_time=None)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _trigger(tick: Tick) -> BaseTrigger:
    if tick is Tick.DAYS:
        # Days begin, and digests are wanted, at full minutes.
        return CronTrigger(second=0)
    return IntervalTrigger(seconds=int(EVERY[tick].total_seconds()))
