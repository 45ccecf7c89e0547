"""On a phone: swipes, sheets at the foot of the screen, and room for a finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import row, swipe, title, titles, toast

PHONE = {"width": 390, "height": 844}
# Every control of what is open; a text's own line may be lower when its row is not.
SMALL = """open => Array.from(open.querySelectorAll("button, select, input"))
    .filter(each => each.getClientRects().length)
    .map(each => [each.getAttribute("aria-label") ?? each.textContent, each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([name]) => name)"""


@pytest.fixture
def phone(new_context: OpenContext, person: Person) -> Page:
    """A list of two tasks on a phone."""
    page = new_context(person, viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/inbox")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    page.get_by_role("button", name="Add task").last.tap()
    for text in ("Pay rent #home", "Call Ana"):
        page.locator("#quick-add-input").fill(text)
        page.locator("#quick-add-input").press("Enter")
    page.locator("#quick-add-input").press("Escape")
    expect(titles(page)).to_have_count(2)
    return page


def settled(page: Page) -> Locator:
    """What has opened, once it has come up from the foot of the screen: nobody taps faster than that."""
    sheet = page.locator(":popover-open")
    expect(sheet).to_be_visible()
    sheet.evaluate("sheet => Promise.all(sheet.getAnimations().map(each => each.finished))")
    return sheet


def test_a_swipe_to_the_right_completes(phone: Page) -> None:
    swipe(phone, row(phone, "Pay rent"), across=110)

    expect(titles(phone)).to_have_text(["Call Ana"])
    expect(toast(phone)).to_contain_text("Completed “Pay rent”")


def test_a_swipe_to_the_left_opens_the_date_picker_for_that_task(phone: Page) -> None:
    swipe(phone, row(phone, "Call Ana"), across=-110)
    settled(phone).get_by_role("button", name="Tomorrow").tap()

    expect(row(phone, "Call Ana")).to_contain_text("Tomorrow")


@pytest.mark.parametrize(("across", "down"), [(30, 0), (-30, 0), (80, 200)])
def test_a_short_or_a_downward_swipe_does_nothing(phone: Page, across: int, down: int) -> None:
    swipe(phone, row(phone, "Pay rent"), across=across, down=down)

    expect(phone.locator("[data-swipe]")).to_have_count(0)
    expect(titles(phone)).to_have_count(2)
    expect(phone.get_by_role("dialog", name="Due date")).to_be_hidden()


@pytest.mark.parametrize("opener", ["date", "tags", "filter", "sort"])
def test_what_opens_is_a_sheet_with_room_for_a_finger(phone: Page, opener: str) -> None:
    phone.locator(f'[data-do="{opener}"]').first.evaluate("button => button.click()")
    sheet = settled(phone)

    box = sheet.bounding_box()
    assert box
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 390, 844)
    assert sheet.evaluate(SMALL) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_the_tag_manager_has_room_for_a_finger(phone: Page) -> None:
    phone.get_by_role("button", name="Open the sidebar").tap()
    phone.get_by_role("button", name="Manage tags").tap()
    manager = phone.get_by_role("dialog", name="Tags", exact=True)
    expect(manager.get_by_label("Name of home")).to_be_visible()

    assert manager.evaluate(SMALL) == []


def test_a_tap_still_opens_the_task(phone: Page) -> None:
    title(phone, "Pay rent").tap()

    expect(phone.get_by_role("complementary", name="Task")).to_be_visible()
