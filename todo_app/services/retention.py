"""Removes what has outlived its time: old trash, purged tasks, settled events, notifications, sessions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from todo_app.db.repositories.accounts import identity_of
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.errors import DomainError
from todo_app.domain.events import Actor, ActorKind
from todo_app.events.supervisor import Loop
from todo_app.services import tasks, webhooks
from todo_app.services.undo import UNDO_FOR

logger = logging.getLogger(__name__)

EVENTS_FOR = timedelta(days=30)
NOTIFICATIONS_FOR = timedelta(days=90)
# How long a program may repeat a request that carries a key.
ANSWERS_FOR = timedelta(hours=24)
# By itself, in case nothing ticks.
LOOK_EVERY_SECONDS = 3 * 3600.0
# Nothing here is urgent: a server that starts has better things to do.
FIRST_AFTER_SECONDS = 120.0
# Small transactions, since people's commands wait for them.
BATCH = 200

_ACTOR = Actor(kind=ActorKind.WORKER, name="retention")


class Retention:
    """The hourly job."""

    def __init__(self, work: Work, *, trash_days: int) -> None:
        self.loop = Loop("retention", self.step, first_after_seconds=FIRST_AFTER_SECONDS)
        self._work = work
        self._trash_for = timedelta(days=trash_days)

    async def step(self) -> float:
        """Remove everything that is due; the seconds until it is worth doing again."""
        await self._empty_old_trash()
        await self._until_done(erase_purged)
        await self._until_done(forget_events)
        await self._until_done(forget_notifications)
        await self._until_done(forget_answers)
        await self._until_done(partial(webhooks.forget_old, limit=BATCH))
        await self._until_done(partial(webhooks.forget_crowds, limit=BATCH))
        async with self._work.write() as uow:
            await uow.accounts.remove_expired(now=uow.now)
            await uow.retention.remove_expired_values(now=uow.now)
            await uow.retention.remove_expired_links(now=uow.now)
        return LOOK_EVERY_SECONDS

    async def _until_done(self, remove_some: Callable[[UnitOfWork], Awaitable[int]]) -> None:
        while True:
            async with self._work.write() as uow:
                removed = await remove_some(uow)
            if removed < BATCH:
                return

    async def _empty_old_trash(self) -> None:
        before = self._work.clock() - self._trash_for
        async with self._work.read() as uow:
            user_ids = await uow.retention.users_with_old_trash(before=before)
        for user_id in user_ids:
            try:
                await self._until_done(partial(self._purge_some, user_id))
            except DomainError:
                # What one person's trash holds is no reason to leave the others' as they are.
                logger.exception("Could not empty the trash of user %s", user_id)

    async def _purge_some(self, user_id: UUID, uow: UnitOfWork) -> int:
        user = await uow.accounts.by_id(user_id)
        if user is None:
            return 0
        uow.identity = replace(identity_of(user), actor=_ACTOR)
        task_ids = await uow.retention.old_trash(user_id, before=uow.now - self._trash_for, limit=BATCH)
        return await tasks.purge(uow, task_ids) if task_ids else 0


async def erase_purged(uow: UnitOfWork) -> int:
    """Erase a batch of tasks whose removal can't be undone any more; how many."""
    task_ids = await uow.retention.purged_tasks(before=uow.now - UNDO_FOR, limit=BATCH)
    await uow.retention.erase_tasks(task_ids)
    return len(task_ids)


async def forget_events(uow: UnitOfWork) -> int:
    """Remove a batch of events that every consumer was done with long ago; how many."""
    return await uow.outbox.forget(before=uow.now - EVENTS_FOR, limit=BATCH)


async def forget_notifications(uow: UnitOfWork) -> int:
    """Remove a batch of notifications that came long ago, with their deliveries; how many."""
    return await uow.retention.remove_notifications(before=uow.now - NOTIFICATIONS_FOR, limit=BATCH)


async def forget_answers(uow: UnitOfWork) -> int:
    """Remove a batch of answers to programs that no retry gets any more; how many."""
    return await uow.retention.remove_answers(before=uow.now - ANSWERS_FOR, limit=BATCH)
