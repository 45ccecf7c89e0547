"""On a phone: a drawer, a sheet, a floating button, room for fingers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, details, quick_add, row, swipe, title, toast

FINGER = 44
_PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(new_context: OpenContext, person: Person) -> Page:
    page = new_context(person, viewport=_PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/all")
    expect(page.get_by_role("heading", level=1)).to_have_text("All tasks")
    return page


def _sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _too_small(within: Locator) -> list[str]:
    """The controls that are smaller than a finger, or that others lie over."""
    found: list[str] = within.evaluate(
        """(root, least) => [...root.querySelectorAll("button, a[href], input, textarea, select, [role=button]")]
            .filter((each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
            .filter((each) => !each.matches(".skip-link, .prose a"))
            .map((each) => [each, (each.closest("label") ?? each).getBoundingClientRect()])
            .filter(([, { width, height }]) => width && height && (width < least - 0.5 || height < least - 0.5))
            .map(([each, { width, height }]) =>
                `${each.ariaLabel ?? each.innerText} <${each.className}> ${width} x ${height}`)""",
        FINGER,
    )
    return found


def test_the_sidebar_is_a_drawer(phone: Page) -> None:
    sidebar = phone.locator(".sidebar")
    expect(sidebar).to_be_hidden()
    phone.get_by_role("button", name="Open the sidebar").tap()
    expect(sidebar).to_be_visible()
    expect(sidebar.get_by_role("button", name="Close the sidebar")).to_be_focused()
    sidebar.get_by_role("link", name="Inbox").tap()
    expect(sidebar).to_be_hidden()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Inbox")

    phone.get_by_role("button", name="Open the sidebar").tap()
    phone.keyboard.press("Escape")
    expect(sidebar).to_be_hidden()
    expect(phone.get_by_role("button", name="Open the sidebar")).to_be_focused()


def test_the_floating_button_adds_a_task(phone: Page) -> None:
    phone.get_by_role("button", name="Add task", exact=True).last.tap()
    expect(quick_add(phone)).to_be_focused()
    quick_add(phone).fill("Buy milk tomorrow")
    phone.locator("form").get_by_role("button", name="Add task").tap()
    expect(row(phone, "Buy milk")).to_contain_text("Tomorrow")


def test_details_are_a_sheet_over_everything(phone: Page) -> None:
    add(phone, "Buy milk")
    title(phone, "Buy milk").tap()
    expect(details(phone)).to_be_visible()
    expect(details(phone)).to_be_in_viewport(ratio=1)
    box = details(phone).bounding_box()
    assert box
    assert (box["width"], box["height"]) == (_PHONE["width"], _PHONE["height"])
    for _ in range(30):
        phone.keyboard.press("Tab")
        assert phone.evaluate(
            "document.activeElement === document.body || Boolean(document.activeElement.closest('.details, .toasts'))"
        )
    details(phone).get_by_role("button", name="Close").tap()
    expect(details(phone)).to_have_count(0)
    expect(title(phone, "Buy milk")).to_be_visible()


def test_swiping_right_completes_and_left_asks_for_a_date(phone: Page) -> None:
    add(phone, "Buy milk", "Buy bread")
    swipe(phone, row(phone, "Buy milk"), across=160)
    expect(row(phone, "Buy milk")).to_have_count(0)
    expect(toast(phone)).to_contain_text("Completed “Buy milk”")
    swipe(phone, row(phone, "Buy bread"), across=-160)
    expect(phone.get_by_role("dialog", name="Due date")).to_be_visible()


def test_every_control_is_large_enough_for_a_finger(phone: Page) -> None:
    add(phone, "Buy milk today #shop p1")
    assert _too_small(phone.locator(".app")) == []
    phone.get_by_role("button", name="Open the sidebar").tap()
    assert _too_small(phone.locator(".sidebar")) == []
    phone.keyboard.press("Escape")
    for name in ("Sort", "Filter"):
        phone.get_by_role("button", name=name).tap()
        assert _too_small(phone.locator("[popover]:popover-open")) == []
        phone.keyboard.press("Escape")
    title(phone, "Buy milk").tap()
    expect(details(phone)).to_be_visible()
    assert _too_small(details(phone)) == []


def test_repeating_is_large_enough_for_a_finger(phone: Page) -> None:
    add(phone, "Pay rent every month on the 1st at 9am !30 min before")
    assert _too_small(phone.locator(".app")) == []
    title(phone, "Pay rent").tap()
    expect(details(phone).get_by_role("button", name="Skip this one")).to_be_visible()
    assert _too_small(details(phone)) == []
    # Each fills itself once the server has answered.
    for name, filled in (("Due", "Move the following ones too"), ("Reminders", "30 min before")):
        details(phone).get_by_role("button", name=name, exact=True).tap()
        expect(phone.locator("[popover]:popover-open")).to_be_visible()
        expect(phone.locator("[popover]:popover-open")).to_contain_text(filled)
        assert _too_small(phone.locator("[popover]:popover-open")) == []
        phone.keyboard.press("Escape")
    details(phone).get_by_role("button", name="Repeats").tap()
    dialog = phone.get_by_role("dialog", name="Repeat")
    for text in (
        "every 2 weeks on mon, fri until 2030-03-01",
        "every 1st and 15th",
        "every last friday for 5 times",
    ):
        dialog.get_by_label("Type how it repeats").fill(text)
        expect(dialog.get_by_role("region")).to_have_attribute("data-stale", "false")
        assert _too_small(dialog) == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 640})
    add(phone, f"{'Donaudampfschiff' * 12} today 17:00 #{'longtag' * 8} +{'Project' * 8} p1")
    expect(phone.locator("[data-task-list] .tag")).to_be_visible()
    assert _sideways(phone) == 0
    title(phone, "Donaudampfschiff" * 12).tap()
    expect(details(phone)).to_be_visible()
    assert _sideways(phone) == 0
    for path in ("/settings", "/activity", "/trash", "/search?q=Donau"):
        phone.goto(path)
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        assert _sideways(phone) == 0, path
