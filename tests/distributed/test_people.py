"""People at two web processes of the whole app: in browsers, and with a program that is told what they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from standardwebhooks import Webhook as Verifier

from e2e import chromium
from e2e.conftest import OpenContext, complaints, new_context  # noqa: F401  # two are fixtures
from e2e.journey import MONDAY, ZONE, live_a_day
from e2e.people import register
from e2e.steps import add, check, row, say
from tests.distributed.clocked_run import ClockedRun, clocked_run
from tests.distributed.conftest import eventually
from tests.notifications.servers import Received, receiver
from todo_app.notifications.webhook_desk import LIMITS

# Everything runs on the machine that the browser runs on.
PATIENCE_MS = 40_000
PATIENCE_SECONDS = 60.0
START_SECONDS = 240.0

ONE, OTHER = "web-1", "web-2"


@pytest.fixture(scope="module")
def clocked() -> Iterator[ClockedRun]:
    with clocked_run(MONDAY, TODO_ALLOW_PRIVATE_TARGETS="true") as run:
        yield run


@pytest.fixture(scope="module")
def base_url(clocked: ClockedRun) -> str:
    return clocked.url(ONE)


@pytest.fixture
def own_hosts(clocked: ClockedRun) -> frozenset[str]:
    return frozenset(urlsplit(clocked.url(web)).netloc for web in (ONE, OTHER))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after this module, since no async test can run in the same process while it is open."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.arguments())
        yield browser
        browser.close()


@dataclass(frozen=True)
class Somebody:
    """Somebody who has just signed up at one web process: their browser, and programs with the same rights."""

    clocked: ClockedRun
    context: BrowserContext

    def tab(self, web: str) -> Page:
        """A tab of theirs."""
        page = self.context.new_page()
        page.goto(f"{self.clocked.url(web)}/all")
        expect(page.get_by_role("heading", level=1)).to_have_text("All tasks")
        return page

    def get(self, web: str, path: str) -> Any:
        """What a web process answers."""
        return self.context.request.get(f"{self.clocked.url(web)}/api/v1{path}").json()

    def post(self, web: str, path: str, **body: object) -> str:
        """What a web process answers to a command."""
        [token] = [each["value"] for each in self.context.cookies() if each["name"] == "punctual_csrf"]
        answer = self.context.request.post(
            f"{self.clocked.url(web)}/api/v1{path}", data=body, headers={"X-CSRF-Token": token}
        )
        assert answer.ok, answer.text()
        return answer.text()


@pytest.fixture
def somebody(new_context: OpenContext, clocked: ClockedRun) -> Somebody:  # noqa: F811
    context = new_context(register(clocked.url(ONE)))
    context.set_default_timeout(PATIENCE_MS)
    return Somebody(clocked, context)


def test_the_journey(new_context: OpenContext, clocked: ClockedRun) -> None:  # noqa: F811
    context = new_context(timezone_id=ZONE)
    context.set_default_timeout(PATIENCE_MS)

    live_a_day(context, (clocked.url(ONE), clocked.url(OTHER)), clocked.clock, lambda *_: None)


def test_who_signs_in_at_one_works_at_the_other_and_takes_back_there(
    new_context: OpenContext,  # noqa: F811
    clocked: ClockedRun,
) -> None:
    known = register(clocked.url(OTHER))
    context = new_context()
    context.set_default_timeout(PATIENCE_MS)
    one, somebody = context.new_page(), Somebody(clocked, context)
    one.goto("/login")
    one.get_by_label("E-mail").fill(known.email)
    one.get_by_label("Password", exact=True).fill(known.password)
    one.keyboard.press("Enter")
    expect(one.get_by_role("heading", level=1)).to_have_text("Today")
    other = somebody.tab(OTHER)
    add(other, "Water the tomatoes today #garden")
    expect(row(one, "Water the tomatoes")).to_contain_text("garden")

    check(one, "Water the tomatoes").click()
    for page in (one, other):
        expect(row(page, "Water the tomatoes")).to_have_count(0)
    other.goto(f"{clocked.url(OTHER)}/activity")
    other.get_by_role("button", name="Undo: completed Water the tomatoes").click()
    expect(row(one, "Water the tomatoes")).to_be_visible()


def test_the_assistant_remembers_at_one_what_was_said_at_the_other(somebody: Somebody) -> None:
    one, other = somebody.tab(ONE), somebody.tab(OTHER)
    other.get_by_role("button", name="Assistant", exact=True).click()
    expect(say(other, "add call mum tomorrow at 9")).to_contain_text("Added “call mum”")
    expect(row(one, "call mum")).to_contain_text("Tomorrow 09:00")

    assert "question" in somebody.post(OTHER, "/assistant", text="delete call mum", conversation="ours")
    expect(row(one, "call mum")).to_be_visible()
    assert "changed" in somebody.post(ONE, "/assistant", text="yes", conversation="ours")
    for page in (one, other):
        expect(row(page, "call mum")).to_have_count(0)


def test_a_page_comes_back_by_itself_with_what_was_done_at_the_other_meanwhile(
    somebody: Somebody,
    clocked: ClockedRun,
    complaints: list[str],  # noqa: F811
) -> None:
    one, other = somebody.tab(ONE), somebody.tab(OTHER)
    add(one, "Buy milk", "Buy bread")
    one.evaluate("globalThis.same = true")
    banner = one.get_by_role("alert").filter(has_text="No connection to the server")
    clocked.run[ONE].kill()
    expect(banner).to_be_visible()
    check(other, "Buy bread").click()
    add(other, "Buy butter")
    expect(row(other, "Buy bread")).to_have_count(0)

    clocked.run[ONE].start()
    clocked.run[ONE].wait_until_ready(START_SECONDS)
    expect(banner).to_have_count(0)
    expect(row(one, "Buy butter")).to_be_visible()
    expect(row(one, "Buy bread")).to_have_count(0)
    expect(row(one, "Buy milk")).to_be_visible()
    add(one, "Buy eggs")
    expect(row(other, "Buy eggs")).to_be_visible()
    assert one.evaluate("globalThis.same")
    # The browser itself writes to the console that nobody answers.
    complaints[:] = [each for each in complaints if "net::ERR_" not in each and "WebSocket" not in each]


@dataclass(frozen=True)
class Hook:
    """A webhook of somebody's that is told of new tasks."""

    somebody: Somebody
    path: str
    secret: str

    def log(self) -> dict[str, Any]:
        """What the log of the other web process says of the one delivery."""
        [line] = self.somebody.get(OTHER, f"{self.path}/deliveries")["items"]
        return dict(line)

    def is_(self, state: str) -> bool:
        """Whether there is a delivery, in this state."""
        log = self.somebody.get(OTHER, f"{self.path}/deliveries")["items"]
        return [each["state"] for each in log] == [state]

    def has_signed(self, told: Received) -> bool:
        """Whether a request carries the webhook's signature, as the standard's own library makes it."""
        message_id, seconds = told.headers["webhook-id"], int(told.headers["webhook-timestamp"])
        at = datetime.fromtimestamp(seconds, UTC)
        signature = Verifier(self.secret).sign(message_id, at, told.body.decode())
        return told.headers["webhook-signature"] == signature


