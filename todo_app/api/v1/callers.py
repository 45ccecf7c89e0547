"""Who calls the REST API: a program with a token, or a page with its cookies."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Depends, Request

from todo_app.api.cookies import session_of, session_of_look
from todo_app.api.v1.rate_headers import BUDGET
from todo_app.bootstrap import Application
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Unauthenticated
from todo_app.domain.identity import BearerToken, Caller, Scope, SessionToken
from todo_app.services.rate_limit import RateLimits

_SCHEME = "bearer"
_LOOKS = ("GET", "HEAD")
# Often enough to see which tokens are idle.
_LOOK_UP_EVERY = timedelta(hours=1)


class Callers:
    """Tells whose request it is, and counts it; each transaction looks the secret up by itself."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self._limits = RateLimits(
            app.state_store, app.work.clock, per_minute=app.settings.api_requests_per_minute
        )
        # Secrets that were good when they were last looked up here, with whom they are counted as.
        self._known: dict[str, _Known] = {}

    async def identify(self, request: Request, needs: Scope) -> Caller:
        """The caller of a request for something that needs this scope.

        Raises:
            Unauthenticated: when the request carries no secret, or not a good one.
            Forbidden: when a page changes something without the CSRF header.
            TooManyRequests: when the caller has made too many.
        """
        caller = _presented(request, needs)
        who = await self._known_as(caller)
        # Set first: the answer that refuses tells the figures too.
        setattr(request.state, BUDGET, self._limits.used_up())
        setattr(request.state, BUDGET, await self._limits.take(who))
        return caller

    async def _known_as(self, caller: SessionToken | BearerToken) -> str:
        now = self.app.work.clock()
        known = self._known.get(caller.secret)
        if known is not None and now - known.since < _LOOK_UP_EVERY:
            return known.name
        # Whoever has no good secret ends here, and is not counted.
        async with self.app.work.read(caller) as uow:
            name = f"user {uow.user_id}" if isinstance(caller, SessionToken) else f"token {caller.secret}"
        self._known[caller.secret] = _Known(name, now)
        if isinstance(caller, BearerToken):
            async with self.app.work.write() as uow:
                await uow.accounts.note_use(caller, now=now)
        return name


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom a secret stands for, and since when that is known."""

    name: str
    since: datetime


def callers_of(request: Request) -> Callers:
    """Those of the app that serves the request."""
    callers: Callers = request.app.state.callers
    return callers


@dataclass(frozen=True, slots=True)
class Look:
    """A request that changes nothing, and who sent it."""

    app: Application
    caller: Caller

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that only looks, in the caller's name."""
        return self.app.work.read(self.caller)


def look_by(scope: Scope) -> Any:
    """A dependency that gives the look of a request that needs this scope."""

    async def look(request: Request) -> Look:
        callers = callers_of(request)
        return Look(callers.app, await callers.identify(request, scope))

    return Depends(look)


READER, ADMIN_READER = look_by(Scope.READ), look_by(Scope.ADMIN)


def _presented(request: Request, needs: Scope) -> SessionToken | BearerToken:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return session_of_look(request) if request.method in _LOOKS else session_of(request)
    if scheme.lower() != _SCHEME or not secret.strip():
        raise Unauthenticated
    return BearerToken(secret.strip(), needs)
