"""Manual order: by dragging, by keys, and over the edge of what is shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, go_to, row, title, titles, toast


@pytest.fixture
def rows(page: Page) -> Locator:
    """The titles of five tasks in manual order."""
    go_to(page, "Inbox")
    add(page, *"ABCDE")
    page.goto("/inbox?sort=manual")
    expect(titles(page)).to_have_text(list("ABCDE"))
    return titles(page)


def drag(page: Page, task: str, onto: str, *, below: bool) -> None:
    """Drag a row's handle to the upper or lower part of another row, and leave it there."""
    row(page, task).hover()
    expect(row(page, task).locator(".task-drag")).to_be_visible()
    handle, there = row(page, task).locator(".task-drag").bounding_box(), row(page, onto).bounding_box()
    assert handle
    assert there
    page.mouse.move(handle["x"] + 4, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 24, handle["y"] + 24, steps=3)
    page.mouse.move(handle["x"] + 24, there["y"] + (there["height"] - 4 if below else 4), steps=5)


def test_a_row_is_dragged_to_where_the_line_shows(page: Page, rows: Locator) -> None:
    drag(page, "A", "C", below=True)
    expect(row(page, "D")).to_have_attribute("data-drop", "before")
    page.mouse.up()

    expect(rows).to_have_text(list("BCADE"))
    expect(page.locator("[data-drop], .drag-ghost")).to_have_count(0)
    page.reload()
    expect(rows).to_have_text(list("BCADE"))


def test_a_row_is_dragged_to_both_ends(page: Page, rows: Locator) -> None:
    drag(page, "C", "A", below=False)
    page.mouse.up()
    expect(rows).to_have_text(list("CABDE"))
    drag(page, "A", "E", below=True)
    page.mouse.up()
    expect(rows).to_have_text(list("CBDEA"))


def test_escape_gives_up_a_drag(page: Page, rows: Locator) -> None:
    drag(page, "A", "D", below=True)
    page.keyboard.press("Escape")
    page.mouse.up()

    expect(page.locator("[data-drop], .drag-ghost")).to_have_count(0)
    expect(rows).to_have_text(list("ABCDE"))


def test_holding_the_keys_carries_a_row_on_with_the_focus(page: Page, rows: Locator) -> None:
    title(page, "A").focus()
    for _ in range(3):
        page.keyboard.press("Alt+ArrowDown")
    expect(rows).to_have_text(list("BCDAE"))
    expect(title(page, "A")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(rows).to_have_text(list("BCADE"))
    toast(page).get_by_role("button", name="Undo").click()
    expect(rows).to_have_text(list("BCDAE"))


def test_an_order_turned_round_is_moved_as_it_looks(page: Page, rows: Locator) -> None:
    page.goto("/inbox?sort=-manual")
    expect(rows).to_have_text(list("EDCBA"))
    title(page, "E").focus()
    page.keyboard.press("Alt+ArrowDown")

    expect(rows).to_have_text(list("DECBA"))


def test_other_orders_have_no_handle(page: Page, rows: Locator) -> None:
    page.goto("/inbox")
    row(page, "A").hover()

    expect(row(page, "A").locator(".task-drag")).to_be_hidden()