def hook(somebody: Somebody, url: str) -> Hook:
    made = json.loads(
        somebody.post(ONE, "/webhooks", name="Team chat", url=url, event_types=["task.created"])
    )
    return Hook(somebody, f"/webhooks/{made['id']}", made["secret"])


def test_a_webhook_is_told_once_and_signed(somebody: Somebody) -> None:
    with receiver() as outside:
        told = hook(somebody, f"{outside.url}/hook")
        somebody.post(ONE, "/tasks", title="Pay rent")
        eventually(lambda: told.is_("sent"), seconds=PATIENCE_SECONDS)

        [request] = outside.requests
    assert json.loads(request.body)["data"]["title"] == "Pay rent"
    assert told.has_signed(request)
    line = told.log()
    assert (line["event_id"], line["attempts"]) == (request.headers["webhook-id"], 1)


def test_a_webhook_that_nobody_listens_to_is_told_later(somebody: Somebody) -> None:
    with receiver() as outside:
        pass
    told = hook(somebody, outside.url)
    somebody.post(ONE, "/tasks", title="Pay rent")
    eventually(lambda: told.is_("retrying"), seconds=PATIENCE_SECONDS)
    assert told.log()["error"] == "It can't be reached."

    with receiver(port=outside.port) as outside:
        eventually(lambda: told.is_("sent"), seconds=PATIENCE_SECONDS)
        [request] = outside.requests
    assert told.has_signed(request)


def test_a_webhook_is_told_again_when_the_worker_died_over_it(
    somebody: Somebody, clocked: ClockedRun
) -> None:
    with receiver() as outside:
        told = hook(somebody, outside.url)
        outside.answers.clear()
        somebody.post(ONE, "/tasks", title="Pay rent")
        assert outside.came.wait(PATIENCE_SECONDS)
        clocked.run["notifications"].kill()
        outside.answers.set()
        assert told.is_("sending")

        clocked.run["notifications"].start()
        clocked.run["notifications"].wait_until_ready(START_SECONDS)
        # Until then the delivery might still be under way.
        clocked.clock.move_on(LIMITS.lease)
        eventually(lambda: told.is_("sent"), seconds=PATIENCE_SECONDS)
        first, second = outside.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert told.has_signed(first)
    assert told.has_signed(second)
    assert told.log()["attempts"] == 2
