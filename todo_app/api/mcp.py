"""``/mcp``: the MCP server over HTTP, for programs with a token."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from todo_app.api.v1.callers import Callers
from todo_app.bootstrap import Application
from todo_app.domain.errors import Unauthenticated
from todo_app.domain.identity import BearerToken
from todo_app.domain.identity import Scope as TokenScope
from todo_app.mcp_server.guest import welcome

if TYPE_CHECKING:
    from todo_app.mcp_server.http import HttpServer


class McpEndpoint:
    """ASGI app; errors are raised, for the app around it to answer."""

    def __init__(self, app: Application, callers: Callers) -> None:
        self._app = app
        self._callers = callers
        self._server: HttpServer | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a message of a program that has a good token.

        Raises:
            Unauthenticated: when there is no good token; a page's cookies are none.
            TooManyRequests: when the program has sent too many.
        """
        request = Request(scope)
        if request.method != "POST":
            # Nothing is ever sent unasked, so there is nothing to listen to.
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
        if "authorization" not in request.headers:
            raise Unauthenticated
        token = await self._callers.identify(request, TokenScope.READ)
        assert isinstance(token, BearerToken)  # noqa: S101  # what the header holds
        guest = await welcome(self._app.work, token)
        await (await self._served()).answer(guest, scope, receive, send)

    async def _served(self) -> HttpServer:
        if self._server is None:
            # The SDK takes half a second to load, and most servers are never asked for it.
            self._server = await asyncio.to_thread(_load, self._app)
        return self._server


def _load(app: Application) -> HttpServer:
    from todo_app.mcp_server.http import HttpServer

    return HttpServer(app.settings)
