"""Events to measure with: committed by the hundred or one by one, and when they took effect."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from uuid6 import uuid7

from bench.libraries import register_all
from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.events import TaskCreated
from todo_app.domain.identity import Identity
from todo_app.services import tasks
from todo_app.services.tasks import AddTask
from todo_app.settings import Settings

PEOPLE = 50
_AT_ONCE = 1_000
# As many as the application has connections for.
_BESIDE_EACH_OTHER = 8


class Source:
    """Commits events of many people, as another process of the app would."""

    def __init__(self, application: Application, people: Sequence[Identity]) -> None:
        self._application = application
        self._people = people

    async def commit(self, count: int) -> None:
        """So many events as fast as the database takes them; they tell of tasks that nobody looks for."""
        for first in range(0, count, _AT_ONCE):
            async with self._application.work.write() as uow:
                parts = [uow.part(person) for person in self._people]
                for number in range(first, min(first + _AT_ONCE, count)):
                    parts[number % len(parts)].record(uuid7(), 1, _created(f"Call number {number}"))

    async def add_tasks(self, count: int, *, per_second: float) -> float:
        """So many commands, each a task with its event in a transaction of its own, at an even pace.

        Returns how many a second there were, which are fewer where the machine can't do so many.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        room = asyncio.Semaphore(_BESIDE_EACH_OTHER)
        async with asyncio.TaskGroup() as running:
            for number in range(count):
                await asyncio.sleep(began + number / per_second - loop.time())
                await room.acquire()
                adding = self._add(self._people[number % len(self._people)], number)
                running.create_task(adding).add_done_callback(lambda _: room.release())
        return count / (loop.time() - began)

    async def _add(self, person: Identity, number: int) -> None:
        async with self._application.work.write(person) as uow:
            await tasks.add(uow, AddTask(f"Call number {number}"))


async def source(application: Application) -> Source:
    """People who have just registered."""
    return Source(application, await register_all(application, people=PEOPLE))


def commit(settings: Settings, count: int) -> None:
    """Commit so many events of new people as fast as the database takes them."""

    async def run() -> None:
        application = bootstrap(settings)
        await (await source(application)).commit(count)
        await application.close()

    asyncio.run(run())


def _created(title: str) -> TaskCreated:
    return TaskCreated(
        title=title, description="", priority=None, due=None, project_id=None, parent_id=None, tag_ids=[]
    )
