"""Two completions of one occurrence at the same moment make one step, whoever comes first."""

from __future__ import annotations

import asyncio
from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from tests.services.conftest import Someone
from todo_app.db.models import OutboxEvent, Task
from todo_app.domain.events import Event, RecurrenceData
from todo_app.domain.task import Due
from todo_app.events.consumers import Consumer, process
from todo_app.services import tasks
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
