"""What is changed in one browser shows in another at once, and disturbs nobody who works there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person, log_in
from e2e.steps import (
    add,
    check,
    details,
    open_details,
    open_quick_add,
    row,
    scroll_top,
    stays_at,
    tasks,
    toast,
)


@pytest.fixture
def other_page(base_url: str, person: Person, new_context: OpenContext) -> Page:
    """The same person in a browser of another device."""
    page = new_context(log_in(base_url, person)).new_page()
    page.goto("/all")
    expect(page.get_by_role("heading", level=1)).to_have_text("All tasks")
    expect(tasks(page).first).to_be_visible()
    return page


def test_a_new_task_appears_without_a_reload(page: Page, other_page: Page) -> None:
    other_page.evaluate("globalThis.same = true")
    add(page, "Water the plants #home p2")
    expect(row(other_page, "Water the plants")).to_contain_text("home")
    assert other_page.evaluate("globalThis.same")


def test_a_change_elsewhere_takes_neither_the_focus_nor_half_typed_text(page: Page, other_page: Page) -> None:
    line = open_quick_add(other_page)
    line.press_sequentially("Half a sen")
    add(page, "Something else entirely")
    expect(row(other_page, "Something else entirely")).to_be_visible()

    expect(line).to_be_focused()
    expect(line).to_have_value("Half a sen")
    other_page.keyboard.type("tence")
    other_page.keyboard.press("Enter")
    expect(row(page, "Half a sentence")).to_be_visible()


def test_a_half_typed_title_outlives_a_change_of_the_same_task(page: Page, other_page: Page) -> None:
    add(page, "Call Ann")
    panel = open_details(other_page, "Call Ann")
    panel.get_by_label("Title").press("End")
    panel.get_by_label("Title").press_sequentially(" about the")
    row(page, "Call Ann").get_by_role("link").focus()
    page.keyboard.press("p")
    page.get_by_role("menuitem", name="High").click()
    expect(panel).to_contain_text("High")

    expect(panel.get_by_label("Title")).to_be_focused()
    expect(panel.get_by_label("Title")).to_have_value("Call Ann about the")


def test_what_one_looks_at_stays_where_it_is(page: Page, other_page: Page) -> None:
    add(page, *(f"Task {number}" for number in range(1, 25)))
    expect(row(other_page, "Task 24")).to_be_visible()
    row(other_page, "Task 24").scroll_into_view_if_needed()
    before = row(other_page, "Task 24").bounding_box()
    assert scroll_top(other_page) > 0
    assert before

    add(page, "Due at once today")  # tasks with a date stand above those without
    expect(row(other_page, "Due at once")).to_have_count(1)
    stays_at(other_page, row(other_page, "Task 24"), before["y"])


def test_completing_and_undoing_show_on_the_other_side(page: Page, other_page: Page) -> None:
    add(page, "Post the letter")
    expect(row(other_page, "Post the letter")).to_be_visible()
    check(page, "Post the letter").click()
    expect(row(other_page, "Post the letter")).to_have_count(0)
    toast(page).get_by_role("button", name="Undo").click()
    expect(row(other_page, "Post the letter")).to_be_visible()


def test_two_pages_that_edit_one_field_are_shown_both_values(page: Page, other_page: Page) -> None:
    add(page, "Write the notes")
    mine, theirs = open_details(page, "Write the notes"), open_details(other_page, "Write the notes")
    mine.get_by_label("Title").fill("Write the report")
    theirs.get_by_label("Title").fill("Write the minutes")
    theirs.get_by_label("Title").press("Enter")
    expect(row(page, "Write the minutes")).to_be_visible()
    expect(mine.get_by_label("Title")).to_have_value("Write the report")

    mine.get_by_label("Title").press("Enter")
    conflict = mine.get_by_role("alert")
    expect(conflict).to_contain_text("Write the report")
    expect(conflict).to_contain_text("Write the minutes")
    conflict.get_by_role("button", name="Keep mine").click()
    expect(conflict).to_have_count(0)
    expect(theirs.get_by_label("Title")).to_have_value("Write the report")
    expect(row(page, "Write the report")).to_be_visible()


def test_the_other_value_of_a_conflict_can_be_taken(page: Page, other_page: Page) -> None:
    add(page, "Write the notes")
    mine, theirs = open_details(page, "Write the notes"), open_details(other_page, "Write the notes")
    mine.get_by_label("Title").fill("Write the report")
    theirs.get_by_label("Title").fill("Write the minutes")
    theirs.get_by_label("Title").press("Enter")
    expect(row(page, "Write the minutes")).to_be_visible()
    mine.get_by_label("Title").press("Enter")
    mine.get_by_role("alert").get_by_role("button", name="Take theirs").click()
    expect(details(page).get_by_label("Title")).to_have_value("Write the minutes")
    expect(mine.get_by_role("alert")).to_have_count(0)


def test_a_deleted_task_leaves_the_other_list(page: Page, other_page: Page) -> None:
    add(page, "Short-lived")
    expect(row(other_page, "Short-lived")).to_be_visible()
    row(page, "Short-lived").get_by_role("link").focus()
    page.keyboard.press("Delete")
    expect(row(other_page, "Short-lived")).to_have_count(0)
