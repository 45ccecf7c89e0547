"""How often a program may ask, and from which sites."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp

from tests.api.client import BrowserClient, problem_of
from tests.api.conftest import Clock, serve
from tests.api.v1.program import Program
from todo_app.api.cors import ApiCors
from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.errors import TooManyRequests
from todo_app.domain.identity import Scope
from todo_app.services.rate_limit import RateLimits
from todo_app.settings import Settings

PAGE = "https://page.example.org"


class TestRates:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"api_requests_per_minute": 3})

    async def test_every_answer_says_how_many_more(self, program: Program, clock: Clock) -> None:
        clock.advance(timedelta(seconds=20))
        answers = [
            await program.get("/tasks"),
            await program.post("/tasks"),
            await program.get("/tasks/7"),
        ]

        assert [answer.status_code for answer in answers] == [200, 422, 422]
        assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0"]
        assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
        assert {answer.headers["ratelimit-reset"] for answer in answers} == {"40"}

    async def test_who_asks_too_often_waits_for_the_next_minute(self, program: Program, clock: Clock) -> None:
        for _ in range(3):
            await program.get("/tasks")

        refused = await program.post("/tasks", title="A")
        assert refused.status_code == 429
        problem_of(refused)
        assert (refused.headers["retry-after"], refused.headers["ratelimit-remaining"]) == ("60", "0")

        clock.advance(timedelta(seconds=60))
        assert await program.titles() == []

    async def test_each_token_has_its_own_rate_and_so_has_everybody(
        self, program: Program, other: Program
    ) -> None:
        for _ in range(4):
            await program.get("/tasks")

        assert (await other.get("/tasks")).status_code == 200
        await program.use(Scope.READ)
        assert (await program.get("/tasks")).status_code == 200

    async def test_strangers_are_not_counted(self, program: Program) -> None:
        for _ in range(5):
            answer = await program.get("/tasks", headers={"Authorization": "Bearer punctual_nonsense"})
            assert (answer.status_code, answer.headers.get("ratelimit-limit")) == (401, None)


async def _granted(limits: RateLimits, times: int) -> int:
    granted = 0
    for _ in range(times):
        try:
            await limits.take("ada")
        except TooManyRequests:
            continue
        granted += 1
    return granted


async def test_processes_share_what_they_grant(application: Application) -> None:
    processes = [
        RateLimits(application.state_store, application.work.clock, per_minute=500) for _ in range(2)
    ]

    granted = [await _granted(limits, 400) for limits in processes]

    assert granted == [400, 110]  # a portion of ten is everybody's own


async def test_one_process_grants_exactly_the_limit(application: Application) -> None:
    limits = RateLimits(application.state_store, application.work.clock, per_minute=100)

    assert await _granted(limits, 150) == 100


def _served(application: Application, page_folder: Path) -> ASGIApp:
    """The app as it is served, Reflex's own answers to other sites included."""
    app = Starlette(routes=[Mount("", serve(application, page_folder))])
    app.add_middleware(
        CORSMiddleware,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
        allow_origins=("http://punctual.test",),
    )
    origins = application.settings.api_origin_list
    return ApiCors(app, origins) if origins else app


class TestOtherSites:
    @pytest.fixture
    def web(self, application: Application, page_folder: Path) -> ASGIApp:
        return _served(application, page_folder)

    async def _ask(self, browser: BrowserClient, path: str, origin: str) -> dict[str, str]:
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
        }
        answer = await browser.options(path, headers=asked)
        return {**answer.headers, "status": str(answer.status_code)}

    async def test_by_default_none_may(self, program: Program) -> None:
        asked = await self._ask(program.browser, "/api/v1/tasks", PAGE)
        answer = await program.get("/tasks", headers={"Origin": PAGE})

        assert "access-control-allow-origin" not in asked
        assert "access-control-allow-origin" not in answer.headers

    async def test_a_chosen_one_may_without_cookies(
        self, settings: Settings, clock: Clock, page_folder: Path
    ) -> None:
        application = bootstrap(
            settings.model_copy(update={"api_origins": f"{PAGE}, http://b.test"}), clock=clock
        )
        program = await Program.of(
            BrowserClient(_served(application, page_folder)), application, "ada@example.org"
        )

        asked = await self._ask(program.browser, "/api/v1/tasks", PAGE)
        assert (asked["status"], asked["access-control-allow-origin"]) == ("200", PAGE)
        answer = await program.get("/tasks", headers={"Origin": PAGE})
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "ETag" in answer.headers["access-control-expose-headers"]

        for shown in (asked, answer.headers):
            assert "access-control-allow-credentials" not in shown
        for path, origin in (("/api/v1/tasks", "https://evil.example"), ("/auth/login", PAGE)):
            assert "access-control-allow-origin" not in await self._ask(program.browser, path, origin)
        await application.close()

    @pytest.mark.parametrize("origins", ["*", "example.org", "https://a.test/path", "https://a.test,,"])
    def test_what_is_no_origin_is_refused_at_the_start(self, origins: str) -> None:
        with pytest.raises(ValueError, match="with commas between"):
            Settings(_env_file=None, api_origins=origins)
