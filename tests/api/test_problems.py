"""Bad requests: each gets a problem document that says what is wrong (RFC 9457), and none a 500."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.api.client import PASSWORD, BrowserClient, fields_at_fault, problem_of
from todo_app.api.app import AUTH_BODY_MAX

# Bad requests are refused before any database is asked.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

JSON = {"Content-Type": "application/json"}
# Every route that takes a body, with a body that it takes.
BODIES = {
    "/auth/register": {"email": "ben@example.org", "password": PASSWORD, "timezone": "UTC"},
    "/auth/login": {"email": "ben@example.org", "password": PASSWORD},
    "/auth/forgot": {"email": "ben@example.org"},
    "/auth/reset": {"secret": "secret", "password": PASSWORD},
    "/auth/password": {"current_password": "wrong horse battery", "password": PASSWORD},
    "/auth/delete-account": {"password": "wrong horse battery"},
}
FIELDS = [(path, field) for path, body in BODIES.items() for field in body]


class TestUnknownAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            *("/auth", "/auth/", "/auth/nothing", "/auth/login/now", "/auth/no%0Athing"),
            *("/api", "/api/v1/nothing", "/api/v1/no%0Athing", "/api/x.js"),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
    async def test_are_not_the_page(self, browser: BrowserClient, method: str, path: str) -> None:
        answer = await browser.request(method, path)

        assert answer.status_code == 404
        problem_of(answer)

    @pytest.mark.parametrize("path", [*BODIES, "/auth/logout", "/auth/logout-everywhere"])
    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
    async def test_nor_are_wrong_methods(self, browser: BrowserClient, method: str, path: str) -> None:
        answer = await browser.request(method, path)

        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST"
        problem_of(answer)

    @pytest.mark.parametrize(
        ("path", "methods"),
        [
            ("/api/v1/tasks", "GET, POST"),
            ("/api/v1/tasks/0199a3f2-7c11-7d52-9d5e-2f1f6f0c8a10", "DELETE, GET, PATCH"),
            ("/api/v1/tasks/bulk", "POST"),
        ],
    )
    async def test_are_told_all_right_methods(self, browser: BrowserClient, path: str, methods: str) -> None:
        answer = await browser.request("PUT", path)

        assert answer.status_code == 405
        assert answer.headers["allow"] == methods


class TestADatabaseThatIsAway:
    async def test_is_no_fault_of_the_request(
        self, browser: BrowserClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuse(*_: object, **__: object) -> None:
            raise OperationalError("BEGIN", {}, ConnectionError("server closed the connection"))

        monkeypatch.setattr(AsyncSession, "connection", refuse)
        monkeypatch.setattr(AsyncSession, "execute", refuse)

        answer = await browser.post("/auth/login", json={"email": "ben@example.org", "password": PASSWORD})

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "again" in problem_of(answer)["detail"]


class TestBodies:
    @pytest.mark.parametrize("path", BODIES)
    @pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 20_000, b'{"email": nope}'])
    async def test_that_are_no_json_are_malformed(
        self, browser: BrowserClient, path: str, body: bytes
    ) -> None:
        answer = await browser.post(path, content=body, headers=await self._as_somebody(browser) | JSON)

        assert answer.status_code in (400, 422)
        problem_of(answer)

    @pytest.mark.parametrize("path", BODIES)
    @pytest.mark.parametrize("body", [b"null", b"7", b"[]", b'"text"', b"{}", b"NaN"])
    async def test_of_another_shape_are_refused(self, browser: BrowserClient, path: str, body: bytes) -> None:
        answer = await browser.post(path, content=body, headers=await self._as_somebody(browser) | JSON)

        assert answer.status_code == 422
        problem_of(answer)

    @pytest.mark.parametrize("path", BODIES)
    async def test_that_are_too_large_are_not_read(self, browser: BrowserClient, path: str) -> None:
        headers = await self._as_somebody(browser)

        answer = await browser.post(path, json=BODIES[path] | {"email": "x" * AUTH_BODY_MAX}, headers=headers)

        assert answer.status_code == 413
        problem_of(answer)

    async def test_that_do_not_say_how_large_they_are_either(self, browser: BrowserClient) -> None:
        async def endless() -> object:
            for _ in range(AUTH_BODY_MAX // 1000 + 2):
                yield b" " * 1000

        answer = await browser.post("/auth/login", content=endless(), headers=JSON)

        assert answer.status_code == 413
        problem_of(answer)

    async def _as_somebody(self, browser: BrowserClient) -> dict[str, str]:
        await browser.register("ada@example.org")
        return {"X-CSRF-Token": browser.cookies["punctual_csrf"]}


class TestFields:
    @pytest.mark.parametrize(("path", "field"), FIELDS)
    async def test_that_can_not_be_so_are_named(self, browser: BrowserClient, path: str, field: str) -> None:
        await browser.register("ada@example.org")
        for value in ("\x00", "a\x00b@example.org", "\ud800", 7, None, True, [], {}, ["x"], "x" * 300):
            answer = await browser.submit(path, **BODIES[path] | {field: value})

            assert answer.status_code == 422, (value, answer.text)
            assert fields_at_fault(answer) <= {field, "link"}, value

    @pytest.mark.parametrize("path", BODIES)
    async def test_that_are_unknown_are_named(self, browser: BrowserClient, path: str) -> None:
        await browser.register("ada@example.org")

        answer = await browser.submit(path, **BODIES[path], is_operator=True)

        assert answer.status_code == 422
        assert problem_of(answer)["errors"] == [{"field": "is_operator", "reason": "There is no such field."}]

    @pytest.mark.parametrize(("path", "field"), FIELDS)
    async def test_that_are_missing_are_named(self, browser: BrowserClient, path: str, field: str) -> None:
        await browser.register("ada@example.org")
        body = {name: value for name, value in BODIES[path].items() if name != field}

        answer = await browser.submit(path, **body)

        assert answer.status_code == 422
        assert problem_of(answer)["errors"] == [{"field": field, "reason": "This is missing."}]

    async def test_a_password_is_never_sent_back(self, browser: BrowserClient) -> None:
        answer = await browser.submit("/auth/login", email="ada", password=["my secret"], extra="x")

        assert "my secret" not in answer.text
