"""Turns of the assistant as server-sent events; one with a key is carried out once, and can be read again."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from uuid6 import uuid7

from todo_app.api.v1.commands import Command
from todo_app.assistant.answers import Asked, Changed, Done, Failed, Piece, Tasks
from todo_app.assistant.conversation import converse
from todo_app.bootstrap import Application

logger = logging.getLogger(__name__)

# More than a language model gets, and what it calls.
TURN_SECONDS = 90.0
TASK_NAME = "a turn of the assistant"
_LOOK_EVERY_SECONDS = 0.1
_BROKE_OFF = "This answer broke off, and is not begun again. What it had changed by then is kept."


class _Kept(BaseModel):
    """What is known of a turn: who has begun it, and at its end all that it answered."""

    command_id: UUID
    conversation: str
    began: datetime
    answer: str = ""


class Turns:
    """The turns that carry a key. A program may hang up and ask again: the turn goes on meanwhile."""

    def __init__(self, app: Application, *, seconds: float = TURN_SECONDS) -> None:
        self._app = app
        self._seconds = seconds
        self._running: set[asyncio.Task[None]] = set()

    async def once(
        self, command: Command, key: str, text: str, *, conversation: str | None
    ) -> AsyncIterator[bytes]:
        """Answer a sentence, or what was answered to it before, also elsewhere.

        Raises:
            KeyReused: when the key came with another request.
        """
        began = _Kept(
            command_id=uuid7(), conversation=conversation or str(uuid7()), began=self._app.work.clock()
        )
        earlier = await self._begin(command, key, began)
        if earlier is not None:
            yield await self._earlier(command, key, earlier)
            return
        said: asyncio.Queue[bytes | None] = asyncio.Queue()
        turn = asyncio.create_task(self._carry_out(command, key, began, text, said), name=TASK_NAME)
        self._running.add(turn)
        turn.add_done_callback(self._running.discard)
        # However it ends: nobody is to read on for ever.
        turn.add_done_callback(lambda _: said.put_nowait(None))
        while (event := await said.get()) is not None:
            yield event

    async def _begin(self, command: Command, key: str, began: _Kept) -> _Kept | None:
        """Take the key; what is kept of the turn that has it already."""
        async with self._app.work.write(command.caller) as uow:
            kept = await command.answers.take(uow, key, command.request_digest)
            if kept is not None:
                return _Kept.model_validate_json(kept)
            await uow.flush()
            await command.answers.put(uow, key, began.model_dump_json())
        return None

    async def _carry_out(
        self, command: Command, key: str, began: _Kept, text: str, said: asyncio.Queue[bytes | None]
    ) -> None:
        answer = b""
        try:
            async with asyncio.timeout(self._seconds):
                pieces = converse(
                    self._app,
                    command.caller,
                    text,
                    conversation=began.conversation,
                    command_id=began.command_id,
                )
                async for event in written(pieces):
                    answer += event
                    said.put_nowait(event)
        except Exception:
            logger.exception("A turn of the assistant broke off")
            event = await self._broken_off(command, began)
            answer += event
            said.put_nowait(event)
        await self._keep(command, key, began, answer)

    async def _keep(self, command: Command, key: str, turn: _Kept, answer: bytes) -> None:
        async with self._app.work.write(command.caller) as uow:
            kept = turn.model_copy(update={"answer": answer.decode()})
            await command.answers.put(uow, key, kept.model_dump_json())

    async def _earlier(self, command: Command, key: str, turn: _Kept) -> bytes:
        """What an earlier request was answered, as soon as it is."""
        loop, age = asyncio.get_running_loop(), (self._app.work.clock() - turn.began).total_seconds()
        deadline = loop.time() + self._seconds - age
        while not turn.answer and loop.time() < deadline:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            turn = await self._look(command, key) or turn
        if turn.answer:
            return turn.answer.encode()
        # The process that had begun it is gone.
        answer = await self._broken_off(command, turn)
        await self._keep(command, key, turn, answer)
        return answer

    async def _look(self, command: Command, key: str) -> _Kept | None:
        async with self._app.work.read(command.caller) as uow:
            kept = await command.answers.look(uow, key)
        return _Kept.model_validate_json(kept) if kept else None

    async def _broken_off(self, command: Command, turn: _Kept) -> bytes:
        async with self._app.work.read(command.caller) as uow:
            events, _ = await uow.activity.of_command(turn.command_id)
        undo = {"undo": str(turn.command_id)} if events else {}
        return _event("error", {"detail": _BROKE_OFF, **undo}) + _event(
            "done", {"conversation": turn.conversation}
        )


async def written(pieces: AsyncIterator[Piece]) -> AsyncIterator[bytes]:
    """The pieces of an answer as server-sent events."""
    async for piece in pieces:
        yield _event(*_content(piece))


def _content(piece: Piece) -> tuple[str, dict[str, Any]]:
    match piece:
        case Tasks(tasks=tasks):
            return "tasks", {"tasks": list(tasks)}
        case Changed(tool=tool, text=text, undo=undo):
            return "changed", {"tool": tool, "text": text, "undo": undo}
        case Asked(kind=kind, choices=choices):
            return "question", {"kind": kind, "choices": list(choices)}
        case Failed(text=text):
            return "error", {"detail": text}
        case Done(conversation=conversation):
            return "done", {"conversation": conversation}
        case _:
            return "text", {"text": piece.text}


def _event(name: str, content: dict[str, Any]) -> bytes:
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {data}\n\n".encode()
