"""How many SQL statements does an action take, with its event, besides the one that looks up the session?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import event

from bench.figures import Figure
from bench.libraries import library, log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import SessionToken
from todo_app.domain.views import ListName, View
from todo_app.services import lists, quick_add, tasks
from todo_app.services.task_fields import TaskPatch
from todo_app.settings import Settings

SIZE = 100
LIST_MAX, WRITE_MAX = 2, 6

Action = Callable[[UnitOfWork], Awaitable[object]]


def answer() -> Sequence[Figure]:
    """Count them on a small library; the number does not depend on its size."""
    with library(SIZE) as settings:
        return asyncio.run(_count(settings))


async def _count(settings: Settings) -> list[Figure]:
    application = bootstrap(settings)
    token = await log_in(application)
    async with application.work.read(token) as uow:
        ids = [task.id for task in (await lists.window(uow, View.of(ListName.ALL), limit=20)).tasks]
    writes: dict[str, Action] = {
        "add a line": lambda uow: quick_add.add(uow, "Call tomorrow p1", view=View.of(ListName.TODAY)),
        "add a line with tag and project": lambda uow: quick_add.add(
            uow, "Call #phone +Flat", view=View.of(ListName.TODAY)
        ),
        "rename": lambda uow: tasks.edit(uow, tasks.EditTasks(ids[:1], TaskPatch(title="Other"))),
        "complete": lambda uow: tasks.complete(uow, ids[:1]),
        "reopen": lambda uow: tasks.reopen(uow, ids[:1]),
        "complete 20": lambda uow: tasks.complete(uow, ids),
        "delete": lambda uow: tasks.delete(uow, ids[:1]),
        "restore": lambda uow: tasks.restore(uow, ids[:1]),
    }
    counted = [
        Figure(name, await _statements(application, token, action), "", WRITE_MAX, relative=True)
        for name, action in writes.items()
    ]
    shown = await _statements(application, token, lambda uow: lists.window(uow, View.of(ListName.ALL)))
    await application.close()
    return [Figure("list", shown, "", LIST_MAX, relative=True), *counted]


async def _statements(application: Application, token: SessionToken, action: Action) -> int:
    statements: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN") and "sessions" not in statement:
            statements.append(statement)

    event.listen(application.engine.sync_engine, "before_cursor_execute", hear)
    async with application.work.write(token) as uow:
        await action(uow)
    event.remove(application.engine.sync_engine, "before_cursor_execute", hear)
    return len(statements)
