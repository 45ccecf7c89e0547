"""``POST /assistant``: a sentence to the assistant, answered as a stream of server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.callers import Callers
from todo_app.assistant.answers import Asked, Changed, Done, Failed, Piece, Tasks
from todo_app.assistant.conversation import CONVERSATION_MAX, TEXT_MAX, converse
from todo_app.bootstrap import Application
from todo_app.domain.identity import Caller, Scope

_STREAM = "text/event-stream"
_ABOUT = (
    "Server-sent events, each with JSON: `text` {text}, `tasks` {tasks}, `changed` {tool, text, undo}, "
    "`question` {kind, choices}, `error` {detail}, and at the end `done` {conversation}. "
    "All that one answer changed has the same `undo`."
)


class Sentence(Body):
    """What a person says; the conversation of an earlier answer goes on."""

    text: Text = Field(min_length=1, max_length=TEXT_MAX, examples=["What is due this week?"])
    conversation: Text | None = Field(None, min_length=1, max_length=CONVERSATION_MAX)


def assistant_router(app: Application, callers: Callers) -> APIRouter:
    """The route."""
    router = APIRouter(tags=["assistant"])

    @router.post(
        "/assistant",
        response_class=StreamingResponse,
        responses={200: {"description": _ABOUT, "content": {_STREAM: {}}}},
    )
    async def ask_the_assistant(
        body: Sentence, caller: Caller = Depends(callers.who_may(Scope.READ))
    ) -> Response:
        """Ask or tell the assistant something; what it changes needs a token that may write."""
        pieces = converse(app, caller, body.text, conversation=body.conversation)
        # Whatever is refused is refused before the answer begins.
        first = await anext(pieces)
        return StreamingResponse(
            _events(first, pieces), media_type=_STREAM, headers={"Cache-Control": "no-store"}
        )

    return router


async def _events(first: Piece, rest: AsyncIterator[Piece]) -> AsyncIterator[bytes]:
    yield _written(first)
    async for piece in rest:
        yield _written(piece)


def _written(piece: Piece) -> bytes:
    name, content = _event(piece)
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {data}\n\n".encode()


def _event(piece: Piece) -> tuple[str, dict[str, Any]]:
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
