"""``/metrics`` for Prometheus, and the counting of requests."""

from __future__ import annotations

import hmac
from ipaddress import IPv6Address, ip_address

from fastapi import APIRouter
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, Counter
from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.api.gate import is_page, is_reflex
from todo_app.bootstrap import Application

# Headers by which a proxy says that it asks for somebody else.
_OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-real-ip")


def metrics_router(app: Application) -> APIRouter:
    """``/metrics``, which is not there for strangers."""
    router = APIRouter(tags=["metrics"])

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        if not (_has_token(request, app.settings.metrics_token) or _is_from_here(request)):
            raise HTTPException(404)
        return Response(await app.metrics.render(), media_type=CONTENT_TYPE_LATEST)

    return router


class CountRequests:
    """ASGI middleware that counts answers by route and status."""

    def __init__(self, app: ASGIApp, requests: Counter) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path, status = scope["path"], 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            self._requests.labels(_route_of(scope, path), str(status)).inc()


def _route_of(scope: Scope, path: str) -> str:
    if is_page(path):
        return "page"
    if is_reflex(path):
        return "socket"
    # Routing has left the route in the scope. Without one it was a file or nothing, of which there is no end.
    route = scope.get("route")
    return f"{scope.get('root_path', '')}{route.path}" if isinstance(route, APIRoute) else "other"


def _has_token(request: Request, token: SecretStr | None) -> bool:
    if token is None or not token.get_secret_value():
        return False
    expected = f"Bearer {token.get_secret_value()}"
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode())


def _is_from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _OF_PROXIES):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
