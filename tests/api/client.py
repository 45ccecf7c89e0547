"""A browser without a page: keeps cookies, sends the CSRF header, talks to the app in this process."""

from __future__ import annotations

import json
from typing import Any

import httpx
from httpx import ASGITransport, AsyncClient, Response
from starlette.types import ASGIApp

from todo_app.api.cookies import CSRF_COOKIE, CSRF_HEADER

PASSWORD = "correct horse battery"


class BrowserClient(AsyncClient):
    """Somebody's browser.

    Args:
        app: what answers.
        address: where the browser is, as the server sees it.
    """

    def __init__(
        self, app: ASGIApp, *, address: str = "192.0.2.1", url: str = "http://punctual.test"
    ) -> None:
        super().__init__(transport=ASGITransport(app, client=(address, 1)), base_url=url)

    async def submit(self, path: str, **fields: Any) -> Response:
        """What a form of the page does."""
        token = self.cookies.get(CSRF_COOKIE, "")
        headers = {CSRF_HEADER: token, "Content-Type": "application/json"}
        return await self.post(path, content=json.dumps(fields), headers=headers)

    async def register(
        self, email: str, password: str = PASSWORD, timezone: str = "Europe/Berlin"
    ) -> Response:
        """Sign up."""
        return await self.submit("/auth/register", email=email, password=password, timezone=timezone)

    async def log_in(self, email: str, password: str = PASSWORD) -> Response:
        """Log in."""
        return await self.submit("/auth/login", email=email, password=password)

    async def is_logged_in(self) -> bool:
        """Whether a page load shows the page."""
        return (await self.get("/today")).status_code == httpx.codes.OK


def problem_of(response: Response) -> dict[str, Any]:
    """The problem document of an answer, which must be one (RFC 9457 §3)."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: dict[str, Any] = response.json()
    assert problem["status"] == response.status_code
    assert {"type", "title", "detail", "errors"} <= problem.keys()
    assert "Traceback" not in response.text
    return problem


def fields_at_fault(response: Response) -> set[str]:
    """The fields that a problem names."""
    return {error["field"] for error in problem_of(response)["errors"]}
