"""Loading pages: who is sent where, what the browser is told to allow and to keep."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.api.client import BrowserClient
from tests.api.conftest import Clock, Open
from tests.api.test_auth import statements
from todo_app.api.content_policy import content_policy, inline_scripts
from todo_app.api.cookies import CSRF_COOKIE
from todo_app.api.gate import is_page
from todo_app.bootstrap import Application
from todo_app.domain.identity import SessionToken
from todo_app.services import tasks
from todo_app.services.tasks import AddTask
from todo_app.session_cookie import SESSION_COOKIE

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("/", "/today", "/all?task=1", "/project/0199", "/search?q=a+b", "/settings", "/activity")

FILES = ("/assets/app-1a2b.js", "/styles/base.css", "/logo.svg", "/client/main.js", "/fonts/inter.woff2")


@pytest.fixture
def files(page_folder: Path) -> None:
    for path in FILES:
        file = page_folder / path.lstrip("/")
        file.parent.mkdir(exist_ok=True)
        file.touch()


class TestStrangers:
    @pytest.mark.parametrize("path", PAGES)
    async def test_are_sent_to_log_in(self, browser: BrowserClient, path: str) -> None:
        answer = await browser.get(path)

        assert answer.status_code == 303
        assert answer.headers["location"].split("?")[0] == "/login"

    async def test_come_back_to_where_they_wanted_to_go(self, browser: BrowserClient) -> None:
        answer = await browser.get("/search?q=a+b&sort=due")

        assert answer.headers["location"] == "/login?next=/search%3Fq%3Da%2Bb%26sort%3Ddue"

    @pytest.mark.parametrize("path", ["/login", "/register", "/forgot", "/reset?secret=x", "/login/"])
    async def test_see_the_pages_for_them(self, browser: BrowserClient, path: str) -> None:
        assert (await browser.get(path)).status_code == 200

    @pytest.mark.parametrize("secret", ["", "unknown", "x" * 5000, "%00", '"; DROP'])
    async def test_are_known_by_a_cookie_that_is_no_session(
        self, browser: BrowserClient, secret: str
    ) -> None:
        browser.cookies.set(SESSION_COOKIE, secret)

        assert (await browser.get("/today")).status_code == 303

    async def test_are_those_whose_session_has_ended(
        self, browser: BrowserClient, clock: Clock, application: Application
    ) -> None:
        await browser.register("ada@example.org")
        secret = browser.cookies[SESSION_COOKIE]
        clock.advance(timedelta(days=application.settings.session_days, seconds=1))
        browser.cookies.set(SESSION_COOKIE, secret)

        assert (await browser.get("/today")).status_code == 303


class TestPeopleWhoAreLoggedIn:
    async def test_are_sent_from_the_root_to_their_list(self, browser: BrowserClient) -> None:
        await browser.register("ada@example.org")

        answer = await browser.get("/")

        assert (answer.status_code, answer.headers["location"]) == (303, "/today")

    @pytest.mark.parametrize("path", PAGES[1:])
    async def test_see_the_pages(self, browser: BrowserClient, path: str) -> None:
        await browser.register("ada@example.org")

        assert (await browser.get(path)).status_code == 200

    @pytest.mark.parametrize("path", ["/login", "/register", "/login/", "/login?next=/all"])
    async def test_need_not_log_in(self, browser: BrowserClient, path: str) -> None:
        await browser.register("ada@example.org")

        answer = await browser.get(path)

        assert (answer.status_code, answer.headers["location"]) == (303, "/today")

    async def test_cost_one_look_at_the_database(
        self, browser: BrowserClient, application: Application
    ) -> None:
        await browser.register("ada@example.org")

        with statements(application) as executed:
            await browser.get("/today")

        assert len([each for each in executed if each.startswith("SELECT")]) == 1
        assert not [each for each in executed if each.startswith(("UPDATE", "INSERT"))]

    async def test_stay_logged_in_as_long_as_they_come_back(
        self, browser: BrowserClient, clock: Clock, application: Application
    ) -> None:
        await browser.register("ada@example.org")
        secret, csrf = browser.cookies[SESSION_COOKIE], browser.cookies[CSRF_COOKIE]
        for _ in range(4):
            clock.advance(timedelta(days=application.settings.session_days // 2))
            assert await browser.is_logged_in()

        answer = await browser.get("/today")

        assert (browser.cookies[SESSION_COOKIE], browser.cookies[CSRF_COOKIE]) == (secret, csrf)
        assert "set-cookie" not in answer.headers

    async def test_get_their_cookies_prolonged_with_the_session(
        self, browser: BrowserClient, clock: Clock
    ) -> None:
        await browser.register("ada@example.org")
        clock.advance(timedelta(days=2))

        cookies = (await browser.get("/today")).headers.get_list("set-cookie")

        assert [cookie.split("=")[0] for cookie in cookies] == [SESSION_COOKIE, CSRF_COOKIE]
        assert "httponly" in cookies[0].lower()


class TestAnOpenTab:
    async def test_stays_logged_in_as_long_as_something_is_changed_in_it(
        self, browser: BrowserClient, clock: Clock, application: Application
    ) -> None:
        cookies = (await browser.register("ada@example.org")).headers.get_list("set-cookie")
        session = SessionToken(browser.cookies[SESSION_COOKIE])
        for _ in range(4):
            clock.advance(timedelta(days=application.settings.session_days // 2))
            async with application.work.write(session) as uow:
                await tasks.add(uow, AddTask("Pay rent"))

        assert await browser.is_logged_in()
        longest = timedelta(days=2 * application.settings.session_days).total_seconds()
        assert all(int(re.findall(r"Max-Age=(\d+)", cookie)[0]) > longest for cookie in cookies)

    async def test_prolongs_its_session_once_a_day(
        self, browser: BrowserClient, clock: Clock, application: Application
    ) -> None:
        await browser.register("ada@example.org")
        session = SessionToken(browser.cookies[SESSION_COOKIE])
        prolonged = 0
        for _ in range(12):
            clock.advance(timedelta(hours=6))
            with statements(application) as executed:
                async with application.work.write(session) as uow:
                    await tasks.add(uow, AddTask("Pay rent"))
            prolonged += sum("UPDATE sessions" in statement for statement in executed)

        assert prolonged == 2


class TestEverythingElse:
    @pytest.mark.parametrize("path", FILES)
    async def test_files_are_for_all(self, browser: BrowserClient, files: None, path: str) -> None:
        assert (await browser.get(path)).text == f"the page at {path}"

    @pytest.mark.parametrize(
        "path", ["/_event/", "/ping", "/auth/x", "/api/v1/tasks", "/healthz", "/metrics"]
    )
    def test_what_programs_ask_for_is_no_page(self, path: str) -> None:
        assert not is_page(path)

    async def test_only_loading_a_page_is_gated(self, browser: BrowserClient) -> None:
        assert (await browser.post("/today")).status_code == 405

    async def test_health_needs_no_session(self, browser: BrowserClient) -> None:
        assert (await browser.get("/readyz")).json() == {
            "status": "ok",
            "database": "ok",
            "events": "ok",
        }


class TestHeaders:
    @pytest.mark.parametrize("path", ["/login", "/today", "/auth/nothing", "/healthz", "/assets/a.js"])
    async def test_every_answer_is_guarded(self, browser: BrowserClient, path: str) -> None:
        headers = (await browser.get(path)).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]

    @pytest.mark.parametrize(
        ("path", "caching"),
        [
            ("/assets/app-1a2b.js", "public, max-age=31536000, immutable"),
            ("/fonts/inter.woff2", "public, max-age=604800"),
            ("/client/main.js", "no-cache"),
            ("/login", "no-store"),
            ("/today", "no-store"),
            ("/auth/nothing", "no-store"),
            ("/push/nothing", "no-store"),
            ("/readyz", "no-store"),
        ],
    )
    async def test_only_what_never_changes_is_kept(
        self, browser: BrowserClient, files: None, path: str, caching: str
    ) -> None:
        assert (await browser.get(path)).headers["cache-control"] == caching

    async def test_neither_are_answers_about_the_session(self, browser: BrowserClient) -> None:
        assert (await browser.register("ada@example.org")).headers["cache-control"] == "no-store"


class TestContentPolicy:
    def test_allows_the_scripts_of_the_build_alone(self, page_folder: Path) -> None:
        policy = dict(part.strip().split(" ", 1) for part in content_policy(page_folder).split(";"))

        # printf 'start()' | openssl dgst -sha256 -binary | base64
        assert inline_scripts(page_folder) == {"sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00="}
        assert policy["script-src"] == "'self' 'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='"
        assert policy["default-src"] == "'self'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"

    def test_nothing_of_ours_needs_eval(self) -> None:
        """Reflex runs these by `eval`, which the policy forbids: they would silently do nothing."""
        code = [*ROOT.glob("state/*.py"), *ROOT.glob("components/**/*.py"), *ROOT.glob("todo_app/**/*.py")]
        for word in ("call_script(", "call_function(", "rx.run_script(", "rx.download("):
            assert [file.name for file in code if word in file.read_text()] == []


async def test_two_browsers_do_not_share_a_session(open_browser: Open) -> None:
    await open_browser().register("ada@example.org")

    assert not await open_browser().is_logged_in()
