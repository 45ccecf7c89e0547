"""Two completions of one occurrence at the same moment make one step, whoever comes first."""

from __future__ import annotations

import asyncio
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from tests.services.conftest import Someone
from todo_app.db.models import OutboxEvent, Task
from todo_app.domain.events import Event, RecurrenceData
from todo_app.domain.task import Due
from todo_app.events.consumers import Consumer, process
from todo_app.services import tasks
from todo_app.services.occurrences import advance
from todo_app.services.tasks import AddTask
from workers.recurrence import recurrence_consumer

ROUNDS = 50


async def test_two_completions_at_once_make_one_step(ada: Someone) -> None:
    work = ada.application.work
    committed: list[Event] = []
    work.after_commit(committed.extend)
    command = AddTask("Water", due=Due(date(2026, 11, 23)), recurrence=RecurrenceData(rule="FREQ=DAILY"))
    task_id = (await ada.does(lambda uow: tasks.add(uow, command))).id
    worker = recurrence_consumer()
    # Two workers that know nothing of each other, as if each had an inbox of its own.
    workers = [worker, Consumer("a second one", worker.types, worker.handle)]

    async def complete() -> None:
        async with work.write(ada.identity) as uow:
            await tasks.complete(uow, [task_id])

    for _ in range(ROUNDS):
        committed.clear()
        await asyncio.gather(complete(), complete())
        done = [event for event in committed if event.type == "task.completed"]
        assert len(done) == 1
        await asyncio.gather(*(process(work, each, done) for each in workers for _ in range(2)))
        (made,) = [event for event in committed if event.type == "task.recurred"]
        task_id = made.aggregate_id

    async with work.read(ada.identity) as uow:
        of_ada = select(func.count()).select_from(Task).where(col(Task.user_id) == uow.user_id)
        rows = await uow.session.scalar(of_ada)
        still_open = await uow.session.scalar(of_ada.where(col(Task.completed_at).is_(None)))
        steps = await uow.session.scalar(
            select(func.count()).select_from(OutboxEvent).where(col(OutboxEvent.type) == "task.recurred")
        )
    assert (rows, still_open, steps) == (ROUNDS + 1, 1, ROUNDS)
    await ada.counts()


async def test_what_follows_a_subtask_is_closed_by_whoever_closes_its_parent_meanwhile(ada: Someone) -> None:
    work = ada.application.work
    parent = await ada.does(lambda uow: tasks.add(uow, AddTask("Move")))
    daily = RecurrenceData(rule="FREQ=DAILY")
    subtask = AddTask("Water", parent_id=parent.id, due=Due(date(2026, 11, 23)), recurrence=daily)
    subtask_id = (await ada.does(lambda uow: tasks.add(uow, subtask))).id
    await ada.does(lambda uow: tasks.complete(uow, [subtask_id]))

    async with work.write(ada.identity) as uow:
        await advance(uow, subtask_id)
        await uow.flush()
        closing = asyncio.create_task(ada.does(lambda uow: tasks.complete(uow, [parent.id])))
        await _is_waited_for(ada.application.engine)
    await closing

    async with work.read(ada.identity) as uow:
        of_ada = select(Task).where(col(Task.user_id) == uow.user_id)
        found = (await uow.session.scalars(of_ada)).all()
    assert [task.completed_at is not None for task in found] == [True] * 3


async def _is_waited_for(engine: AsyncEngine) -> None:
    """Return once somebody waits for a lock; with SQLite every writer waits for the one before it anyhow."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with asyncio.timeout(10), engine.connect() as connection:
        while connection.dialect.name == "postgresql" and not await connection.scalar(waiting):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
