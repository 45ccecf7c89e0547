"""How fast are due reminders claimed and told, in how much memory, and how late do they come?"""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlmodel import col
from uuid6 import uuid7

from bench.figures import Figure
from bench.libraries import library, log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import Notification, Reminder, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import Event, ReminderData
from todo_app.domain.identity import SessionToken
from todo_app.domain.ranking import rank_at
from todo_app.domain.text import sort_key
from todo_app.embedded_runtime import run_embedded
from todo_app.events.consumers import process
from todo_app.services import tasks
from todo_app.services.reminders import BATCH, send_due
from todo_app.services.tasks import AddTask
from todo_app.settings import Settings
from workers.notifications import notifications_consumer

DUE, PUNCTUAL = 100_000, 1_000
PER_SECOND, GROWTH_MB, LATENESS_S = 2_000, 50, 5
SPREAD = timedelta(seconds=20)


def answer() -> Sequence[Figure]:
    """A backlog as after a long downtime, then a usual busy minute."""
    with library(100) as settings:
        backlog = asyncio.run(_backlog(settings))
    with library(100) as settings:
        lateness = asyncio.run(_lateness(settings))
    return [*backlog, *lateness]


async def _backlog(settings: Settings) -> list[Figure]:
    application = bootstrap(settings)
    token = await log_in(application)
    for first in range(0, DUE, 5_000):
        async with application.work.write(token) as uow:
            await _add_due(uow, range(first, first + 5_000))
    told: list[Event] = []
    stop = application.work.after_commit(told.extend)
    before, most, began, sample = _megabytes(), 0.0, time.perf_counter(), told
    while True:
        async with application.work.write() as uow:
            done = await send_due(uow)
        if done.claimed < BATCH:
            break
        # As the bus does, which takes them away in batches.
        sample, told[:] = told[:BATCH], []
        most = max(most, _megabytes())
    claimed = time.perf_counter() - began
    growth = most - before
    stop()
    began = time.perf_counter()
    await process(application.work, notifications_consumer(), sample)
    notified = time.perf_counter() - began
    await application.close()
    return [
        Figure("time to claim each of 100,000", claimed / DUE * 1000, "ms", 1000 / PER_SECOND),
        Figure("claimed a second", DUE / claimed, ""),
        Figure("memory grown meanwhile", growth, "MB", GROWTH_MB, relative=True),
        Figure("notifications stored a second", len(sample) / notified, ""),
    ]


async def _add_due(uow: UnitOfWork, numbers: range) -> None:
    rows, reminders = [], []
    for number in numbers:
        task_id, title = uuid7(), f"Reminder {number}"
        task = Task(
            id=task_id,
            user_id=uow.user_id,
            title=title,
            title_sort=sort_key(title),
            rank=rank_at(uow.now, task_id),
            created_at=uow.now,
            updated_at=uow.now,
        )
        rows.append(task.model_dump())
        at = uow.now - timedelta(minutes=1)
        reminder = Reminder(
            id=uuid7(), user_id=uow.user_id, task_id=task_id, at=at, fires_at=at, created_at=uow.now
        )
        reminders.append(reminder.model_dump())
    await uow.session.execute(insert(Task), rows)
    await uow.session.execute(insert(Reminder), reminders)


async def _lateness(settings: Settings) -> list[Figure]:
    application = bootstrap(settings)
    token = await log_in(application)
    async with run_embedded(application):
        await _remind_soon(application, token)
        late = await _seconds_late(application, token)
    await application.close()
    cuts = statistics.quantiles(late, n=100)
    histogram = [
        Figure(f"told within {seconds:g} s", sum(each <= seconds for each in late) / len(late) * 100, "%")
        for seconds in (0.5, 1, 2, 5)
    ]
    return [
        Figure("lateness p50", cuts[49], "s"),
        Figure("lateness p99", cuts[98], "s", LATENESS_S),
        *histogram,
    ]


async def _remind_soon(application: Application, token: SessionToken) -> None:
    for first in range(0, PUNCTUAL, 50):
        async with application.work.write(token) as uow:
            for number in range(first, first + 50):
                at = uow.now + timedelta(seconds=15) + SPREAD * (number / PUNCTUAL)
                await tasks.add(uow, AddTask(f"Soon {number}", reminders=[ReminderData(at=at)]))


async def _seconds_late(application: Application, token: SessionToken) -> list[float]:
    while True:
        async with application.work.read(token) as uow:
            mine = col(Notification.user_id) == uow.user_id
            there = await uow.session.scalar(select(func.count()).select_from(Notification).where(mine))
            if there == PUNCTUAL:
                columns = select(col(Notification.created_at), col(Notification.meant_for)).where(mine)
                return [_seconds(*row) for row in await uow.session.execute(columns)]
        await asyncio.sleep(1)


def _seconds(came: datetime, meant_for: datetime) -> float:
    return (came - meant_for).total_seconds()


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
