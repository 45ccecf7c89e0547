"""What was deleted waits in the trash: back, or gone for good."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.steps import add, go_to, row, tasks, title, toast


@pytest.fixture
def trash(page: Page) -> Page:
    add(page, "Old news", "Older news")
    for name in ("Old news", "Older news"):
        title(page, name).focus()
        page.keyboard.press("Delete")
        expect(row(page, name)).to_have_count(0)
    go_to(page, "Trash")
    expect(tasks(page)).to_have_count(2)
    return page


def test_undo_takes_a_deletion_back(page: Page) -> None:
    add(page, "Old news")
    title(page, "Old news").focus()
    page.keyboard.press("Backspace")
    expect(toast(page)).to_contain_text("Moved to trash: “Old news”")
    page.keyboard.press("z")
    expect(row(page, "Old news")).to_be_visible()


def test_a_task_is_restored_to_its_list(trash: Page) -> None:
    trash.get_by_role("button", name="Restore Old news", exact=True).click()
    expect(tasks(trash)).to_have_count(1)
    go_to(trash, "All")
    expect(row(trash, "Old news")).to_be_visible()


def test_a_restoration_can_be_undone(trash: Page) -> None:
    trash.get_by_role("button", name="Restore Old news", exact=True).click()
    expect(tasks(trash)).to_have_count(1)
    toast(trash).get_by_role("button", name="Undo").click()
    expect(tasks(trash)).to_have_count(2)


def test_a_task_is_removed_for_good(trash: Page) -> None:
    trash.get_by_role("button", name="Remove Old news for good", exact=True).click()
    expect(tasks(trash)).to_have_count(1)
    expect(toast(trash)).to_contain_text("Removed 1 task for good")


def test_the_trash_is_emptied(trash: Page) -> None:
    trash.get_by_role("button", name="Empty trash").click()
    question = trash.get_by_role("alertdialog")
    if question.count():
        question.get_by_role("button", name="Empty trash").click()
    expect(trash.locator("[data-task-list]")).to_contain_text("The trash is empty")


def test_the_keyboard_restores(trash: Page) -> None:
    trash.locator(".task-title", has_text="Older news").focus()
    trash.keyboard.press("c")
    expect(tasks(trash)).to_have_count(1)
    go_to(trash, "All")
    expect(row(trash, "Older news")).to_be_visible()


def test_a_project_goes_to_the_trash_with_its_tasks_and_comes_back(page: Page) -> None:
    add(page, "Paint +Shed")
    shed = page.locator(".sidebar").get_by_role("link", name="Shed")
    shed.hover()
    page.get_by_role("button", name="More for Shed").click()
    page.get_by_role("menuitem", name="Delete with its tasks").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("Its task goes to the trash")
    question.get_by_role("button", name="Delete").click()
    expect(shed).to_have_count(0)
    expect(row(page, "Paint")).to_have_count(0)
    toast(page).get_by_role("button", name="Undo").click()
    expect(shed).to_be_visible()
    expect(row(page, "Paint")).to_be_visible()
