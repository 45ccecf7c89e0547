"""The forms on a slow line: what is typed and sent before the page's scripts are there is neither lost nor halved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import OpenContext
from e2e.people import PASSWORD, Person, fresh_email
from e2e.steps import open_quick_add, quick_add, tasks

ALL_SCRIPTS = re.compile(r"/(assets|client)/.*\.js$")
OF_THE_CLIENT = re.compile(r"/client/.*\.js$")
OF_REACT = re.compile(r"/assets/.*\.js$")
ZONE = "Pacific/Auckland"


class KeptBack:
    """Scripts that do not arrive until they are let go."""

    def __init__(self, page: Page, scripts: re.Pattern[str]) -> None:
        self._page = page
        self._waiting: list[Route] | None = []
        page.route(scripts, self._keep)

    def _keep(self, route: Route) -> None:
        if self._waiting is None:
            route.continue_()
        else:
            self._waiting.append(route)

    def let_go(self) -> None:
        """Let them all arrive, and wait until React has taken the page over: then it opens its socket."""
        with self._page.expect_websocket():
            self.let_go_last()

    def let_go_last(self) -> None:
        """Let them all arrive where React is already."""
        waiting, self._waiting = self._waiting or [], None
        for route in waiting:
            route.continue_()


@pytest.fixture
def sent(slow_page: Page) -> list[str]:
    """The addresses that anything was posted to."""
    found: list[str] = []
    slow_page.on("request", lambda request: found.append(request.url) if request.method == "POST" else None)
    return found


@pytest.fixture
def slow_page(new_context: OpenContext) -> Page:
    return new_context(timezone_id=ZONE).new_page()


def type_in(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.keyboard.type(text)


def test_what_is_typed_before_the_scripts_stays(slow_page: Page) -> None:
    scripts = KeptBack(slow_page, ALL_SCRIPTS)
    slow_page.goto("/register", wait_until="commit")
    email = fresh_email()
    type_in(slow_page, "E-mail", email)
    type_in(slow_page, "Password", PASSWORD[:7])

    scripts.let_go()
    slow_page.keyboard.type(PASSWORD[7:])

    expect(slow_page.get_by_label("E-mail")).to_have_value(email)
    expect(slow_page.get_by_label("Password", exact=True)).to_have_value(PASSWORD)
    expect(slow_page.get_by_label("Time zone")).to_have_value(ZONE)
    slow_page.keyboard.press("Enter")
    expect(slow_page.locator(".sidebar")).to_contain_text(email)


def test_what_is_sent_before_the_scripts_waits_for_them_and_goes_whole(
    slow_page: Page, sent: list[str]
) -> None:
    scripts = KeptBack(slow_page, ALL_SCRIPTS)
    slow_page.goto("/register", wait_until="commit")
    email = fresh_email()
    type_in(slow_page, "E-mail", email)
    type_in(slow_page, "Password", PASSWORD)
    slow_page.keyboard.press("Enter")
    slow_page.keyboard.press("Enter")
    expect(slow_page.get_by_role("button", name="Create account")).to_have_attribute("aria-busy", "true")
    assert sent == []

    scripts.let_go()

    expect(slow_page.locator(".sidebar")).to_contain_text(email)
    assert [address.partition("/auth/")[2] for address in sent] == ["register"]
    slow_page.goto("/settings")
    expect(slow_page.locator("#timezone")).to_have_value(ZONE)


def test_an_error_said_before_react_stays_with_what_was_typed(slow_page: Page, complaints: list[str]) -> None:
    scripts = KeptBack(slow_page, OF_REACT)
    slow_page.goto("/register", wait_until="commit")
    email = fresh_email()
    type_in(slow_page, "E-mail", email)
    type_in(slow_page, "Password", "short")
    slow_page.keyboard.press("Enter")
    alert = slow_page.get_by_role("alert").filter(visible=True)
    expect(alert).to_have_text("Use at least 10 characters.")
    complaints.clear()  # the browser writes each refused request to the console

    scripts.let_go()

    expect(alert).to_have_text("Use at least 10 characters.")
    expect(slow_page.get_by_label("Password", exact=True)).to_be_focused()
    expect(slow_page.get_by_label("Password", exact=True)).to_have_value("short")
    expect(slow_page.get_by_label("E-mail")).to_have_value(email)


def test_so_does_a_wrong_log_in(slow_page: Page, person: Person, complaints: list[str]) -> None:
    scripts = KeptBack(slow_page, OF_REACT)
    slow_page.goto("/login", wait_until="commit")
    type_in(slow_page, "E-mail", person.email)
    type_in(slow_page, "Password", "wrong horse battery")
    slow_page.keyboard.press("Enter")
    alert = slow_page.get_by_role("alert").filter(visible=True)
    expect(alert).to_have_text("E-mail or password is wrong.")
    complaints.clear()

    scripts.let_go()

    expect(alert).to_have_text("E-mail or password is wrong.")
    expect(slow_page.get_by_label("E-mail")).to_have_value(person.email)


def test_a_line_that_was_being_typed_is_shown_again_when_the_client_comes_last(page: Page) -> None:
    open_quick_add(page).fill("Half typ")
    scripts = KeptBack(page, OF_THE_CLIENT)
    page.reload(wait_until="commit")
    expect(tasks(page).first).to_be_visible()
    expect(quick_add(page)).to_have_value("Half typ")

    scripts.let_go_last()

    expect(quick_add(page)).to_be_visible()
