"""Light and dark, as chosen, kept in the browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person


def _is_dark(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => { const [r, g, b] = getComputedStyle(document.body).color.match(/[\\d.]+/g);
                return Number(r) + Number(g) + Number(b) > 380; }"""
        )
    )


def test_the_button_turns_the_page_dark_and_it_stays_so(page: Page) -> None:
    assert not _is_dark(page)
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert _is_dark(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert _is_dark(page)
    page.get_by_role("button", name="Light or dark").click()
    assert not _is_dark(page)


def test_the_page_follows_the_system_until_somebody_chooses(new_context: OpenContext, person: Person) -> None:
    page = new_context(person, color_scheme="dark").new_page()
    page.goto("/settings")
    expect(page.get_by_role("radio", name="System")).to_have_attribute("aria-checked", "true")
    assert _is_dark(page)
    page.emulate_media(color_scheme="light")
    assert not _is_dark(page)
    page.get_by_role("radio", name="Dark").click()
    assert _is_dark(page)
    page.get_by_role("radio", name="System").click()
    assert not _is_dark(page)


def test_another_tab_follows(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/today")
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Light or dark").click()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
