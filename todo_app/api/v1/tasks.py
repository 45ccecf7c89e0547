"""``/tasks``: list, add, read, change, delete."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import WRITER, Answer, Command, answer_json
from todo_app.api.v1.routers import v1_router
from todo_app.api.v1.task_parameters import TaskParameters
from todo_app.api.v1.versions import (
    NOT_MODIFIED,
    IfMatch,
    IfNoneMatch,
    etag,
    is_known,
    versioned,
    versions_of,
)
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services import named_tasks, tasks
from todo_app.services.task_bodies import TaskFields, TaskToAdd
from todo_app.services.task_document import (
    TaskDocument,
    TaskPage,
    document,
    page,
)

Purge = Annotated[
    bool, Query(description="Remove what lies in the trash for good; it can be undone for a day.")
]


router = v1_router("tasks")


@router.get("/tasks", response_model=TaskPage)
async def list_tasks(asked: Annotated[TaskParameters, Query()], look: Look = READER) -> Response:
    async with look.read() as uow:
        return answer_json(await page(uow, asked.query(uow), cursor=asked.cursor, limit=asked.limit))


@router.post("/tasks", status_code=201, response_model=TaskDocument)
async def add_a_task(body: TaskToAdd, request: Request, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        task = await named_tasks.add(uow, body.new(uow))
        return await task_answer(uow, task.id, status=201, location=f"{request.url.path}/{task.id}")

    return await command.run(act)


@router.get("/tasks/{task_id}", response_model=TaskDocument, responses=NOT_MODIFIED)
async def read_a_task(task_id: UUID, if_none_match: IfNoneMatch = None, look: Look = READER) -> Response:
    async with look.read() as uow:
        found = await document(uow, task_id)
    headers = {"ETag": etag(found["version"])}
    if is_known(found["version"], if_none_match):
        return Response(status_code=304, headers=headers)
    return answer_json(found, headers=headers)


@router.patch("/tasks/{task_id}", response_model=TaskDocument)
async def change_a_task(
    task_id: UUID, body: TaskFields, if_match: IfMatch = None, command: Command = WRITER
) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        versions = versions_of(if_match)
        await named_tasks.change(uow, [task_id], body.change(uow), versions=versions)
        return await task_answer(uow, task_id)

    return await command.run(act)


@router.delete("/tasks/{task_id}", status_code=204)
async def delete_a_task(
    task_id: UUID, *, purge: Purge = False, if_match: IfMatch = None, command: Command = WRITER
) -> Response:
    """Put a task into the trash with its subtasks; one that lies there stays."""

    async def act(uow: UnitOfWork) -> Answer:
        await named_tasks.refuse_stale(uow, [task_id], versions_of(if_match))
        await (tasks.purge if purge else tasks.delete)(uow, [task_id])
        return Answer(status=204)

    return await command.run(act)


async def task_answer(uow: UnitOfWork, task_id: UUID, *, status: int = 200, location: str = "") -> Answer:
    return versioned(await document(uow, task_id), status=status, location=location)
