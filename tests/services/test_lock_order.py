"""Two transactions that touch the same occurrences wait for each other, but never both at once."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

from tests.services.conftest import Someone
from todo_app.db.models import Task
from todo_app.domain.errors import NotFound
from todo_app.domain.events import Event, RecurrenceData
from todo_app.domain.task import Due
from todo_app.events.consumers import process
from todo_app.services import occurrences, tasks
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import AddTask, EditTasks
from workers.recurrence import recurrence_consumer

ROUNDS = 15
DAILY = RecurrenceData(rule="FREQ=DAILY")
TODAY = Due(date(2026, 11, 23))


class Pairs:
    """A person with closed occurrences and those that followed."""

    def __init__(self, someone: Someone) -> None:
        self.someone = someone
        self.work = someone.application.work
        self.committed: list[Event] = []
        self.work.after_commit(self.committed.extend)

    async def add(self, **fields) -> UUID:
        command = AddTask("Water", due=TODAY, **fields)
        return (await self.someone.does(lambda uow: tasks.add(uow, command))).id

    async def complete(self, task_id: UUID) -> None:
        async with self.work.write(self.someone.identity) as uow:
            await tasks.complete(uow, [task_id])

    async def advance(self) -> UUID | None:
        """Let the worker see what was closed; the occurrence that it made, if any."""
        worker = recurrence_consumer()
        closed = [event for event in self.committed if event.type in worker.types]
        self.committed.clear()
        await process(self.work, worker, closed)
        made = [event.aggregate_id for event in self.committed if event.type == "task.recurred"]
        return made[0] if made else None

    async def edit(self, *task_ids: UUID, **fields) -> bool:
        """Edit tasks; whether they were there."""
        command = EditTasks(task_ids, TaskPatch(**fields))
        try:
            async with self.work.write(self.someone.identity) as uow:
                await tasks.edit(uow, command)
        except NotFound:
            return False
        return True

    async def reopen(self, task_id: UUID) -> list[Task]:
        async with self.work.write(self.someone.identity) as uow:
            return await tasks.reopen(uow, [task_id])

    async def is_there(self, task_id: UUID) -> bool:
        async with self.work.read(self.someone.identity) as uow:
            return bool(await uow.tasks.many([task_id]))


async def test_reopening_one_while_the_next_is_being_edited(ada: Someone) -> None:
    pairs = Pairs(ada)
    for number in range(ROUNDS):
        first = await pairs.add(recurrence=DAILY)
        await pairs.complete(first)
        second = await pairs.advance()
        assert second is not None
        weekly = RecurrenceData(rule="FREQ=WEEKLY", start="2026-11-24")

        # Now these two, now one with both: each of them in the order of its own.
        edited = (second,) if number % 2 else (first, second)
        fields = {"title": "Roses", "recurrence": weekly} if number % 2 else {"title": "Roses"}
        was_edited, _ = await asyncio.gather(pairs.edit(*edited, **fields), pairs.reopen(first))

        assert await pairs.is_there(second) is was_edited
    await ada.counts()


async def test_completing_a_parent_while_its_subtask_goes_on(ada: Someone) -> None:
    pairs = Pairs(ada)
    for _ in range(ROUNDS):
        parent = await pairs.add()
        first = await pairs.add(parent_id=parent, recurrence=DAILY)
        await pairs.complete(first)

        await asyncio.gather(
            pairs.complete(parent), ada.does(lambda uow, first=first: occurrences.advance(uow, first))
        )

        async with pairs.work.read(ada.identity) as uow:
            assert all(task.completed_at for task in await uow.tasks.many([parent, first]))
    await ada.counts()
