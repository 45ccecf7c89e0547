"""On a slow line people do the next thing before the answer to the last one is there; neither is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from e2e.steps import add, details, row, title, titles


class Answers:
    """What the server says to a page; it can be kept back for a while."""

    def __init__(self, page: Page) -> None:
        self._kept: list[tuple[WebSocketRoute, str | bytes]] | None = None
        page.route_web_socket(re.compile("/_event"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        def on_answer(message: str | bytes) -> None:
            if self._kept is None:
                socket.send(message)
            else:
                self._kept.append((socket, message))

        socket.connect_to_server().on_message(on_answer)

    def keep(self) -> None:
        """From now on none arrives."""
        self._kept = []

    def let_go(self) -> None:
        """Those that were kept arrive, and all later ones."""
        kept, self._kept = self._kept or [], None
        for socket, message in kept:
            socket.send(message)


@pytest.fixture
def slow_page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def answers(slow_page: Page) -> Answers:
    answers = Answers(slow_page)
    slow_page.goto("/inbox")
    expect(slow_page.get_by_role("heading", level=1)).to_have_text("Inbox")
    return answers


def test_a_date_chosen_before_the_picker_knows_the_task_keeps_its_time(
    slow_page: Page, answers: Answers
) -> None:
    add(slow_page, "Pay rent", "Call Ana today 23:45")
    picker = slow_page.get_by_role("dialog", name="Due date")
    title(slow_page, "Pay rent").focus()
    slow_page.keyboard.press("d")
    picker.get_by_role("button", name="Today").click()
    expect(row(slow_page, "Pay rent")).to_contain_text("Today")

    answers.keep()
    title(slow_page, "Call Ana").focus()
    slow_page.keyboard.press("d")
    picker.get_by_role("button", name="Tomorrow").click()
    answers.let_go()

    expect(row(slow_page, "Call Ana")).to_contain_text("Tomorrow 23:45")
    expect(picker).to_be_hidden()


def test_a_filter_set_before_the_list_is_sorted_leaves_it_sorted(slow_page: Page, answers: Answers) -> None:
    add(slow_page, "Bbb p3", "Ccc", "Aaa p3")

    answers.keep()
    slow_page.get_by_role("button", name="Sort").click()
    slow_page.get_by_role("menuitemradio", name="Alphabetical").click()
    slow_page.get_by_role("button", name="Filter", exact=True).click()
    slow_page.get_by_role("button", name="Low", exact=True).click()
    slow_page.get_by_role("button", name="High", exact=True).click()
    answers.let_go()

    expect(slow_page).to_have_url(re.compile("priority=high&priority=low&sort=title"))
    expect(titles(slow_page)).to_have_text(["Aaa", "Bbb"])


def test_a_task_opened_before_the_list_is_sorted_leaves_it_sorted(slow_page: Page, answers: Answers) -> None:
    add(slow_page, "Bbb #x", "Aaa #x")

    answers.keep()
    slow_page.get_by_role("button", name="Sort").click()
    slow_page.get_by_role("menuitemradio", name="Alphabetical").click()
    title(slow_page, "Bbb").click()
    answers.let_go()

    expect(details(slow_page).get_by_label("Title")).to_have_value("Bbb")
    expect(slow_page).to_have_url(re.compile(r"\?sort=title&task="))
    expect(titles(slow_page)).to_have_text(["Aaa", "Bbb"])
