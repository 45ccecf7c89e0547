"""A server that talks like Anthropic's Messages API, and says what a test has written down."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.assistant.scripted_model import Body, Calls, Fails, Says, listening


@dataclass
class ScriptedAnthropic:
    """Goes through its script, one step for each request, and repeats the last one."""

    url: str = ""
    script: list[Calls | Says | Fails] = field(default_factory=list)
    requests: list[Body] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    tokens: int = 10

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        head = request.headers
        # The client's versions differ in how they send it.
        self.keys.add(head.get("x-api-key") or head["authorization"].removeprefix("Bearer "))
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Fails):
            error = {"type": "overloaded_error" if step.status == 529 else "error", "message": "Not now."}
            return JSONResponse({"type": "error", "error": error}, step.status, headers=dict(step.headers))
        return StreamingResponse(self._stream(step, body), media_type="text/event-stream")

    async def _stream(self, step: Calls | Says, body: Body) -> AsyncIterator[str]:
        usage = {"input_tokens": self.tokens, "output_tokens": 1}
        head = {
            "id": f"msg_{len(self.requests)}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        yield _event("message_start", message=head)
        for index, (block, deltas) in enumerate(self._blocks(step, body)):
            yield _event("content_block_start", index=index, content_block=block)
            for delta in deltas:
                yield _event("content_block_delta", index=index, delta=delta)
            yield _event("content_block_stop", index=index)
        reason = "tool_use" if isinstance(step, Calls) else "end_turn"
        yield _event("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage=usage)
        yield _event("message_stop")

    def _blocks(self, step: Calls | Says, body: Body) -> list[tuple[Body, list[Body]]]:
        """What the answer begins with, and what is added to it, for each of its parts."""
        if isinstance(step, Says):
            return [
                ({"type": "text", "text": ""}, [{"type": "text_delta", "text": each} for each in step.pieces])
            ]
        blocks: list[tuple[Body, list[Body]]] = []
        for index, (name, arguments) in enumerate(step.tools):
            made = json.dumps(arguments(body) if callable(arguments) else arguments)
            half = len(made) // 2
            block = {
                "type": "tool_use",
                "id": f"toolu_{len(self.requests)}_{index}",
                "name": name,
                "input": {},
            }
            parts = (made[:half], made[half:])
            blocks.append((block, [{"type": "input_json_delta", "partial_json": part} for part in parts]))
        return blocks


def _event(kind: str, **content: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **content})}\n\n"


def last_result(body: Body) -> Any:
    """What the tool answered that was called last."""
    content = body["messages"][-1]["content"]
    result = [each for each in content if each["type"] == "tool_result"][-1]["content"]
    return json.loads(result if isinstance(result, str) else result[0]["text"])


@asynccontextmanager
async def scripted_anthropic() -> AsyncIterator[ScriptedAnthropic]:
    """The server, listening."""
    model = ScriptedAnthropic()
    async with listening("/v1/messages", model.answer) as url:
        model.url = url
        yield model
