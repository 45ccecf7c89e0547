"""The server is killed in the middle of things and started again: the page says so, and recovers by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person, register
from e2e.steps import add, check, details, open_details, open_quick_add, quick_add, row, tasks
from tests.fixtures.live_server import LiveServer, prepared_app, stop


class KillableServer:
    """A copy of the app of the test's own, to be killed as by a power cut."""

    def __init__(self, app: LiveServer) -> None:
        self.url = app.url
        self._app = app
        self._process = app.start()

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._process.kill()
        self._process.wait()

    def start_again(self) -> None:
        """Start it on the same port and data."""
        self._process = self._app.start()

    def is_running(self) -> bool:
        """Whether a test before has left it so."""
        return self._process.poll() is None

    def change_title(self, old: str, new: str) -> None:
        """Change what is stored while nobody serves it."""
        import sqlite3

        with sqlite3.connect(self._app.folder / "data" / "punctual.db") as database:
            changed = database.execute("UPDATE tasks SET title = ? WHERE title = ?", (new, old)).rowcount
        database.close()
        assert changed == 1

    def stop(self) -> None:
        """End it for good."""
        stop(self._process)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillableServer]:
    server = KillableServer(prepared_app(tmp_path_factory.mktemp("killed")))
    yield server
    server.stop()


@pytest.fixture
def base_url(server: KillableServer) -> str:
    """These tests have to kill the app, so they bring their own."""
    return server.url


@pytest.fixture
def page(server: KillableServer, new_context: OpenContext, complaints: list[str]) -> Iterator[Page]:
    if not server.is_running():
        server.start_again()
    person: Person = register(server.url)
    page = new_context(person).new_page()
    page.goto("/all")
    expect(tasks(page).first).to_be_visible()
    yield page
    # The browser itself writes to the console that nobody answers, or no further.
    complaints[:] = [each for each in complaints if "net::ERR_" not in each and "WebSocket" not in each]


def _banner(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text="No connection to the server")


def test_the_page_says_so_and_goes_on_as_soon_as_the_server_is_back(
    page: Page, server: KillableServer
) -> None:
    page.evaluate("globalThis.same = true")
    add(page, "Before")
    server.kill()
    expect(_banner(page)).to_be_visible()
    server.start_again()
    expect(_banner(page)).to_have_count(0)
    expect(row(page, "Before")).to_be_visible()
    add(page, "After")
    expect(row(page, "After")).to_be_visible()
    assert page.evaluate("globalThis.same")


def test_half_typed_text_survives(page: Page, server: KillableServer) -> None:
    add(page, "Buy milk")
    panel = _open(page, "Buy milk")
    panel.get_by_label("Title").fill("Buy oat mi")
    open_quick_add(page).fill("Call Ann tomorrow ab")
    server.kill()
    expect(_banner(page)).to_be_visible()
    page.keyboard.type("out")
    server.start_again()
    expect(_banner(page)).to_have_count(0)

    expect(quick_add(page)).to_have_value("Call Ann tomorrow about")
    quick_add(page).press("Enter")
    expect(row(page, "Call Ann about")).to_contain_text("Tomorrow")
    panel.get_by_label("Title").focus()
    panel.get_by_label("Title").press("Enter")
    expect(row(page, "Buy oat mi")).to_be_visible()


def test_text_typed_while_the_server_is_away_survives_a_reload_too(
    page: Page, server: KillableServer
) -> None:
    server.kill()
    expect(_banner(page)).to_be_visible()
    open_quick_add(page).fill("Typed in the dark")
    page.keyboard.press("Enter")
    expect(quick_add(page)).to_have_value("Typed in the dark")
    server.start_again()
    page.reload()
    expect(tasks(page).first).to_be_visible()
    expect(quick_add(page)).to_have_value("Typed in the dark")
    expect(quick_add(page)).to_be_visible()
    quick_add(page).press("Enter")
    expect(row(page, "Typed in the dark")).to_have_count(1)


def test_the_page_shows_the_truth_of_the_database(page: Page, server: KillableServer) -> None:
    add(page, "Buy milk", "Buy bread")
    check(page, "Buy bread").click()
    expect(row(page, "Buy bread")).to_have_count(0)
    server.kill()
    expect(_banner(page)).to_be_visible()
    server.change_title("Buy milk", "Buy oat milk")
    server.start_again()
    expect(row(page, "Buy oat milk")).to_be_visible()
    expect(row(page, "Buy milk")).to_have_count(0)
    expect(row(page, "Buy bread")).to_have_count(0)


def test_what_was_sent_and_not_answered_is_sent_again(page: Page, server: KillableServer) -> None:
    add(page, "Buy milk")
    panel = _open(page, "Buy milk")
    server.kill()
    expect(_banner(page)).to_be_visible()
    panel.get_by_label("Title").fill("Buy oat milk")
    panel.get_by_label("Title").press("Enter")
    server.start_again()
    expect(row(page, "Buy oat milk")).to_be_visible()
    expect(details(page).get_by_label("Title")).to_have_value("Buy oat milk")
    expect(panel.locator(".activity-list").get_by_role("listitem")).to_have_count(2)


def test_the_view_and_the_open_task_are_those_of_before(page: Page, server: KillableServer) -> None:
    add(page, "Aaa first", "Zzz last")
    page.goto("/all?sort=-title")
    expect(page.locator("[data-task-list] .task-title").first).to_have_text("Zzz last")
    _open(page, "Aaa first")
    server.kill()
    expect(_banner(page)).to_be_visible()
    server.start_again()
    expect(_banner(page)).to_have_count(0)
    expect(page.locator("[data-task-list] .task-title").first).to_have_text("Zzz last")
    expect(details(page).get_by_label("Title")).to_have_value("Aaa first")
    expect(page).to_have_url(re.compile(r"sort=-title&task="))


def _open(page: Page, text: str) -> Locator:
    """Open a task for good: the panel comes first, and a server killed before the address follows forgets it."""
    panel = open_details(page, text)
    expect(page).to_have_url(re.compile("[?&]task="))
    return panel
