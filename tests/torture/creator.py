"""A process that adds tasks as fast as it can, as the web process would, until it is killed."""

from __future__ import annotations

import asyncio
from multiprocessing.connection import Connection
from pathlib import Path

from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.identity import Identity
from todo_app.embedded_runtime import run_embedded
from todo_app.services import tasks
from todo_app.settings import Settings

_PEOPLE_AT_ONCE = 4


def create_until_killed(database_url: str, data_dir: Path, person: Identity, ledger: Connection) -> None:
    """Send the id of each task to the ledger once its command has succeeded."""
    asyncio.run(
        _create(Settings(_env_file=None, database_url=database_url, data_dir=data_dir), person, ledger)
    )


async def _create(settings: Settings, person: Identity, ledger: Connection) -> None:
    application = bootstrap(settings)
    async with run_embedded(application), asyncio.TaskGroup() as people:
        for _ in range(_PEOPLE_AT_ONCE):
            people.create_task(_add_for_ever(application, person, ledger))


async def _add_for_ever(application: Application, person: Identity, ledger: Connection) -> None:
    while True:
        async with application.work.write(person) as uow:
            task = await tasks.add(uow, tasks.AddTask(title="Survive"))
        ledger.send_bytes(task.id.bytes)
