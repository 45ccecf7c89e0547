"""The server over streamable HTTP: every message stands by itself, so any replica answers it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from mcp.server import ServerRequestContext
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from todo_app.mcp_server.guest import Guest
from todo_app.mcp_server.protocol import create_server
from todo_app.settings import Settings

BODY_MAX = 256 * 1024
# Names that no other site can make its own point to this machine.
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# Where a message's guest lies in its request's state.
_GUEST = "guest"


class HttpServer:
    """Answers messages whose sender is known."""

    def __init__(self, settings: Settings) -> None:
        self._server = create_server(_guest_of)
        self._security = _security(settings)

    async def answer(self, guest: Guest, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message."""
        scope.setdefault("state", {})[_GUEST] = guest
        # A manager can't be run twice, and this one has nothing to keep from one message to the next.
        manager = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            security_settings=self._security,
            max_request_body_size=BODY_MAX,
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)


def _guest_of(context: ServerRequestContext[Any, Any]) -> Guest:
    assert context.request is not None  # noqa: S101  # every message came with one
    guest: Guest = getattr(context.request.state, _GUEST)
    return guest


def _security(settings: Settings) -> TransportSecuritySettings:
    """The hosts and origins of the public address and of this machine: no other site's page gets through."""
    public = urlsplit(settings.public_url)
    names = {public.netloc, *_LOOPBACK, *(f"{name}:*" for name in _LOOPBACK)}
    origins = {f"{scheme}://{name}" for scheme in ("http", "https") for name in names}
    return TransportSecuritySettings(
        allowed_hosts=sorted(names), allowed_origins=sorted(origins | set(settings.api_origin_list))
    )
