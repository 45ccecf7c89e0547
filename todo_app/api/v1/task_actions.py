"""What is done with tasks besides changing their fields: closing, moving, many at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel

from todo_app.api.bodies import Nothing
from todo_app.api.v1.commands import WRITER, Answer, Command
from todo_app.api.v1.routers import v1_router
from todo_app.api.v1.tasks import task_answer
from todo_app.api.v1.versions import IfMatch, etag, versions_of
from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.services import named_tasks, tasks
from todo_app.services.bulk import Outcome, change_many
from todo_app.services.task_bodies import ChangeOfMany, Place
from todo_app.services.task_document import (
    ClosedDocument,
    TaskDocument,
    closed_document,
)
from todo_app.services.tasks import MoveTask


class BulkOutcome(BaseModel):
    """What became of one task."""

    id: str
    title: str
    changed: bool


class BulkAnswer(BaseModel):
    """What became of the chosen tasks; ``undo`` takes back the whole, and is null when nothing changed."""

    dry_run: bool
    matched: int
    changed: int
    items: list[BulkOutcome]
    undo: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """A request that closes a task or opens it again."""

    command: Command
    versions: frozenset[int] | None

    async def run(
        self, task_id: UUID, does: Callable[[UnitOfWork, list[UUID]], Awaitable[list[Task]]]
    ) -> Response:
        """Carry it out."""

        async def act(uow: UnitOfWork) -> Answer:
            await named_tasks.refuse_stale(uow, [task_id], self.versions)
            (task,) = await does(uow, [task_id])
            found = await closed_document(uow, task)
            return Answer(found, headers={"ETag": etag(found["task"]["version"])})

        return await self.command.run(act)


async def _closing(command: Command = WRITER, if_match: IfMatch = None, _: Nothing | None = None) -> Closing:
    return Closing(command, versions_of(if_match))


CLOSING = Depends(_closing)
router = v1_router("tasks")


@router.post("/tasks/bulk", response_model=BulkAnswer)
async def change_many_tasks(body: ChangeOfMany, command: Command = WRITER) -> Response:
    """All or nothing; the answer says of each task whether it changed, and how to undo it all."""

    async def act(uow: UnitOfWork) -> Answer:
        outcomes = await change_many(uow, body.bulk(uow))
        return Answer(_bulk(uow, outcomes, is_rehearsal=body.dry_run))

    return await (command.rehearse(act) if body.dry_run else command.run(act))


@router.post("/tasks/{task_id}/move", response_model=TaskDocument)
async def move_a_task(task_id: UUID, body: Place, command: Command = WRITER) -> Response:
    """Put a task at another place of the manual order."""

    async def act(uow: UnitOfWork) -> Answer:
        if body.after is None and body.before is None:
            raise Invalid("after", "Name the task that it is to stand after or before.")
        await tasks.move(uow, MoveTask(task_id, body.after, body.before))
        return await task_answer(uow, task_id)

    return await command.run(act)


@router.post("/tasks/{task_id}/complete", response_model=ClosedDocument)
async def complete_a_task(task_id: UUID, closing: Closing = CLOSING) -> Response:
    """Complete a task with its open subtasks; one that is completed stays as it is."""
    return await closing.run(task_id, tasks.complete)


@router.post("/tasks/{task_id}/skip", response_model=ClosedDocument)
async def skip_a_task(task_id: UUID, closing: Closing = CLOSING) -> Response:
    """Close an occurrence without having done it; one that is closed stays as it is."""
    return await closing.run(task_id, tasks.skip)


@router.post("/tasks/{task_id}/reopen", response_model=ClosedDocument)
async def reopen_a_task(task_id: UUID, closing: Closing = CLOSING) -> Response:
    """Open a task again; one that is open stays as it is."""
    return await closing.run(task_id, tasks.reopen)


@router.post("/tasks/{task_id}/restore", response_model=ClosedDocument)
async def restore_a_task(task_id: UUID, closing: Closing = CLOSING) -> Response:
    """Take a task out of the trash with what went there together with it."""
    return await closing.run(task_id, tasks.restore)


def _bulk(uow: UnitOfWork, outcomes: list[Outcome], *, is_rehearsal: bool) -> dict[str, Any]:
    changed = sum(outcome.changed for outcome in outcomes)
    return {
        "dry_run": is_rehearsal,
        "matched": len(outcomes),
        "changed": changed,
        "items": [{"id": str(each.id), "title": each.title, "changed": each.changed} for each in outcomes],
        "undo": str(uow.command_id) if changed and not is_rehearsal else None,
    }
