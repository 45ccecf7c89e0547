"""What is said of tasks that repeat: the rule in words, and when a closed one comes again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.labels import local_due
from todo_app.domain.task import Due
from todo_app.services import occurrences
from todo_app.services.recurrence import words_of

# A window shows the same few rules again and again, and every push to every tab asks for them.
words = lru_cache(maxsize=4096)(words_of)


def say_day(due: Due, *, today: date, zone: ZoneInfo) -> str:
    """A due date with its weekday, in the person's zone: “Tue 1 Dec”, “Tue 1 Dec 2027 09:00”."""
    local = local_due(due, zone)
    year = f" {local.date.year}" if local.date.year != today.year else ""
    clock = f" {local.time:%H:%M}" if local.time else ""
    return f"{local.date:%a} {local.date.day} {local.date:%b}{year}{clock}"


async def with_next(uow: UnitOfWork, done: Sequence[Task], said: str) -> str:
    """What was said of tasks that were just closed, with when they come again."""
    if not any(task.series_id for task in done):
        return said
    dues = await occurrences.next_dues(uow, done)
    if len(done) > 1:
        return f"{said}{_how_many(len(dues))}"
    due = dues.get(done[0].id)
    if due is not None:
        zone = uow.identity.zone
        return f"{said}. Next: {say_day(due, today=uow.now.astimezone(zone).date(), zone=zone)}"
    series = uow.recurrences.of(done[0])
    is_over = series is not None and series.ended_at is None and series.latest_id == done[0].id
    return f"{said}. That was the last one" if is_over else said


async def with_repeating(uow: UnitOfWork, changed: Sequence[Task], said: str) -> str:
    """What was said of several tasks, with how many of them repeat."""
    return f"{said}{_how_many(len(await repeating(uow, changed)))}" if len(changed) > 1 else said


async def repeating(uow: UnitOfWork, tasks: Sequence[Task]) -> list[Task]:
    """Those of loaded tasks that repeat."""
    await uow.recurrences.load(tasks)
    series = [(task, uow.recurrences.of(task)) for task in tasks]
    return [task for task, row in series if row is not None and row.ended_at is None]


def _how_many(count: int) -> str:
    if count == 0:
        return ""
    return ", 1 of them repeats" if count == 1 else f", {count:,} of them repeat"
