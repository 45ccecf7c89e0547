"""Search as one types."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, open_details, paste, row, tasks, titles

_WORDS = ("NEAR", "NEAR(a b)", "OR", "AND NOT", "title:x", "'; drop table task; --")
_OPERATORS = (*_WORDS, '"', '""', "*", "-", "- -", "(", "()", "%", "\\", "^", "{}", ":", "+", "😀")


@pytest.fixture
def search(page: Page) -> Locator:
    add(page, "Call Zoë about the café", "Renew the passport p1", 'Say "hello" - twice', "Caféteria menu")
    return page.get_by_role("searchbox", name="Search")


def test_results_come_while_typing_with_the_match_marked(page: Page, search: Locator) -> None:
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("passp")
    expect(titles(page)).to_have_text(["Renew the passport"])
    expect(row(page, "Renew the passport").locator("mark")).to_have_text("passp")
    expect(search).to_be_focused()
    page.keyboard.type("ort")
    expect(row(page, "Renew the passport").locator("mark")).to_have_text("passport")


def test_diacritics_and_case_do_not_matter(page: Page, search: Locator) -> None:
    for text in ("zoe", "CAFE zoë", "ZOË"):
        search.fill(text)
        expect(titles(page)).to_have_text(["Call Zoë about the café"])
    search.fill("cafe")
    expect(tasks(page)).to_have_count(2)


def test_the_words_of_a_description_are_found(page: Page) -> None:
    add(page, "Plan the trip")
    panel = open_details(page, "Plan the trip")
    panel.get_by_role("button", name="Edit the description").click()
    panel.get_by_label("Description", exact=True).fill("Take the night train")
    panel.get_by_role("button", name="Save").click()
    expect(panel).to_contain_text("Take the night train")
    page.get_by_role("searchbox", name="Search").fill("night tr")
    expect(titles(page)).to_have_text(["Plan the trip"])


def test_operators_are_words_like_any_other(page: Page, search: Locator) -> None:
    for text in _OPERATORS:
        search.fill(f"passport {text}")
        expect(page).to_have_url(re.compile(re.escape(f"/search?{urlencode({'q': f'passport {text}'})}")))
        expect(tasks(page).filter(has_text="Renew the passport")).to_have_count(0 if text in _WORDS else 1)
        expect(page.locator(".toast[data-kind='error']:visible")).to_have_count(0)


def test_nothing_found_says_what_to_try(page: Page, search: Locator) -> None:
    search.fill("xyzzy")
    expect(page.locator("[data-task-list]")).to_contain_text("Nothing found")


def test_back_and_escape_leave_the_search(page: Page, search: Locator) -> None:
    search.fill("pass")
    expect(page).to_have_url(re.compile(r"/search\?q=pass"))
    search.press_sequentially("port")
    expect(page).to_have_url(re.compile(r"/search\?q=passport"))
    page.go_back()
    expect(page).to_have_url(re.compile("/all"))
    expect(search).to_have_value("")

    search.fill("pass")
    expect(titles(page)).to_have_text(["Renew the passport"])
    search.press("Escape")
    expect(page).to_have_url(re.compile("/all"))
    expect(search).to_have_value("")


def test_a_search_can_be_bookmarked(page: Page, search: Locator) -> None:
    search.fill("passport")
    expect(page).to_have_url(re.compile(r"/search\?q=passport"))
    page.reload()
    expect(titles(page)).to_have_text(["Renew the passport"])
    expect(search).to_have_value("passport")


def test_a_pasted_book_is_cut_and_the_page_lives_on(page: Page, search: Locator) -> None:
    paste(search, "passport " * 550_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    search.fill("passport")
    expect(titles(page)).to_have_text(["Renew the passport"])
