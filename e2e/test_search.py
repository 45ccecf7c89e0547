"""The search field: results while typing, and the way back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.steps import add, go_to, title, titles


def test_results_come_while_typing_and_escape_goes_back(page: Page) -> None:
    add(page, "Call Ana", "Pay rent")
    go_to(page, "Inbox")
    page.locator("main").focus()
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Search")
    expect(field).to_be_focused()
    page.keyboard.type("cal")

    expect(titles(page)).to_have_text(["Call Ana"])
    expect(title(page, "Call Ana").locator("mark")).to_have_text("Cal")
    expect(field).to_be_focused()
    page.keyboard.type("l z")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/inbox$"))
    expect(field).to_have_value("")
    expect(titles(page)).to_have_count(2)


def test_the_field_follows_the_address(page: Page) -> None:
    add(page, "Call Ana")
    field = page.get_by_role("searchbox", name="Search")
    field.press_sequentially("call", delay=30)
    expect(page).to_have_url(re.compile("q=call$"))

    page.go_back()
    expect(page).to_have_url(re.compile("/all$"))
    expect(field).to_have_value("")
    page.go_forward()
    expect(field).to_have_value("call")
    expect(titles(page)).to_have_text(["Call Ana"])
    page.reload()
    expect(field).to_have_value("call")
    page.get_by_role("button", name="Clear the search").click()
    expect(field).to_have_value("")
    expect(page).not_to_have_url(re.compile("q="))
