"""Who calls the REST API: a program with a token, or a page with its cookies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from todo_app.api.cookies import session_of, session_of_look
from todo_app.api.v1.rate_headers import BUDGET
from todo_app.bootstrap import Application
from todo_app.domain.errors import Unauthenticated
from todo_app.domain.identity import BearerToken, Caller, Scope, SessionToken
from todo_app.services.rate_limit import RateLimits

_SCHEME = "bearer"
_LOOKS = ("GET", "HEAD")
# Often enough to see which tokens are idle.
_LOOK_UP_EVERY = timedelta(hours=1)

Identify = Callable[[Request], Awaitable[Caller]]


class Callers:
    """Tells whose request it is, and counts it; each transaction looks the secret up by itself."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._limits = RateLimits(
            app.state_store, app.work.clock, per_minute=app.settings.api_requests_per_minute
        )
        # Secrets that were good when they were last looked up here, with whom they are counted as.
        self._known: dict[str, _Known] = {}

    def who_may(self, needs: Scope) -> Identify:
        """A dependency that gives the caller for something that needs this scope.

        Raises:
            Unauthenticated: when the request carries no secret, or not a good one.
            Forbidden: when a page changes something without the CSRF header.
            TooManyRequests: when the caller has made too many.
        """

        async def identify(request: Request) -> Caller:
            caller = _presented(request, needs)
            who = await self._known_as(caller)
            # Set first: the answer that refuses tells the figures too.
            setattr(request.state, BUDGET, self._limits.used_up())
            setattr(request.state, BUDGET, await self._limits.take(who))
            return caller

        return identify

    async def _known_as(self, caller: SessionToken | BearerToken) -> str:
        now = self._app.work.clock()
        known = self._known.get(caller.secret)
        if known is not None and now - known.since < _LOOK_UP_EVERY:
            return known.name
        # Whoever has no good secret ends here, and is not counted.
        async with self._app.work.read(caller) as uow:
            name = f"user {uow.user_id}" if isinstance(caller, SessionToken) else f"token {caller.secret}"
        self._known[caller.secret] = _Known(name, now)
        if isinstance(caller, BearerToken):
            async with self._app.work.write() as uow:
                await uow.accounts.note_use(caller, now=now)
        return name


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom a secret stands for, and since when that is known."""

    name: str
    since: datetime


def _presented(request: Request, needs: Scope) -> SessionToken | BearerToken:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return session_of_look(request) if request.method in _LOOKS else session_of(request)
    if scheme.lower() != _SCHEME or not secret.strip():
        raise Unauthenticated
    return BearerToken(secret.strip(), needs)
