"""Thousands of tasks: the list goes on as one scrolls, and nothing jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person, register
from e2e.steps import tasks, until

TASKS = 1000
_LISTED = """() => [...document.querySelectorAll("[data-task-list] .task")]
    .filter((row) => { const { top, bottom } = row.getBoundingClientRect(); return top > 60 && bottom < innerHeight; })
    .map((row) => `${row.dataset.taskId} ${row.querySelector(".task-title").innerText}`)"""

_AT_THE_END = "scrollY + innerHeight > document.documentElement.scrollHeight - 2"


@pytest.fixture(scope="module")
def owner(base_url: str, request: pytest.FixtureRequest) -> Person:
    """Somebody with more tasks than a window holds; they take the command line, so a copy of our own."""
    if request.config.getoption("--base-url"):
        pytest.skip("only the copy that the tests have started can be filled by its command line")
    person = register(base_url)
    request.getfixturevalue("live_server").command("seed", person.email, "--tasks", str(TASKS))
    return person


@pytest.fixture
def long_list(new_context: OpenContext, owner: Person, request: pytest.FixtureRequest) -> Page:
    viewport = {"width": 1280, "height": getattr(request, "param", 800)}
    page = new_context(owner, viewport=viewport).new_page()
    page.goto("/all?sort=title")
    expect(tasks(page).first).to_be_visible()
    page.mouse.move(640, 400)
    return page


def _scroll_down(page: Page, by: int) -> None:
    """Turn the wheel until other tasks are listed; at the end it does nothing until the list goes on."""
    before = page.evaluate(_LISTED)

    def has_moved() -> bool:
        if page.evaluate(_LISTED) != before:
            return True
        if page.evaluate(_AT_THE_END):
            page.mouse.wheel(0, by)
        return False

    page.mouse.wheel(0, by)
    until(page, has_moved)


def _scroll_back_to(page: Page, task: str) -> None:
    """Turn the wheel back until this task is listed."""

    def is_there() -> bool:
        page.mouse.wheel(0, -500)
        return task in page.evaluate(_LISTED)

    until(page, is_there, seconds=30)


def _is_at_the_end(page: Page) -> bool:
    return bool(
        page.evaluate(
            """!document.querySelector('[data-more="after"]')
                && scrollY + innerHeight > document.documentElement.scrollHeight - 400"""
        )
    )


def test_every_task_comes_by_once_and_in_order(long_list: Page) -> None:
    seen: list[str] = []
    most = 0
    while not _is_at_the_end(long_list):
        listed = long_list.evaluate(_LISTED)
        # What was at the bottom is still there: nothing was jumped over.
        assert not seen or seen[-1] in listed
        seen += listed[listed.index(seen[-1]) + 1 :] if seen else listed
        most = max(most, tasks(long_list).count())
        _scroll_down(long_list, 350)
    assert len(seen) > 200
    assert most == 100
    assert len(set(seen)) == len(seen)
    letters = [line.split(" ", 1)[1][0].casefold() for line in seen]
    letters = [letter for letter in letters if letter.isascii()]
    assert letters == sorted(letters)


@pytest.mark.parametrize("long_list", [800, 1100, 1440], indirect=True)
def test_the_window_comes_to_rest(long_list: Page) -> None:
    sent: list[object] = []

    def on_frame(frame: object) -> None:
        sent.append(frame)

    def is_at_rest() -> bool:
        sent.clear()
        before = long_list.evaluate(_LISTED)
        long_list.evaluate("new Promise((done) => setTimeout(done, 700))")
        return long_list.evaluate(_LISTED) == before and len(sent) <= 1  # a ping at most

    for _ in range(12):
        _scroll_down(long_list, 400)
    until(long_list, lambda: tasks(long_list).count() == 100)
    session = long_list.context.new_cdp_session(long_list)
    session.send("Network.enable")
    session.on("Network.webSocketFrameSent", on_frame)
    until(long_list, is_at_rest)


def test_scrolling_back_leads_to_the_first_task(long_list: Page) -> None:
    first = long_list.evaluate(_LISTED)[0]
    for _ in range(15):
        _scroll_down(long_list, 500)
    assert first not in long_list.evaluate(_LISTED)
    _scroll_back_to(long_list, first)
    assert long_list.evaluate(_LISTED)[0] == first


def test_the_place_is_kept_where_browsers_do_not_keep_it_themselves(
    new_context: OpenContext, owner: Person
) -> None:
    context = new_context(owner)
    context.add_init_script(
        """const supports = CSS.supports.bind(CSS);
        CSS.supports = (...given) => given[0] !== "overflow-anchor" && supports(...given);
        addEventListener("DOMContentLoaded", () => (document.documentElement.style.overflowAnchor = "none"));"""
    )
    page = context.new_page()
    page.goto("/all?sort=title")
    expect(tasks(page).first).to_be_visible()
    page.mouse.move(640, 400)
    for _ in range(30):
        before = page.evaluate(_LISTED)
        _scroll_down(page, 300)
        assert set(before) & set(page.evaluate(_LISTED))
