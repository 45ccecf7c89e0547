"""Headers that every answer carries: what the browser may load and embed, and how long it may keep it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.api.content_policy import content_policy
from todo_app.api.gate import is_page

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The link that resets a password carries a secret; other sites must not be told of any address.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
# The build names these files by a hash of their content.
_HASHED = "/assets/"
_FONTS = "/fonts/"
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WEEK = "public, max-age=604800"
# Kept, but asked for again each time, which an ETag makes cheap.
_REVALIDATED = "no-cache"
_NEVER = "no-store"
_PROGRAMS = (
    "/auth",
    "/api",
    "/healthz",
    "/readyz",
    "/metrics",
    "/mcp",
    "/feeds",
    "/admin",
    "/events",
    "/links",
    "/push",
)


class SecurityHeaders:
    """ASGI middleware.

    Args:
        app: What answers.
        page_folder: Where the built page is; asked when the first answer is sent, since a start may build it.
    """

    def __init__(self, app: ASGIApp, page_folder: Callable[[], Path]) -> None:
        self._app = app
        self._page_folder = page_folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to whatever is answered."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                caching = _caching(scope["path"], message["status"], headers.get("content-type", ""))
                headers.setdefault("Cache-Control", caching)
            await send(message)

        return await self._app(scope, receive, send_with_headers)

    @cached_property
    def _headers(self) -> dict[str, str]:
        return {**_ALWAYS, "Content-Security-Policy": content_policy(self._page_folder())}


def _caching(path: str, status: int, content_type: str) -> str:
    # A file that is not there (any more) is answered with the page, which must not be kept in its place.
    if is_page(path) or path.startswith(_PROGRAMS) or content_type.startswith("text/html"):
        return _NEVER
    if status not in (200, 206, 304):
        return _REVALIDATED
    if path.startswith(_HASHED):
        return _FOR_EVER
    return _FOR_A_WEEK if path.startswith(_FONTS) else _REVALIDATED
