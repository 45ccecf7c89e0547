"""``/mcp`` as HTTP: who gets in, from where, and what becomes of messages that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx import Response
from starlette.types import ASGIApp

from tests.api.client import BrowserClient, problem_of
from tests.api.conftest import web
from tests.mcp.conftest import token_of
from tests.services.conftest import Someone
from todo_app.domain.identity import Scope
from todo_app.mcp_server.http import BODY_MAX
from todo_app.services import tokens
from todo_app.settings import Settings

__all__ = ["web"]

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
PUBLIC = "https://todo.example.org"


class Program:
    """Something that speaks HTTP by itself."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self.browser = BrowserClient(app, url="http://localhost:3000")
        self.headers = {
            "Authorization": f"Bearer {secret}",
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
        }

    async def post(self, body: object = LIST, **headers: str | None) -> Response:
        """Send a message; a header that is ``None`` is left out."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {**self.headers, **said}.items() if value is not None}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.browser.post("/mcp", content=content, headers=sent)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"base_url": PUBLIC})


@pytest.fixture
async def program(web: ASGIApp, ada: Someone) -> Program:
    return Program(web, await token_of(ada))


async def test_nobody_gets_in_without_a_good_token(program: Program, ada: Someone) -> None:
    program.browser.cookies.set("punctual_session", "whatever")
    for wrong in (None, "Bearer", "Bearer punctual_nonsense", "Basic YTpi"):
        refused = await program.post(Authorization=wrong)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        problem_of(refused)


async def test_a_token_that_is_revoked_is_useless_at_once(web: ASGIApp, ada: Someone) -> None:
    made = await ada.does(lambda uow: tokens.create(uow, "Planner", Scope.WRITE))
    program = Program(web, made.secret)
    assert (await program.post()).status_code == 200
    await ada.does(lambda uow: tokens.revoke(uow, made.token.id))
    assert (await program.post()).status_code == 401


async def test_the_address_is_exactly_this_and_takes_messages_only(program: Program) -> None:
    assert (await program.post()).status_code == 200
    for method in ("GET", "DELETE", "PUT"):
        refused = await program.browser.request(method, "/mcp", headers=program.headers)
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    for beside in ("/mcp/", "/mcp/x"):
        refused = await program.browser.post(beside, json=LIST, headers=program.headers)
        assert refused.status_code == 404


async def test_only_the_public_name_and_this_machine_are_hosts(program: Program) -> None:
    for host in ("todo.example.org", "localhost:3000", "127.0.0.1:49152", "[::1]:3000"):
        assert (await program.post(Host=host)).status_code == 200, host
    for host in ("evil.example.org", "todo.example.org.evil.example", "localhost.evil.example", "evil:3000"):
        assert (await program.post(Host=host)).status_code == 421, host


async def test_pages_of_other_sites_are_refused(program: Program) -> None:
    for origin in (PUBLIC, "http://localhost:3000"):
        assert (await program.post(Origin=origin)).status_code == 200, origin
    for origin in ("https://evil.example.org", "null", "https://todo.example.org.evil.example"):
        assert (await program.post(Origin=origin)).status_code == 403, origin


async def test_what_is_too_large_is_refused(program: Program) -> None:
    large = json.dumps({**LIST, "params": {"x": "y" * BODY_MAX}}).encode()
    assert (await program.post(large)).status_code == 413


def _call(arguments: object, tool: object = "add_task") -> dict[str, Any]:
    return {**LIST, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


MALFORMED: list[object] = [
    b"",
    b"{",
    b"\xff\xfe",
    b"nonsense",
    b"[" * 50_000,
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add_task","arguments":{"title":"\\ud800"}}}',
    None,
    7,
    [],
    [LIST, LIST],
    {},
    {"jsonrpc": "1.0", "id": 1, "method": "tools/list"},
    {"jsonrpc": "2.0", "id": {}, "method": "tools/list"},
    {"jsonrpc": "2.0", "id": 1},
    {"jsonrpc": "2.0", "id": 1, "method": "no/such"},
    {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": []},
    {"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": "\x00"}},
    {"jsonrpc": "2.0", "id": 1, "method": "prompts/get", "params": {"name": 7}},
    {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}},
    {"jsonrpc": "2.0", "id": 1, "result": {}},
    _call(None),
    _call([]),
    _call({"title": "\x00"}),
    _call({"title": "A", "due": {"date": "9999-99-99"}}),
    _call({"title": "A", "due": "99999999999999999999 days"}),
    _call({"title": "A", "recurrence": "FREQ=SECONDLY;INTERVAL=999999999999999999"}),
    _call({"title": "A", "reminders": [{"minutes_before": 10**30}]}),
    _call({}, tool="\ud800"),
    _call({}, tool=None),
    _call({"id": "'; DROP TABLE tasks; --"}, tool="get_task"),
    _call({"limit": 1e400}, tool="list_tasks"),
    _call({"filter": "(" * 900}, tool="list_tasks"),
    _call({"cursor": "\udcff"}, tool="list_tasks"),
    _call({"query": "\x00"}, tool="search_tasks"),
]


# Without it the server answers as it did before there were versions in headers.
@pytest.mark.parametrize("version", [None, "2025-06-18", "2026-07-28", "1999-01-01"])
async def test_messages_that_are_none_are_told_so(program: Program, version: str | None) -> None:
    wrong: dict[str, str] = {}
    for body in MALFORMED:
        answered = await program.post(body, MCP_Protocol_Version=version)
        # -32603 is an internal error of JSON-RPC 2.0 §5.1.
        if answered.status_code >= 500 or any(sign in answered.text for sign in ("Traceback", "-32603")):
            wrong[str(body)[:80]] = f"{answered.status_code} {answered.text[:200]}"
    assert wrong == {}
    assert (await program.post()).json()["result"]["tools"]


class TestRates:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"api_requests_per_minute": 3})

    async def test_messages_and_calls_of_the_rest_api_are_counted_together(self, program: Program) -> None:
        first = await program.post()
        assert (first.status_code, first.headers["ratelimit-remaining"]) == (200, "2")
        await program.browser.get("/api/v1/tasks", headers=program.headers)
        assert (await program.post()).headers["ratelimit-remaining"] == "0"

        refused = await program.post()
        assert (refused.status_code, refused.headers["ratelimit-remaining"]) == (429, "0")
        assert int(refused.headers["retry-after"]) <= 60
        problem_of(refused)
