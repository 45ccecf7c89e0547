"""``POST /undo/{id}``: take back a command."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from todo_app.api.bodies import Nothing
from todo_app.api.v1.commands import WRITER, Answer, Command
from todo_app.api.v1.routers import v1_router
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services.undo import undo


class UndoAnswer(BaseModel):
    """How many changes were taken back, and what takes back the undo."""

    undone: int
    undo: str


router = v1_router("undo")


@router.post("/undo/{command_id}", response_model=UndoAnswer)
async def take_back(command_id: UUID, _: Nothing | None = None, command: Command = WRITER) -> Response:
    """Take back a command of the last 24 hours; answers to changes name theirs in `Undo-Id`."""

    async def act(uow: UnitOfWork) -> Answer:
        undone = await undo(uow, command_id)
        return Answer({"undone": undone, "undo": str(uow.command_id)})

    return await command.run(act)
