"""What people do again and again: add a task, find it in the list, open it."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect


def quick_add(page: Page) -> Locator:
    """The line that adds a task."""
    return page.locator("#quick-add-input")


def open_quick_add(page: Page) -> Locator:
    """Open it with its key, from wherever the focus is."""
    page.locator("main").focus()
    page.keyboard.press("q")
    expect(quick_add(page)).to_be_focused()
    return quick_add(page)


def add(page: Page, *lines: str) -> None:
    """Add tasks, one after the other."""
    line = open_quick_add(page)
    for text in lines:
        line.fill(text)
        line.press("Enter")
        expect(page.get_by_role("form", name="Task", exact=True)).to_have_attribute("aria-busy", "false")
        expect(line).to_have_value("")
    line.press("Escape")


def paste(field: Locator, text: str) -> None:
    """Paste a text; the browser puts it in unless the page refuses."""
    field.evaluate(
        """(field, text) => {
            field.focus();
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
        }""",
        text,
    )


def row(page: Page, title: str) -> Locator:
    """The row of the task with this title."""
    return tasks(page).filter(has=page.get_by_role("link", name=title, exact=True))


def tasks(page: Page) -> Locator:
    """All rows of the list."""
    return page.locator("[data-task-list] .task[data-task-id]")


def titles(page: Page) -> Locator:
    """The titles of the list, from top to bottom."""
    return page.locator("[data-task-list] .task .task-title")


def title(page: Page, text: str) -> Locator:
    """The title of a task in the list, as one clicks it."""
    return row(page, text).locator(".task-title")


def check(page: Page, text: str) -> Locator:
    """The round check box of a task in the list."""
    return row(page, text).locator(".check")


def details(page: Page) -> Locator:
    """The panel with everything about one task."""
    return page.get_by_role("complementary", name="Task")


def open_details(page: Page, text: str) -> Locator:
    """Open a task of the list."""
    title(page, text).click()
    expect(details(page)).to_be_visible()
    expect(details(page).get_by_label("Title")).to_have_value(text)
    return details(page)


def assistant(page: Page) -> Locator:
    """The panel in which one talks to the assistant."""
    return page.get_by_role("complementary", name="Assistant")


def say(page: Page, text: str) -> Locator:
    """Say something to the assistant, whose panel is open; its answer."""
    panel = assistant(page)
    field, answers = panel.get_by_role("textbox"), panel.locator(".message")
    before = answers.count()
    field.fill(text)
    field.press("Enter")
    expect(answers).to_have_count(before + 1)
    expect(panel).to_have_attribute("aria-busy", "false")
    return answers.nth(before)


def toast(page: Page) -> Locator:
    """The message at the corner."""
    return page.locator(".toast:visible")


def go_to(page: Page, name: str) -> None:
    """Go to a list of the sidebar."""
    page.locator(".sidebar").get_by_role("link", name=name).click()
    expect(page.locator('.sidebar [aria-current="page"]')).to_contain_text(name)


def swipe(page: Page, task: Locator, *, across: int, down: int = 0) -> None:
    """Draw a finger over a row, hold it there, and lift it.

    The moments are named, since the browser takes a finger lifted in full swing for a fling, and the next tap
    for a stop of it.
    """
    box = task.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch, began = page.context.new_cdp_session(page), time.time()

    def send(kind: str, second: float, *points: dict[str, float]) -> None:
        event = {"type": kind, "touchPoints": points, "timestamp": began + second}
        touch.send("Input.dispatchTouchEvent", event)

    send("touchStart", 0, {"x": x, "y": y})
    for step in range(1, 7):
        send("touchMove", step / 20, {"x": x + across * step / 6, "y": y + down * step / 6})
    send("touchEnd", 1)


def until(page: Page, holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for what can't be said of an element.

    Raises:
        AssertionError: It does not hold in time.
    """
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true"
        page.evaluate("new Promise(requestAnimationFrame)")


def stays_at(page: Page, element: Locator, y: float) -> None:
    """Expect an element at this height of the window, once the page has come to rest."""

    def is_there() -> bool:
        box = element.bounding_box()
        return box is not None and abs(box["y"] - y) < 2

    until(page, is_there)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert is_there()


def scroll_top(page: Page) -> float:
    """How far the list is scrolled."""
    return float(page.evaluate("document.scrollingElement.scrollTop"))
