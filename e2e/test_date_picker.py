"""The date picker: by words, by shortcuts, by the keys of its month, with time and zone; mistakes are said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, open_details, row, title, toast


@pytest.fixture
def picker(page: Page) -> Locator:
    """Opened for a task without a date, by its key."""
    add(page, "Pay rent")
    title(page, "Pay rent").focus()
    page.keyboard.press("d")
    picker = page.get_by_role("dialog", name="Due date")
    expect(picker.get_by_role("button", name="Tomorrow")).to_be_visible()
    expect(picker.get_by_label("Type a date")).to_be_focused()
    return picker


def test_words_are_read_while_typing_and_set_by_enter(page: Page, picker: Locator) -> None:
    page.keyboard.type("24 dec 2027 5pm")

    expect(picker.get_by_role("status")).to_have_text("Friday 24 December 2027, 17:00")
    expect(picker.get_by_role("gridcell", selected=True)).to_have_text("24")
    expect(picker.get_by_label("Time", exact=True)).to_have_value("17:00")
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(row(page, "Pay rent")).to_contain_text("24 Dec 2027 17:00")
    expect(title(page, "Pay rent")).to_be_visible()


def test_words_sent_before_they_are_read_are_set_too(page: Page, picker: Locator) -> None:
    page.keyboard.type("tomorrow", delay=0)
    page.keyboard.press("Enter")

    expect(row(page, "Pay rent")).to_contain_text("Tomorrow")


def test_a_shortcut_sets_at_once_and_can_be_undone(page: Page, picker: Locator) -> None:
    picker.get_by_role("button", name="Tomorrow").click()

    expect(picker).to_be_hidden()
    expect(row(page, "Pay rent")).to_contain_text("Tomorrow")
    toast(page).get_by_role("button", name="Undo").click()
    expect(row(page, "Pay rent").locator(".due")).to_have_count(0)


def test_the_month_is_worked_by_keys(page: Page, picker: Locator) -> None:
    today = page.locator('.day[aria-current="date"]')
    day = date.fromisoformat(today.get_attribute("data-day") or "")
    focused = page.locator(".day:focus")
    today.focus()

    for key, days in (("ArrowRight", 1), ("ArrowDown", 7), ("ArrowLeft", -1), ("ArrowUp", -7)):
        page.keyboard.press(key)
        day += timedelta(days=days)
        expect(focused).to_have_attribute("data-day", day.isoformat())
    page.keyboard.press("Home")
    expect(focused).to_have_attribute("data-day", (day - timedelta(day.weekday())).isoformat())
    page.keyboard.press("End")
    expect(focused).to_have_attribute("data-day", (day + timedelta(6 - day.weekday())).isoformat())
    shown = focused.get_attribute("data-day")
    page.keyboard.press("PageDown")
    expect(focused).not_to_have_attribute("data-day", shown or "")
    page.keyboard.press("Shift+PageUp")
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(row(page, "Pay rent").locator(".due")).to_have_attribute("data-state", "overdue")


def test_a_zone_and_a_time_are_kept(page: Page, picker: Locator) -> None:
    page.keyboard.type("24 dec 2027")
    expect(picker.get_by_role("status")).to_have_text("Friday 24 December 2027")
    picker.get_by_label("Time", exact=True).fill("5pm")
    picker.get_by_label("Time zone").select_option("Asia/Tokyo")
    picker.get_by_role("button", name="Set date").click()
    expect(picker).to_be_hidden()

    expect(row(page, "Pay rent")).to_contain_text("24 Dec 2027 09:00")
    panel = open_details(page, "Pay rent")
    panel.locator('[data-menu="menu-date"]').click()
    expect(picker.get_by_label("Time", exact=True)).to_have_value("17:00")
    expect(picker.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    picker.get_by_role("button", name="No date").click()
    expect(row(page, "Pay rent").locator(".due")).to_have_count(0)


@pytest.mark.parametrize("words", ["31 feb", "9999-01-01", "yesteryear"])
def test_what_is_no_date_is_said_at_the_field(page: Page, picker: Locator, words: str) -> None:
    page.keyboard.type(words)
    line = picker.get_by_label("Type a date")
    expect(line).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Enter")

    expect(picker).to_be_visible()
    expect(line).to_have_value(words)
    expect(row(page, "Pay rent").locator(".due")).to_have_count(0)


def test_a_time_that_is_none_is_said_at_its_field(page: Page, picker: Locator) -> None:
    picker.get_by_label("Time", exact=True).fill("25:00")
    picker.get_by_role("button", name="Set date").click()

    expect(picker.get_by_role("alert")).to_contain_text("“25:00” is no time")
    expect(picker.get_by_label("Time", exact=True)).to_be_focused()


def test_escape_leaves_everything_as_it_was(page: Page, picker: Locator) -> None:
    page.keyboard.type("tomorrow")
    page.keyboard.press("Escape")

    expect(picker).to_be_hidden()
    expect(row(page, "Pay rent").locator(".due")).to_have_count(0)
    expect(row(page, "Pay rent").locator(":focus")).to_have_count(1)
