"""The assistant's panel."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, assistant, details, row, say, until


def field(page: Page) -> Locator:
    return assistant(page).get_by_role("textbox", name="Say something to the assistant")


@pytest.fixture
def opened(page: Page) -> Page:
    """With the panel open, by its key."""
    add(page, "Call mum tomorrow", "Call the bank", "Pay rent today #home p1")
    page.locator("main").focus()
    page.keyboard.press("a")
    expect(field(page)).to_be_focused()
    return page


def test_a_task_is_added_and_taken_back_in_one_click(opened: Page) -> None:
    answer = say(opened, "add buy bread tomorrow at 9 #home")
    expect(answer).to_contain_text("Added “buy bread”")
    expect(answer.locator(".card")).to_contain_text("Tomorrow 09:00")
    expect(row(opened, "buy bread")).to_be_visible()

    answer.get_by_role("button", name="Undo").click()
    expect(row(opened, "buy bread")).to_have_count(0)
    expect(answer).to_contain_text("Undone.")
    expect(answer.get_by_role("button", name="Undo")).to_have_count(0)


def test_questions_are_answered_by_their_buttons(opened: Page) -> None:
    say(opened, "complete call").get_by_role("button", name="Call mum").click()
    expect(row(opened, "Call mum")).to_have_count(0)
    expect(assistant(opened).get_by_text("Completed “Call mum”.")).to_be_visible()
    expect(assistant(opened)).to_have_attribute("aria-busy", "false")

    say(opened, "delete pay rent").get_by_role("button", name="yes").click()
    expect(row(opened, "Pay rent")).to_have_count(0)
    expect(row(opened, "Call the bank")).to_be_visible()


def test_cards_are_ticked_and_opened_and_escape_closes_the_panel(opened: Page) -> None:
    card = say(opened, "what's due today?").locator(".card").filter(has_text="Pay rent")
    card.get_by_role("checkbox").click()
    expect(card.get_by_role("checkbox")).to_be_checked()
    expect(row(opened, "Pay rent")).to_have_count(0)

    opened.keyboard.press("Escape")
    expect(assistant(opened)).to_have_count(0)


def test_an_open_task_takes_the_panel_s_place_where_both_would_cover_the_list(opened: Page) -> None:
    say(opened, "search rent").get_by_role("link", name="Pay rent").click()
    expect(details(opened).get_by_label("Title")).to_have_value("Pay rent")
    expect(assistant(opened)).to_be_hidden()
    assert (row(opened, "Call the bank").bounding_box() or {})["width"] >= 400

    opened.set_viewport_size({"width": 1800, "height": 800})
    expect(assistant(opened)).to_be_visible()
    expect(details(opened)).to_be_visible()
    left = (details(opened).bounding_box() or {})["x"]
    assert (
        left + (details(opened).bounding_box() or {})["width"]
        <= (assistant(opened).bounding_box() or {})["x"] + 1
    )

    opened.set_viewport_size({"width": 1280, "height": 800})
    details(opened).get_by_role("button", name="Close").click()
    expect(assistant(opened)).to_be_visible()


def test_reminders_at_the_corner_leave_the_line_to_type_in_free(opened: Page) -> None:
    corner = opened.locator(".reminders").evaluate("corner => corner.getBoundingClientRect().right")

    assert corner <= (assistant(opened).bounding_box() or {})["x"]


def test_a_card_follows_what_is_done_elsewhere(opened: Page) -> None:
    card = say(opened, "search rent").locator(".card")
    expect(card.get_by_role("checkbox")).not_to_be_checked()

    row(opened, "Pay rent").get_by_role("checkbox").click()

    expect(card.get_by_role("checkbox")).to_be_checked()


def test_on_a_phone_it_is_a_sheet_and_a_task_takes_its_place(
    new_context: OpenContext, person: Person
) -> None:
    page = new_context(
        person, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ).new_page()
    page.goto("/all")
    page.get_by_role("button", name="Assistant", exact=True).click()
    expect(field(page)).to_be_focused()
    answer = say(page, "add buy bread")
    until(page, lambda: (assistant(page).bounding_box() or {}).get("width") == 390)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    answer.get_by_role("link", name="buy bread").click()
    expect(assistant(page)).to_be_hidden()
    details(page).get_by_role("button", name="Close").click()
    expect(assistant(page)).to_be_visible()
    assistant(page).get_by_role("button", name="Close the assistant").click()
    expect(page).to_have_url(re.compile("/all$"))
    expect(assistant(page)).to_have_count(0)
