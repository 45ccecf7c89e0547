"""The filter panel: combinable, shown as chips, held by the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, go_to, titles


@pytest.fixture
def panel(page: Page) -> Locator:
    """Opened over a list of four tasks."""
    go_to(page, "Inbox")
    add(page, "One #home p1 today", "Two #work p1", "Three #home", "Four #home #work p2")
    expect(titles(page)).to_have_count(4)
    page.locator("main").focus()
    page.keyboard.press("f")
    panel = page.get_by_role("dialog", name="Filter")
    expect(panel).to_be_visible()
    return panel


def press(panel: Locator, group: str, name: str) -> Locator:
    button = panel.get_by_role("group", name=group).get_by_role("button", name=name)
    button.click()
    return button


def test_filters_combine_and_are_counted(page: Page, panel: Locator) -> None:
    expect(press(panel, "Priority", "High")).to_have_attribute("aria-pressed", "true")
    expect(titles(page)).to_have_text(["One", "Two"])
    press(panel, "Tags", "home")
    expect(titles(page)).to_have_text(["One"])
    press(panel, "Priority", "Medium")
    expect(titles(page)).to_have_text(["One", "Four"])

    expect(panel).to_be_visible()
    expect(page.get_by_role("button", name="Filter, 2 set")).to_be_visible()
    expect(page.locator(".filter-line .chip")).to_have_text(["High or Medium", "home"])


def test_tags_match_any_all_or_none(page: Page, panel: Locator) -> None:
    press(panel, "Tags", "home")
    press(panel, "Tags", "work")
    expect(titles(page)).to_have_count(4)
    panel.get_by_role("radio", name="All", exact=True).click()
    expect(titles(page)).to_have_text(["Four"])
    panel.get_by_role("radio", name="None of").click()
    expect(titles(page)).to_have_count(0)
    expect(page.get_by_text("No task passes these filters")).to_be_visible()


def test_the_address_holds_it_and_back_takes_it_away(page: Page, panel: Locator) -> None:
    press(panel, "Priority", "High")
    expect(page).to_have_url(re.compile("priority=high"))
    press(panel, "Due", "Today")
    expect(titles(page)).to_have_text(["One"])
    bookmark = page.url

    page.go_back()
    expect(titles(page)).to_have_text(["One", "Two"])
    page.go_back()
    expect(titles(page)).to_have_count(4)
    page.goto(bookmark)
    expect(titles(page)).to_have_text(["One"])
    expect(page.locator(".filter-line .chip")).to_have_text(["High", "Due today"])
    assert bookmark.endswith("due=today")  # by its name, so that it will be right tomorrow


def test_a_chip_is_removed_and_all_are_cleared(page: Page, panel: Locator) -> None:
    press(panel, "Priority", "High")
    press(panel, "Due", "No date")
    expect(titles(page)).to_have_text(["Two"])
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Remove No date").click()
    expect(titles(page)).to_have_text(["One", "Two"])
    page.locator(".filter-line").get_by_role("button", name="Clear all").click()
    expect(titles(page)).to_have_count(4)
    expect(page.locator(".filter-line")).to_have_count(0)


def test_both_days_of_a_range_count_however_quickly_they_are_typed(page: Page, panel: Locator) -> None:
    panel.get_by_label("Due from").fill("2027-02-02")
    panel.get_by_label("Due to").fill("2027-02-03")

    expect(page).to_have_url(re.compile("due_after=2027-02-02&due_before=2027-02-03"))
    expect(panel.get_by_label("Due from")).to_have_value("2027-02-02")
    expect(panel.get_by_label("Due to")).to_have_value("2027-02-03")


def test_a_range_that_cannot_be_is_said(page: Page, panel: Locator) -> None:
    panel.get_by_label("Due from").fill("2027-02-02")
    expect(page).to_have_url(re.compile("due_after=2027-02-02"))
    panel.get_by_label("Due to").fill("2027-02-01")

    expect(panel.get_by_role("alert")).to_have_text("The first day is after the last one.")
    expect(panel.get_by_label("Due to")).to_have_value("2027-02-01")
