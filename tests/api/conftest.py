"""The app as it is served, with a page that is one line, on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from tests.api.client import BrowserClient
from todo_app.api.app import create_api
from todo_app.api.boundary import PageBoundary
from todo_app.api.gate import PageGate
from todo_app.api.headers import SecurityHeaders
from todo_app.api.metrics import CountRequests
from todo_app.bootstrap import Application, bootstrap
from todo_app.services import accounts
from todo_app.settings import Settings

Open = Callable[..., BrowserClient]


class Clock:
    """The time, which moves only when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 15, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm, cheap: a test of many log-ins must not take minutes."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", hasher)
    monkeypatch.setattr(accounts, "_NOBODY", hasher.hash("nobody knows this"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def application(settings: Settings, clock: Clock) -> AsyncIterator[Application]:
    application = bootstrap(settings, clock=clock)
    yield application
    await application.close()


@pytest.fixture
def web(application: Application, page_folder: Path) -> ASGIApp:
    return serve(application, page_folder)


@pytest.fixture
def page_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text('<script>start()</script><script src="/a.js"></script>')
    return folder


@pytest.fixture
async def open_browser(web: ASGIApp) -> AsyncIterator[Open]:
    """Opens a browser; several have cookies of their own."""
    browsers: list[BrowserClient] = []

    def open_one(**options: str) -> BrowserClient:
        browsers.append(BrowserClient(web, **options))
        return browsers[-1]

    yield open_one
    for each in browsers:
        await each.aclose()


@pytest.fixture
def browser(open_browser: Open) -> BrowserClient:
    return open_browser()


def serve(application: Application, page_folder: Path) -> ASGIApp:
    """The layers in the order in which todo_app/todo_app.py puts them, around a page that says its path."""
    api = create_api(application)
    page = Starlette(routes=[Route("/{path:path}", _page)])
    api.mount("", PageBoundary(page, page_folder=lambda: page_folder))
    pages = SecurityHeaders(PageGate(api, application), page_folder=lambda: page_folder)
    # Reflex mounts all of it once more.
    return Starlette(routes=[Mount("", CountRequests(pages, application.metrics.requests))])


async def _page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"the page at {request.url.path}")
