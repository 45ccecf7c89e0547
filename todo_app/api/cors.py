"""Lets pages of chosen other sites call the REST API with a token; without a choice none may."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PATH = "/api/v1/"
_METHODS = ("GET", "POST", "PATCH", "DELETE")
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")
_SHOWN = (
    "ETag",
    "Location",
    "Retry-After",
    "Undo-Id",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
)
_CREDENTIALS = "Access-Control-Allow-Credentials"


class ApiCors:
    """ASGI middleware around everything else: Reflex answers the questions of browsers for all paths.

    Cookies never go along, so what these pages may do is what their token may do.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._shared = CORSMiddleware(
            _without_credentials(app),
            allow_origins=sorted(origins),
            allow_methods=_METHODS,
            allow_headers=_SENT,
            expose_headers=_SHOWN,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the chosen sites have their answers."""
        is_shared = (
            scope["type"] == "http"
            and scope["path"].startswith(_PATH)
            and Headers(scope=scope).get("origin") in self._origins
        )
        await (self._shared if is_shared else self._app)(scope, receive, send)


def _without_credentials(app: ASGIApp) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_without(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if _CREDENTIALS in headers:
                    del headers[_CREDENTIALS]
            await send(message)

        await app(scope, receive, send_without)

    return call
