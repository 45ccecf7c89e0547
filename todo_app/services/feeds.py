"""The calendar feed: a person's open tasks under a secret address, for calendar programs."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from dataclasses import dataclass

from todo_app.db.repositories.accounts import digest, identity_of
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NotFound
from todo_app.domain.events import AccountUpdated
from todo_app.services.accounts import record_change
from todo_app.services.exports import names_of, record_of

# Those that are due first; a calendar program that reads more every hour helps nobody.
TASKS_MAX = 5_000
_BATCH = 400
# Goes up when the same tasks are written differently, so that programs read them again.
_WRITTEN_AS = 1


@dataclass(frozen=True, slots=True)
class Feed:
    """The calendar, and the mark that changes whenever it does; no text for who has that already."""

    etag: str
    text: str | None


async def renew(uow: UnitOfWork) -> str:
    """Give the person a new secret address, which ends the old one; the secret is never shown again."""
    await uow.feeds.remove(uow.user_id)
    secret = secrets.token_urlsafe(32)
    await uow.feeds.add(uow.user_id, digest(secret), now=uow.now)
    await record_change(uow, AccountUpdated(what="feed_renewed"))
    return secret


async def revoke(uow: UnitOfWork) -> None:
    """End the address, so that no calendar program reads any more; nothing when there is none."""
    if await uow.feeds.remove(uow.user_id):
        await record_change(uow, AccountUpdated(what="feed_revoked"))


async def read(uow: UnitOfWork, secret: str, *, known: str | None = None) -> Feed:
    """The calendar at a secret address, without text for somebody to whom its mark is ``known``.

    Raises:
        NotFound: when there is no such address.
    """
    owner = await uow.feeds.owner(digest(secret))
    if owner is None:
        raise NotFound("calendar feed")
    uow.identity = identity_of(owner)
    found = await uow.feeds.open_tasks(owner.id, limit=TASKS_MAX)
    names = await names_of(uow)
    said = [_WRITTEN_AS, owner.timezone, *(f"{task_id} {version}" for task_id, version in found)]
    said += sorted([*names.tags.values(), *names.projects.values()])
    etag = f'"{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]}"'
    if etag == known:
        return Feed(etag, None)
    # The library takes long to load.
    from todo_app.exchange import calendar

    records = []
    for start in range(0, len(found), _BATCH):
        tasks = await uow.tasks.many([task_id for task_id, _ in found[start : start + _BATCH]])
        await uow.recurrences.load(tasks)
        await uow.reminders.load([task.id for task in tasks])
        records += [record_of(uow, task, names) for task in tasks]
    # Writing thousands of tasks takes seconds, in which others are served.
    return Feed(etag, await asyncio.to_thread(calendar.feed, records, owner.timezone))
