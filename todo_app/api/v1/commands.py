"""Requests that change something: each is one transaction, and carried out once however often it is sent."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Header, Request, Response
from pydantic_core import to_json

from todo_app.api.v1.callers import callers_of
from todo_app.bootstrap import Application
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import KeyReused
from todo_app.domain.identity import Caller, Scope
from todo_app.secret_box import SecretBox
from todo_app.secret_key import purpose_key
from todo_app.services.retention import ANSWERS_FOR

KEY_HEADER, UNDO_HEADER = "Idempotency-Key", "Undo-Id"
_KEY_MAX = 255

Key = Annotated[
    str | None,
    Header(
        alias=KEY_HEADER,
        min_length=1,
        max_length=_KEY_MAX,
        description="The same request again within a day is answered as before, and not repeated.",
    ),
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered: a document, or nothing."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Act = Callable[[UnitOfWork], Awaitable[Answer]]


class _Rehearsed(Exception):
    """Ends a transaction that was to show what would happen."""


def _take_back() -> NoReturn:
    raise _Rehearsed


class Answers:
    """Keeps what programs were answered, sealed."""

    def __init__(self, app: Application) -> None:
        self._settings = app.settings

    async def stored(self, uow: UnitOfWork, key: str, request_digest: str) -> Response | None:
        """What the request with this key was answered; ``None`` when it is new, which takes the key.

        Raises:
            KeyReused: when it was another request.
        """
        taken = await self.take(uow, key, request_digest)
        if taken is None:
            return None
        kept = json.loads(taken)
        return Response(kept["body"].encode(), kept["status"], kept["headers"])

    async def keep(self, uow: UnitOfWork, key: str, response: Response) -> None:
        """Keep what the request with this key is answered."""
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        kept = {"status": response.status_code, "headers": headers, "body": bytes(response.body).decode()}
        await self.put(uow, key, json.dumps(kept))

    async def take(self, uow: UnitOfWork, key: str, request_digest: str) -> str | None:
        """What is kept for the request with this key; ``None`` when it is new, which takes the key.

        Raises:
            KeyReused: when it was another request.
        """
        taken = await uow.idempotency.begin(
            _digest(key.encode()), request_digest, now=uow.now, kept_since=uow.now - ANSWERS_FOR
        )
        if taken is None:
            return None
        if taken.request_digest != request_digest:
            raise KeyReused(KEY_HEADER)
        return self._box.open(taken.answer).decode()

    async def look(self, uow: UnitOfWork, key: str) -> str | None:
        """What is kept for the request that has this key, at this moment."""
        sealed = await uow.idempotency.answer_of(_digest(key.encode()))
        return None if sealed is None else self._box.open(sealed).decode()

    async def put(self, uow: UnitOfWork, key: str, kept: str) -> None:
        """Keep something for the request with this key."""
        await uow.idempotency.finish(_digest(key.encode()), self._box.seal(kept.encode()))

    @cached_property
    def _box(self) -> SecretBox:
        return SecretBox(purpose_key(self._settings, "stored answers"))


@dataclass(frozen=True, slots=True)
class Command:
    """A request that changes something, and who sent it."""

    app: Application
    answers: Answers
    caller: Caller
    request_digest: str
    key: str | None

    async def run(self, act: Act) -> Response:
        """Carry the request out in one transaction, unless it came before with the same key."""
        async with self.app.work.write(self.caller) as uow:
            if self.key is not None:
                stored = await self.answers.stored(uow, self.key, self.request_digest)
                if stored is not None:
                    return stored
            response = _response(await act(uow))
            if uow.events:
                response.headers[UNDO_HEADER] = str(uow.command_id)
            if self.key is not None:
                await uow.flush()
                await self.answers.keep(uow, self.key, response)
        return response

    async def run_in_parts(self, act: Callable[[], Awaitable[Answer]]) -> Response:
        """Carry out a request that takes several transactions, and of itself does nothing twice."""
        earlier = await self._earlier()
        if earlier is not None:
            return earlier
        response = _response(await act())
        if self.key is not None:
            async with self.app.work.write(self.caller) as uow:
                earlier = await self.answers.stored(uow, self.key, self.request_digest)
                if earlier is not None:
                    return earlier
                await self.answers.keep(uow, self.key, response)
        return response

    async def _earlier(self) -> Response | None:
        if self.key is None:
            return None
        earlier = None
        with contextlib.suppress(_Rehearsed):
            async with self.app.work.write(self.caller) as uow:
                earlier = await self.answers.stored(uow, self.key, self.request_digest)
                _take_back()
        return earlier

    async def rehearse(self, act: Act) -> Response:
        """Answer what would be answered, and change nothing."""
        response = Response()
        try:
            async with self.app.work.write(self.caller) as uow:
                response = _response(await act(uow))
                _take_back()
        except _Rehearsed:
            return response


def command_by(scope: Scope) -> Any:
    """A dependency that gives the command of a request that needs this scope."""

    async def caller(request: Request) -> Caller:
        return await callers_of(request).identify(request, scope)

    # Of its own, for who may not is told so before what is wrong with the key.
    async def command(request: Request, caller: Caller = Depends(caller), key: Key = None) -> Command:
        return await command_of(request, caller, key)

    return Depends(command)


async def command_of(request: Request, caller: Caller, key: str | None) -> Command:
    """The command of a request whose sender is known."""
    answers: Answers = request.app.state.answers
    return Command(callers_of(request).app, answers, caller, await _request_digest(request), key)


WRITER, ADMIN_WRITER = command_by(Scope.WRITE), command_by(Scope.ADMIN)


def answer_json(content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON document as an answer."""
    return Response(to_json(content), status, headers, media_type="application/json")


def _response(answer: Answer) -> Response:
    if answer.content is None:
        return Response(status_code=answer.status, headers=answer.headers)
    return answer_json(answer.content, status=answer.status, headers=answer.headers)


async def _request_digest(request: Request) -> str:
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return _digest(asked + await request.body())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
