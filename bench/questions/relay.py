"""Embedded: how many events a second does the relay publish, and how many take effect everywhere?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col

from bench.events import source
from bench.figures import Figure
from bench.libraries import empty
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import InboxEntry
from todo_app.embedded_runtime import run_embedded
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.relay import Relay
from todo_app.settings import Settings
from workers.roster import AUDIT

PUBLISHED, EFFECTIVE = 50_000, 10_000
PER_SECOND = 2_000
LOOK_EVERY_SECONDS = 0.1


def answer() -> Sequence[Figure]:
    """The relay alone with a bus that nobody listens to, then everything that runs in a server."""
    with empty() as settings:
        published = asyncio.run(_seconds_to_publish(settings))
    with empty() as settings:
        effective = asyncio.run(_seconds_to_effect(settings))
    return [
        Figure("time to publish one", published / PUBLISHED * 1000, "ms", 1000 / PER_SECOND),
        Figure("published a second", PUBLISHED / published, ""),
        Figure("with effect everywhere a second", EFFECTIVE / effective, ""),
    ]


async def _seconds_to_publish(settings: Settings) -> float:
    application = bootstrap(settings)
    await (await source(application)).commit(PUBLISHED)
    relay = Relay(application.work, EmbeddedBus(application.work), lambda _: None, consumers=[])
    began = time.perf_counter()
    while (await relay.publish_batch()).claimed:
        pass
    seconds = time.perf_counter() - began
    await application.close()
    return seconds


async def _seconds_to_effect(settings: Settings) -> float:
    application = bootstrap(settings)
    before = await _sealed(application)
    await (await source(application)).commit(EFFECTIVE)
    began = time.perf_counter()
    async with run_embedded(application):
        while True:
            if await _sealed(application) - before >= EFFECTIVE:
                break
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        seconds = time.perf_counter() - began
    await application.close()
    return seconds


async def _sealed(application: Application) -> int:
    """How many events have taken effect at the audit worker, the one that takes all and takes longest."""
    async with application.work.read() as uow:
        query = select(func.count()).select_from(InboxEntry).where(col(InboxEntry.consumer) == AUDIT)
        return await uow.session.scalar(query) or 0
