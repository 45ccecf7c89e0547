"""Sends people who load a page without being logged in to the log-in page, and those who are away from it.

It saves a round trip and shows nobody an empty frame; what protects data is that every transaction looks up
its session by itself.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.api.cookies import keep_cookies
from todo_app.bootstrap import Application
from todo_app.db.repositories.accounts import OpenSession, should_prolong
from todo_app.domain.identity import SessionToken
from todo_app.session_cookie import SESSION_COOKIE

HOME, LOG_IN = "/today", "/login"
# Open to everybody; people who are logged in are sent home from the first two, and may need the others.
_FOR_STRANGERS = ("/login", "/register")
_FOR_ALL = ("/forgot", "/reset")
# Pages that are files of their own: asked for in the form in which the file server redirects to.
_FILES = (*_FOR_STRANGERS, *_FOR_ALL, "/settings", "/activity")
# First parts of paths that are no pages: Reflex's own routes, and ours for programs or folders of files.
_SOCKET = "_event"
_REFLEX = frozenset((_SOCKET, "_health", "ping"))
_NO_PAGES = frozenset(
    (
        "_upload",
        "admin",
        "api",
        "assets",
        "auth",
        "client",
        "dapr",
        "events",
        "external",
        "feeds",
        "fonts",
        "healthz",
        "links",
        "mcp",
        "metrics",
        "push",
        "readyz",
        "styles",
    )
)


def is_page(path: str) -> bool:
    """Whether a path is one of the app's pages, and not a file or a route for programs."""
    first, last = _first(path), path.rpartition("/")[2]
    return first not in _NO_PAGES and first not in _REFLEX and "." not in last


def is_reflex(path: str) -> bool:
    """Whether a path is one of Reflex's own routes, e.g. the socket's."""
    return _first(path) == _SOCKET or path.strip("/") in _REFLEX


def _first(path: str) -> str:
    return path.strip("/").partition("/")[0]


class PageGate:
    """ASGI middleware; one look at the database for each page load."""

    def __init__(self, app: ASGIApp, application: Application) -> None:
        self._app = app
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or answer it with the page to go to."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not is_page(scope["path"]):
            return await self._app(scope, receive, send)
        request = Request(scope)
        try:
            session = await self._session(request)
        except (SQLAlchemyError, OSError):
            # The page itself says that the server has trouble, and recovers with it.
            return await self._app(scope, receive, send)
        target = _target(request, logged_in=session is not None)
        if target is not None:
            answer = RedirectResponse(target, HTTPStatus.SEE_OTHER)
            return await answer(scope, receive, send)
        if session is not None and await self._prolong(session):
            send = _with_cookies(send, request, self._application)
        if scope["path"] in _FILES:
            scope = {**scope, "path": f"{scope['path']}/"}
        return await self._app(scope, receive, send)

    async def _session(self, request: Request) -> OpenSession | None:
        secret = request.cookies.get(SESSION_COOKIE)
        if not secret:
            return None
        async with self._application.work.read() as uow:
            return await uow.accounts.open_session(SessionToken(secret), now=uow.now)

    async def _prolong(self, session: OpenSession) -> bool:
        until = self._application.work.clock() + timedelta(days=self._application.settings.session_days)
        if not should_prolong(session.expires_at, until=until):
            return False
        async with self._application.work.write() as uow:
            await uow.accounts.prolong(session.id, until=until)
        return True


def _target(request: Request, *, logged_in: bool) -> str | None:
    path = request.url.path.rstrip("/") or "/"
    if path in _FOR_ALL:
        return None
    if path in _FOR_STRANGERS:
        return HOME if logged_in else None
    if logged_in:
        # The root is no list of its own, and the built page has no file for it.
        return HOME if path == "/" else None
    wanted = f"{path}?{request.url.query}" if request.url.query else path
    return LOG_IN if wanted in ("/", HOME) else f"{LOG_IN}?{urlencode({'next': wanted}, safe='/')}"


def _with_cookies(send: Send, request: Request, application: Application) -> Send:
    async def send_with_cookies(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for cookie in keep_cookies(request, application.settings):
                headers.append("set-cookie", cookie)
        await send(message)

    return send_with_cookies
