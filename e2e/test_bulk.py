"""Several tasks at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, go_to, row, title, titles, toast


@pytest.fixture
def project(page: Page) -> Page:
    add(page, "One +Five")
    go_to(page, "Five")
    add(page, "Two", "Three", "Four", "Five")
    expect(titles(page)).to_have_count(5)
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("menuitemradio", name="Date added").click()
    # Going to another list, or order, ends a selection.
    expect(page.locator("[data-task-list]")).to_have_attribute("data-sort", "created")
    expect(titles(page)).to_have_text(["One", "Two", "Three", "Four", "Five"])
    return page


def _bar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Selected tasks")


def _select_two_to_four(page: Page) -> None:
    title(page, "Two").click(modifiers=["ControlOrMeta"])
    title(page, "Four").click(modifiers=["Shift"])
    expect(_bar(page)).to_contain_text("3 selected")


def test_shift_click_selects_what_lies_between(project: Page) -> None:
    _select_two_to_four(project)
    for name, selected in (("One", "false"), ("Two", "true"), ("Three", "true"), ("Five", "false")):
        expect(row(project, name)).to_have_attribute("data-selected", selected)
    project.keyboard.press("Escape")
    expect(_bar(project)).to_have_count(0)


def test_several_are_completed_and_brought_back_as_one(project: Page) -> None:
    _select_two_to_four(project)
    _bar(project).get_by_role("button", name="Complete").click()
    expect(titles(project)).to_have_text(["One", "Five"])
    expect(toast(project)).to_contain_text("3 tasks")
    toast(project).get_by_role("button", name="Undo").click()
    expect(titles(project)).to_have_text(["One", "Two", "Three", "Four", "Five"])


def test_several_are_deleted_and_brought_back_as_one(project: Page) -> None:
    _select_two_to_four(project)
    _bar(project).get_by_role("button", name="Delete").click()
    expect(titles(project)).to_have_text(["One", "Five"])
    toast(project).get_by_role("button", name="Undo").click()
    expect(titles(project)).to_have_count(5)


def test_several_get_a_priority_a_date_and_a_tag(project: Page) -> None:
    _select_two_to_four(project)
    _bar(project).get_by_role("button", name="Priority").click()
    project.get_by_role("menuitem", name="High").click()
    expect(row(project, "Three").locator(".check")).to_have_attribute("data-priority", "high")
    expect(row(project, "One").locator(".check")).to_have_attribute("data-priority", "none")

    _select_two_to_four(project)
    _bar(project).get_by_role("button", name="Date").click()
    picker = project.get_by_role("dialog", name="Due date")
    picker.get_by_role("button", name="Tomorrow").first.click()
    expect(row(project, "Four")).to_contain_text("Tomorrow")
    expect(row(project, "Five")).not_to_contain_text("Tomorrow")

    _select_two_to_four(project)
    _bar(project).get_by_role("button", name="Tags").click()
    project.get_by_role("combobox", name="Find or create a tag").fill("numbers")
    project.keyboard.press("Enter")
    expect(row(project, "Two")).to_contain_text("numbers")
    expect(row(project, "Four")).to_contain_text("numbers")
    toast(project).get_by_role("button", name="Undo").click()
    expect(row(project, "Two")).not_to_contain_text("numbers")


def test_the_keyboard_selects_and_acts(project: Page) -> None:
    title(project, "One").focus()
    project.keyboard.press("x")
    project.keyboard.press("j")
    project.keyboard.press("x")
    expect(_bar(project)).to_contain_text("2 selected")
    project.keyboard.press("c")
    expect(titles(project)).to_have_text(["Three", "Four", "Five"])
    project.keyboard.press("z")
    expect(titles(project)).to_have_text(["One", "Two", "Three", "Four", "Five"])


def test_control_a_selects_all(project: Page) -> None:
    title(project, "One").focus()
    project.keyboard.press("ControlOrMeta+a")
    expect(_bar(project)).to_contain_text("5 selected")
    project.keyboard.press("Delete")
    expect(titles(project)).to_have_count(0)
    expect(project.locator("[data-task-list]")).to_contain_text("no open tasks")
    project.keyboard.press("z")
    expect(titles(project)).to_have_count(5)
