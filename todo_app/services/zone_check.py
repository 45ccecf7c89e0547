"""Works due times and reminders out anew when the rules of time zones have changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from todo_app import zone_data
from todo_app.db.repositories.wall_clocks import OwnedTask
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.events.supervisor import Loop
from todo_app.services.reminders import replan
from todo_app.services.task_fields import reread_dues

logger = logging.getLogger(__name__)

SETTING = "zone_data"
WORKER = "zone check"
EVERY_SECONDS = 24 * 3600.0
# Small transactions, since people's commands wait for them.
BATCH = 200


class ZoneCheck:
    """Compares the rules with those of the last time: at the start, then daily.

    Several processes may do so, and may stop anywhere: whatever is right already is not written again.
    """

    def __init__(self, work: Work, *, digest: Callable[[], str] = zone_data.digest) -> None:
        self.loop = Loop("zone check", self.step)
        self._work = work
        self._digest = digest

    async def step(self) -> float:
        """Bring everything in line with the rules if they have changed; the seconds until the next look."""
        # Zones that were read before the files changed would give the old answers.
        ZoneInfo.clear_cache()
        digest = await asyncio.to_thread(self._digest)
        async with self._work.read() as uow:
            is_known = await uow.accounts.setting(SETTING) == digest
        if not is_known:
            await self._reread_everything()
            async with self._work.write() as uow:
                await uow.accounts.change_setting(SETTING, digest)
        return EVERY_SECONDS

    async def _reread_everything(self) -> None:
        last: UUID | None = None
        while True:
            async with self._work.read() as uow:
                found = await uow.wall_clocks.tasks(after=last, limit=BATCH)
            if not found:
                return
            async with self._work.write() as uow:
                await _reread(uow, found)
            last = found[-1].id


async def _reread(uow: UnitOfWork, found: Sequence[OwnedTask]) -> None:
    people = await uow.accounts.workers_for({task.user_id for task in found}, name=WORKER)
    for user_id, identity in people.items():
        part = uow.part(identity)
        tasks = await part.tasks.many([task.id for task in found if task.user_id == user_id])
        try:
            await replan(part, reread_dues(tasks, identity.zone))
        except ZoneInfoNotFoundError:
            # What was worked out while there was such a zone is the best there is.
            logger.warning("The zone %s of user %s is gone", identity.timezone, user_id)
