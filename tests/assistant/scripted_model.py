"""A server that talks like an OpenAI-compatible one, and says what a test has written down."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fixtures.served import served

Body = dict[str, Any]


@dataclass(frozen=True)
class Calls:
    """The model calls tools; arguments may be made of what it was sent."""

    tools: tuple[tuple[str, Body | Callable[[Body], Body]], ...]


@dataclass(frozen=True)
class Says:
    """The model answers words, in pieces."""

    pieces: tuple[str, ...]
    # Seconds before the next one.
    pause: float = 0


@dataclass(frozen=True)
class Hangs:
    """The model begins to answer, and goes on when it may."""

    until: asyncio.Event


@dataclass(frozen=True)
class Fails:
    """The server refuses."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


Step = Calls | Says | Hangs | Fails


def calls(name: str, arguments: Body | Callable[[Body], Body] | None = None) -> Calls:
    return Calls(((name, arguments or {}),))


def says(*pieces: str) -> Says:
    return Says(pieces)


@dataclass
class ScriptedModel:
    """Goes through its script, one step for each request, and repeats the last one."""

    url: str = ""
    script: list[Step] = field(default_factory=list)
    requests: list[Body] = field(default_factory=list)
    tokens: int = 10

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Fails):
            return JSONResponse({"error": {"message": "Not now."}}, step.status)
        return StreamingResponse(self._stream(step, body), media_type="text/event-stream")

    async def _stream(self, step: Calls | Says | Hangs, body: Body) -> AsyncIterator[str]:
        if isinstance(step, Hangs):
            yield _chunk({"role": "assistant", "content": "Well, "})
            await step.until.wait()
            yield _chunk({"content": "done."})
        elif isinstance(step, Says):
            for piece in step.pieces:
                yield _chunk({"role": "assistant", "content": piece})
                await asyncio.sleep(step.pause)
        else:
            for index, (name, arguments) in enumerate(step.tools):
                made = arguments(body) if callable(arguments) else arguments
                call = {"name": name, "arguments": json.dumps(made)}
                yield _chunk(
                    {
                        "tool_calls": [
                            {
                                "index": index,
                                "id": f"call-{len(self.requests)}-{index}",
                                "type": "function",
                                "function": call,
                            }
                        ]
                    }
                )
        yield _chunk({}, finish="tool_calls" if isinstance(step, Calls) else "stop")
        usage = {"prompt_tokens": self.tokens, "completion_tokens": 0, "total_tokens": self.tokens}
        yield f"data: {json.dumps({**_HEAD, 'choices': [], 'usage': usage})}\n\n"
        yield "data: [DONE]\n\n"


_HEAD = {"id": "answer", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}


def _chunk(delta: Body, *, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({**_HEAD, 'choices': [choice]})}\n\n"


def last_answer(body: Body) -> Any:
    """What the tool answered that was called last."""
    results = [each for each in body["messages"] if each["role"] == "tool"]
    return json.loads(results[-1]["content"])


@asynccontextmanager
async def scripted_model() -> AsyncIterator[ScriptedModel]:
    """The server, listening."""
    model = ScriptedModel()
    async with listening("/v1/chat/completions", model.answer) as url:
        model.url = f"{url}/v1"
        yield model


@asynccontextmanager
async def listening(path: str, answer: Callable[[Request], Awaitable[Response]]) -> AsyncIterator[str]:
    """A server that answers what is posted to a path; its address."""
    async with served(Starlette(routes=[Route(path, answer, methods=["POST"])])) as url:
        yield url
