"""Completing a task: at once, with a way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, check, go_to, row, tasks, title, toast


def test_a_completed_task_leaves_and_undo_brings_it_back(page: Page) -> None:
    add(page, "Buy milk")
    check(page, "Buy milk").click()
    expect(row(page, "Buy milk")).to_have_count(0)
    expect(toast(page)).to_contain_text("Completed “Buy milk”")

    toast(page).get_by_role("button", name="Undo").click()
    expect(row(page, "Buy milk")).to_be_visible()
    expect(check(page, "Buy milk")).to_have_attribute("aria-checked", "false")


def test_the_row_shows_its_check_mark_before_it_goes(page: Page) -> None:
    add(page, "Buy milk")
    page.evaluate(
        """() => new MutationObserver(() => {
            const row = document.querySelector('.task[data-leaving="true"]');
            if (row) globalThis.left = [row.innerText, row.inert, row.querySelector(".check").ariaChecked];
        }).observe(document.body, { childList: true, subtree: true })"""
    )
    check(page, "Buy milk").click()
    expect(row(page, "Buy milk")).to_have_count(0)
    expect(page.locator(".task[data-leaving]")).to_have_count(0)
    assert page.evaluate("globalThis.left") == ["Buy milk", True, "true"]


def test_nothing_moves_for_those_who_asked_for_stillness(new_context: OpenContext, person: Person) -> None:
    page = new_context(person, reduced_motion="reduce").new_page()
    page.goto("/all")
    add(page, "Buy milk")
    page.evaluate(
        """() => new MutationObserver(() => {
            globalThis.left ||= Boolean(document.querySelector('.task[data-leaving="true"]'));
        }).observe(document.body, { childList: true, subtree: true })"""
    )
    check(page, "Buy milk").click()
    expect(row(page, "Buy milk")).to_have_count(0)
    assert not page.evaluate("Boolean(globalThis.left)")


def test_completed_tasks_are_listed_and_can_be_reopened(page: Page) -> None:
    add(page, "Buy milk")
    check(page, "Buy milk").click()
    expect(row(page, "Buy milk")).to_have_count(0)
    go_to(page, "Completed")
    expect(check(page, "Buy milk")).to_have_attribute("aria-checked", "true")
    check(page, "Buy milk").click()
    expect(row(page, "Buy milk")).to_have_count(0)
    go_to(page, "All")
    expect(row(page, "Buy milk")).to_be_visible()


def test_a_double_click_completes_once(page: Page) -> None:
    add(page, "Buy milk", "Buy bread")
    check(page, "Buy bread").dblclick()
    expect(row(page, "Buy bread")).to_have_count(0)
    expect(row(page, "Buy milk")).to_be_visible()
    go_to(page, "Completed")
    expect(tasks(page)).to_have_count(1)


def test_the_message_goes_by_itself_but_not_under_the_pointer(page: Page) -> None:
    add(page, "Buy milk")
    page.clock.install()
    check(page, "Buy milk").click()
    expect(toast(page)).to_contain_text("Completed")
    toast(page).hover()
    page.clock.fast_forward(6000)
    expect(toast(page)).to_be_visible()
    page.mouse.move(10, 10)
    page.clock.fast_forward(6000)
    expect(toast(page)).to_have_count(0)


@pytest.mark.parametrize("key", ["c", "Delete"])
def test_after_a_row_went_by_key_the_next_one_has_the_focus(page: Page, key: str) -> None:
    add(page, "One", "Two", "Three")
    title(page, "Two").focus()
    following = page.evaluate(
        """() => { const rows = [...document.querySelectorAll("[data-task-list] .task")];
            const at = rows.indexOf(document.activeElement.closest(".task"));
            return (rows[at + 1] ?? rows[at - 1]).innerText.split("\\n")[0]; }"""
    )
    page.keyboard.press(key)
    expect(row(page, "Two")).to_have_count(0)
    expect(title(page, following)).to_be_focused()


def test_what_is_overdue_is_moved_to_today_in_one_go(page: Page) -> None:
    add(page, "Late 2020-01-02", "Later 2020-01-03 09:30")
    go_to(page, "Today")
    expect(page.get_by_role("heading", name="Overdue")).to_be_visible()
    page.get_by_role("button", name="Reschedule to today").click()
    expect(page.get_by_role("heading", name="Overdue")).to_have_count(0)
    expect(row(page, "Later")).to_contain_text("Today 09:30")
    expect(toast(page)).to_contain_text("Rescheduled 2 tasks")
    toast(page).get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Overdue")).to_be_visible()
    expect(row(page, "Late")).to_contain_text("2020")
