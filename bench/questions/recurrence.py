"""What does repeating cost: the next occurrence, a preview, a typed line, completing after a long history?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from uuid6 import uuid7

from bench.figures import Figure, p50, p95
from bench.libraries import library, log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import Task
from todo_app.domain.events import Event, RecurrenceData
from todo_app.domain.identity import SessionToken
from todo_app.domain.quick_add import parse
from todo_app.domain.ranking import rank_at
from todo_app.domain.recurrence import Recurrence, next_occurrence, occurrences, parse_rules
from todo_app.domain.task import Due
from todo_app.domain.text import sort_key
from todo_app.events.consumers import Consumer, process
from todo_app.services import tasks
from todo_app.services.tasks import AddTask
from todo_app.settings import Settings
from workers.recurrence import recurrence_consumer

NEXT_MS, LONG_LINE_MS, HISTORY_RATIO = 0.2, 20, 1.5
HISTORY, STEPS, REPEATS = 100_000, 150, 300

_BERLIN = ZoneInfo("Europe/Berlin")
_NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_START = datetime(2024, 1, 31, 9)  # noqa: DTZ001  # a wall clock
_RULES = (
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
    "FREQ=DAILY;INTERVAL=3;X-WORKDAYS=TRUE",
)
_LINE = "Pay rent every month on the 1st at 9am #home +Flat p1 !30 min before"


def answer() -> Sequence[Figure]:
    """Pure rules first, then the database."""
    rules = [Recurrence(parse_rules(rule)) for rule in _RULES]
    following = [seconds for rule in rules for seconds in _timed(lambda rule=rule: _next(rule))]
    preview = [seconds for rule in rules for seconds in _timed(lambda rule=rule: _preview(rule))]
    line = _timed(lambda: parse(_LINE, now=_NOW, timezone=_BERLIN))
    long_line = (_LINE + " ") * (10_000 // len(_LINE))
    longest = _timed(lambda: parse(long_line, now=_NOW, timezone=_BERLIN), repeats=30)
    return [
        Figure("next occurrence, p50", p50(following), "ms", NEXT_MS),
        Figure("next occurrence, p95", p95(following), "ms"),
        Figure("preview of 100, p50", p50(preview), "ms"),
        Figure("a line, p50", p50(line), "ms"),
        Figure("10,000 characters, p50", p50(longest), "ms", LONG_LINE_MS),
        *_with_history(),
    ]


def _next(rule: Recurrence) -> object:
    return next_occurrence(rule, start=_START, timezone=_BERLIN, after=_NOW)


def _preview(rule: Recurrence) -> object:
    return list(islice(occurrences(rule, start=_START, timezone=_BERLIN), 100))


def _timed(work: Callable[[], object], *, repeats: int = REPEATS) -> list[float]:
    seconds = []
    for _ in range(repeats):
        before = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - before)
    return seconds


def _with_history() -> list[Figure]:
    with library(100) as settings:
        none = asyncio.run(_complete_again_and_again(settings, history=0))
    with library(100) as settings:
        long = asyncio.run(_complete_again_and_again(settings, history=HISTORY))
    return [
        Figure("complete and make the next, p50", p50(none), "ms"),
        Figure(f"the same after {HISTORY:,} of them, p50", p50(long), "ms"),
        Figure("the latter to the former", p50(long) / p50(none), "", HISTORY_RATIO, relative=True),
    ]


async def _complete_again_and_again(settings: Settings, *, history: int) -> list[float]:
    application = bootstrap(settings)
    token = await log_in(application)
    committed: list[Event] = []
    application.work.after_commit(committed.extend)
    command = AddTask("Water", due=Due(date(2026, 11, 23)), recurrence=RecurrenceData(rule="FREQ=DAILY"))
    async with application.work.write(token) as uow:
        task = await tasks.add(uow, command)
    await _add_history(application, token, task, history)
    task_id, worker, seconds = task.id, recurrence_consumer(), []
    for _ in range(STEPS):
        committed.clear()
        before = time.perf_counter()
        task_id = await _step(application, token, task_id, worker, committed)
        seconds.append(time.perf_counter() - before)
    await application.close()
    return seconds


async def _step(
    application: Application, token: SessionToken, task_id: UUID, worker: Consumer, committed: list[Event]
) -> UUID:
    async with application.work.write(token) as uow:
        await tasks.complete(uow, [task_id])
    await process(application.work, worker, [event for event in committed if event.type == "task.completed"])
    return committed[-1].aggregate_id


async def _add_history(application: Application, token: SessionToken, task: Task, count: int) -> None:
    """Occurrences of long ago, straight into the table: only their number matters."""
    for first in range(0, count, 5_000):
        async with application.work.write(token) as uow:
            rows = []
            for number in range(first, min(count, first + 5_000)):
                day = _NOW - timedelta(hours=number + 1)
                old = Task(
                    id=(new := uuid7()),
                    user_id=uow.user_id,
                    title=task.title,
                    title_sort=sort_key(task.title),
                    rank=rank_at(uow.now, new),
                    series_id=task.series_id,
                    occurrence=f"{day:%Y-%m-%dT%H:%M}",
                    created_at=day,
                    updated_at=day,
                    completed_at=day,
                )
                rows.append(old.model_dump())
            await uow.session.execute(insert(Task), rows)
