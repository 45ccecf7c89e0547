"""Keeps the page to its own addresses: at all others there is either a file or nothing."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.api.gate import is_page, is_reflex
from todo_app.api.problems import problem


class PageBoundary:
    """ASGI middleware around Reflex, which gets what no route of ours has taken.

    The page's router decides in the browser what to show, so its server answers every address with it. A
    script that is gone, or an address for programs that does not exist, must not look like a success.

    Args:
        app: What serves the page.
        page_folder: Where the built page is; asked at each look, since a start may build it.
    """

    def __init__(self, app: ASGIApp, page_folder: Callable[[], Path]) -> None:
        self._app = app
        self._page_folder = page_folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or answer that there is nothing."""
        if scope["type"] != "http" or self._is_there(scope["path"]):
            return await self._app(scope, receive, send)
        answer = problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        return await answer(scope, receive, send)

    def _is_there(self, path: str) -> bool:
        if is_page(path) or is_reflex(path):
            return True
        folder = self._page_folder().resolve()
        try:
            file = (folder / path.lstrip("/")).resolve()
            return file.is_relative_to(folder) and file.is_file()
        except (OSError, ValueError):  # a name that no file can have
            return False
