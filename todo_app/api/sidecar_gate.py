"""Keeps everything under ``/events`` to this process's own sidecar."""

from __future__ import annotations

import hmac
from http import HTTPStatus

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.api.problems import problem

TOKEN_HEADER = "dapr-api-token"  # noqa: S105  # the header's name
_PREFIX = "/events"


class SidecarGate:
    """ASGI middleware; where no token is set, as in the embedded mode, nobody gets in."""

    def __init__(self, app: ASGIApp, token: SecretStr | None) -> None:
        self._app = app
        self._token = token.get_secret_value() if token else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what carries the token; to others there is nothing at these addresses."""
        if scope["type"] == "http" and _is_inside(scope["path"]) and not self._may_pass(scope):
            answer = problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
            return await answer(scope, receive, send)
        return await self._app(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        given = Headers(scope=scope).get(TOKEN_HEADER, "")
        return bool(self._token) and hmac.compare_digest(given.encode(), self._token.encode())


def _is_inside(path: str) -> bool:
    return path == _PREFIX or path.startswith(f"{_PREFIX}/")
