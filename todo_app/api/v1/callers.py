"""Who calls the REST API: a program with a token, or a page with its cookies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from fastapi import Request

from todo_app.api.cookies import session_of, session_of_look
from todo_app.bootstrap import Application
from todo_app.domain.errors import Unauthenticated
from todo_app.domain.identity import BearerToken, Caller, Scope

_SCHEME = "bearer"
_LOOKS = ("GET", "HEAD")
# Often enough to see which tokens are idle.
_NOTE_EVERY = timedelta(hours=1)

Identify = Callable[[Request], Awaitable[Caller]]


class Callers:
    """Tells whose request it is; each transaction looks the secret up by itself."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._noted: dict[str, datetime] = {}

    def who_may(self, needs: Scope) -> Identify:
        """A dependency that gives the caller for something that needs this scope."""

        async def identify(request: Request) -> Caller:
            scheme, _, secret = request.headers.get("authorization", "").partition(" ")
            if not scheme:
                return session_of_look(request) if request.method in _LOOKS else session_of(request)
            if scheme.lower() != _SCHEME or not secret.strip():
                raise Unauthenticated
            token = BearerToken(secret.strip(), needs)
            await self._note_use(token)
            return token

        return identify

    async def _note_use(self, token: BearerToken) -> None:
        now = self._app.work.clock()
        if now - self._noted.get(token.secret, now - _NOTE_EVERY) < _NOTE_EVERY:
            return
        async with self._app.work.read(token):
            self._noted[token.secret] = now
        async with self._app.work.write() as uow:
            await uow.accounts.note_use(token, now=now)
