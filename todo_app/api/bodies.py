"""What request bodies have in common besides what they say: a size."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.api.problems import TOO_LARGE, problem
from todo_app.services.bodies import Body, Text, without_null

__all__ = ["Body", "Nothing", "RefuseLargeBodies", "Text", "without_null"]


class Nothing(Body):
    """The body of a request that has nothing to say."""


class RefuseLargeBodies:
    """ASGI middleware for requests that say themselves that they are too large.

    Those that don't are counted by FastAPI; its answer to these, however, is no problem document.
    """

    def __init__(self, app: ASGIApp, *, at_most: int, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._at_most = at_most
        # By the path below the app: what takes files.
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or answer 413."""
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if length.isdecimal() and int(length) > self._most(scope):
            return await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)(scope, receive, send)
        return await self._app(scope, receive, send)

    def _most(self, scope: Scope) -> int:
        path: str = scope["path"]
        return self._larger.get(path.removeprefix(scope.get("root_path", "")), self._at_most)
