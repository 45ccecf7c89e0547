"""``POST /assistant``: a sentence to the assistant, answered as a stream of server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.commands import Command, command_by
from todo_app.api.v1.routers import v1_router
from todo_app.api.v1.turns import Turns, written
from todo_app.assistant.conversation import CONVERSATION_MAX, TEXT_MAX, converse
from todo_app.domain.identity import Scope

_STREAM = "text/event-stream"
_ABOUT = (
    "Server-sent events, each with JSON: `text` {text}, `tasks` {tasks}, `changed` {tool, text, undo}, "
    "`question` {kind, choices}, `error` {detail}, and at the end `done` {conversation}. "
    "All that one answer changed has the same `undo`; an `error` names it when one with a key broke off."
)


class Sentence(Body):
    """What a person says; the conversation of an earlier answer goes on."""

    text: Text = Field(min_length=1, max_length=TEXT_MAX, examples=["What is due this week?"])
    conversation: Text | None = Field(None, min_length=1, max_length=CONVERSATION_MAX)


router = v1_router("assistant")
ASKER = command_by(Scope.READ)


@router.post(
    "/assistant",
    response_class=StreamingResponse,
    responses={200: {"description": _ABOUT, "content": {_STREAM: {}}}},
)
async def ask_the_assistant(body: Sentence, request: Request, command: Command = ASKER) -> Response:
    """Ask or tell the assistant something; what it changes needs a token that may write."""
    if command.key is None:
        pieces = converse(command.app, command.caller, body.text, conversation=body.conversation)
        answer = written(pieces)
    else:
        answer = _turns(request).once(command, command.key, body.text, conversation=body.conversation)
    # Whatever is refused is refused before the answer begins.
    first = await anext(answer)
    return StreamingResponse(_whole(first, answer), media_type=_STREAM, headers={"Cache-Control": "no-store"})


def _turns(request: Request) -> Turns:
    turns: Turns = request.app.state.assistant_turns
    return turns


async def _whole(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for each in rest:
        yield each
