"""The sheet of keys."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_it_opens_by_its_key_and_closes_by_escape_button_and_a_click_beside(page: Page) -> None:
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_hidden()
    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: sheet.get_by_role("button", name="Close").click(),
        lambda: page.mouse.click(5, 5),
    ):
        page.locator("main").focus()
        page.keyboard.press("?")
        expect(sheet).to_be_visible()
        expect(sheet.get_by_role("term").filter(has_text="Add a task")).to_be_visible()
        close()
        expect(sheet).to_be_hidden()
