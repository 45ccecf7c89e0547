"""The tool that takes back what another one did."""

from __future__ import annotations

from pydantic import Field

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import Scope
from todo_app.services.bodies import Id
from todo_app.services.undo import undo
from todo_app.tools.tool import Arguments, Tool, Written


class Taken(Arguments):
    """Which change."""

    id: Id = Field(description="The `undo` of the answer to the change.")


class Undone(Written):
    """How many changes were taken back; ``undo`` takes back the undo."""

    undone: int


async def take_back(uow: UnitOfWork, asked: Taken) -> Undone:
    """Take back a command."""
    undone = await undo(uow, asked.id)
    return Undone(undone=undone, undo=str(uow.command_id))


TAKING_BACK = (
    Tool(
        name="undo",
        title="Undo a change",
        description="Take back a whole change of the last 24 hours, however many tasks it was about. Refused "
        "when something was changed again since.",
        arguments=Taken,
        answer=Undone,
        scope=Scope.WRITE,
        does=take_back,
        is_destructive=True,
        is_idempotent=False,
    ),
)
