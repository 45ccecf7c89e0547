"""A program that acts for somebody with a token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from httpx import Response

from tests.api.client import BrowserClient
from tests.state.people import log_in
from todo_app.bootstrap import Application
from todo_app.domain.events import Event
from todo_app.domain.identity import Identity, Scope
from todo_app.services import tokens


@dataclass
class Program:
    """Something that acts for a person."""

    browser: BrowserClient
    application: Application
    owner: Identity
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def of(cls, browser: BrowserClient, application: Application, email: str) -> Program:
        """One that may write for somebody who has nothing yet."""
        program = cls(browser, application, (await log_in(application, email)).identity)
        await program.use(Scope.WRITE)
        return program

    async def get(self, path: str, *, headers: dict[str, str] | None = None, **parameters: Any) -> Response:
        return await self.browser.get(
            f"/api/v1{path}", params=parameters or None, headers={**self.headers, **(headers or {})}
        )

    async def post(self, path: str, **body: Any) -> Response:
        return await self.send("POST", path, body)

    async def send(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> Response:
        # Written in ASCII, in which half of a character can be said too.
        content = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        return await self.browser.request(
            method, f"/api/v1{path}", content=content, headers={**kind, **self.headers, **(headers or {})}
        )

    async def add(self, title: str, **fields: Any) -> dict[str, Any]:
        """A new task."""
        answer = await self.post("/tasks", title=title, **fields)
        assert answer.status_code == 201, answer.text
        task: dict[str, Any] = answer.json()
        return task

    async def titles(self, **parameters: Any) -> list[str]:
        """The titles of a list."""
        answer = await self.get("/tasks", **parameters)
        assert answer.status_code == 200, answer.text
        return [task["title"] for task in answer.json()["items"]]

    async def token(self, scope: Scope, *, days: int | None = None) -> tokens.NewToken:
        async with self.application.work.write(self.owner) as uow:
            return await tokens.create(uow, "Script", scope, days=days)

    async def use(self, scope: Scope) -> None:
        self.headers = {"Authorization": f"Bearer {(await self.token(scope)).secret}"}

    def heard(self) -> list[Event]:
        """The events that are committed from now on."""
        committed: list[Event] = []
        self.application.work.after_commit(committed.extend)
        return committed
