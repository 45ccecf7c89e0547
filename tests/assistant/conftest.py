"""A person who talks to the assistant, on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC
from typing import TypeVar
from uuid import UUID

import pytest

from tests.assistant.case_files import COMPLETED, NOW, OPEN, TRASH, ZONE
from tests.services.conftest import Clock
from tests.state.people import log_in
from todo_app.assistant.answers import Asked, Changed, Done, Failed, Piece, Tasks, Text
from todo_app.assistant.conversation import converse
from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.identity import Caller, Identity
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.domain.views import ListName, View
from todo_app.services import quick_add, tasks
from todo_app.services.task_document import TaskDocument, page
from todo_app.settings import Settings

Kind = TypeVar("Kind", bound=Piece)
_LINES = {
    "Dentist appointment": "friday 15:00",
    "Write report": "#work 2026-07-13",
    "Renew passport": "2026-07-10",
    "Send invoice to Anna": "#work tomorrow",
    "Pay rent": "every month on the 1st",
    "Water the plants": "every 3 days",
    "Clean the kitchen": "+Flat",
    "Buy milk": "today",
}


@dataclass(frozen=True)
class Answer:
    """What a turn has answered."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces if isinstance(piece, Text | Failed | Changed))

    @property
    def titles(self) -> list[str]:
        return [task["title"] for piece in self.of(Tasks) for task in piece.tasks]

    @property
    def undo(self) -> str | None:
        undos = {piece.undo for piece in self.of(Changed)}
        assert len(undos) <= 1
        return next(iter(undos), None)

    @property
    def asks(self) -> str | None:
        return next((piece.kind for piece in self.of(Asked)), None)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [piece for piece in self.pieces if isinstance(piece, kind)]


@dataclass
class Talk:
    """A person's conversation."""

    application: Application
    person: Identity
    caller: Caller
    conversation: str = "talk"

    async def says(self, text: str) -> Answer:
        app = self.application
        pieces = [piece async for piece in converse(app, self.caller, text, conversation=self.conversation)]
        assert isinstance(pieces[-1], Done)
        return Answer(tuple(pieces))

    async def all(self, *kept: Kept) -> dict[str, TaskDocument]:
        async with self.application.work.read(self.person) as uow:
            query = TaskQuery(kept=frozenset(kept or (Kept.OPEN,)))
            found = await page(uow, query, cursor=None, limit=100)
        return {task["title"]: task for task in found["items"]}

    async def add(self, *lines: str) -> list[UUID]:
        async with self.application.work.write(self.person) as uow:
            added = await quick_add.add(uow, "\n".join(lines), view=View.of(ListName.INBOX))
            return [task.id for task in added]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW.astimezone(UTC))


@pytest.fixture
async def application(settings: Settings, clock: Clock) -> AsyncIterator[Application]:
    application = bootstrap(settings, clock=clock)
    yield application
    await application.close()


@pytest.fixture
async def talk(application: Application) -> Talk:
    """Ada has the tasks of the case files."""
    identity = (await log_in(application, "ada@example.org", timezone=ZONE.key)).identity
    talk = Talk(application, identity, identity)
    await talk.add(*(f"{title} {_LINES.get(title, '')}" for title in OPEN))
    done, deleted = await talk.add(*COMPLETED), await talk.add(*TRASH)
    async with application.work.write(identity) as uow:
        await tasks.complete(uow, done)
    async with application.work.write(identity) as uow:
        await tasks.delete(uow, deleted)
    return talk
