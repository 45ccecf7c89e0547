"""Tags: the manager, and the menu that puts them on tasks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, row, title


@pytest.fixture
def manager(page: Page) -> Locator:
    """Opened, with two tags and a task each."""
    add(page, "Sweep #home", "Write #work")
    page.get_by_role("button", name="Manage tags").click()
    manager = page.get_by_role("dialog", name="Tags", exact=True)
    expect(names(manager)).to_have_count(2)
    return manager


def names(manager: Locator) -> Locator:
    return manager.locator(".tag-name")


def undo(manager: Locator) -> None:
    """The manager shows the message itself: what lies behind a modal dialog is out of reach."""
    manager.get_by_role("button", name="Undo").click()


def test_a_tag_is_created_and_undone(manager: Locator) -> None:
    manager.get_by_placeholder("New tag").fill("garden")
    manager.page.keyboard.press("Enter")
    expect(names(manager)).to_have_count(3)
    expect(manager.get_by_placeholder("New tag")).to_have_value("")
    undo(manager)
    expect(names(manager)).to_have_count(2)


def test_a_name_that_is_taken_is_said_at_its_row(manager: Locator) -> None:
    field = manager.get_by_label("Name of home")
    field.fill("WORK")
    field.press("Enter")
    expect(manager.get_by_role("alert")).to_contain_text("There is already a tag called “work”.")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.focus()
    field.press("Escape")
    expect(field).to_have_value("home")
    expect(manager).to_be_visible()


def test_a_tag_is_renamed_in_place(manager: Locator, page: Page) -> None:
    field = manager.get_by_label("Name of home")
    field.fill("flat")
    field.press("Enter")
    expect(manager.get_by_label("Name of flat")).to_have_value("flat")
    page.keyboard.press("Escape")
    expect(manager).to_be_hidden()
    expect(row(page, "Sweep").locator(".tag")).to_have_text("flat")


def test_a_colour_is_chosen_from_ten(manager: Locator, page: Page) -> None:
    manager.get_by_role("button", name="Colour of home").click()
    colors = page.get_by_role("radiogroup", name="Colour of home")
    expect(colors.get_by_role("radio")).to_have_count(10)
    colors.get_by_role("radio", name="pink").click()
    expect(colors).to_be_hidden()
    expect(manager.get_by_role("button", name="Colour of home: pink")).to_be_visible()


def test_a_tag_is_merged_into_another_and_back(manager: Locator, page: Page) -> None:
    manager.get_by_role("button", name="Merge home into another tag").click()
    choice = page.get_by_role("dialog", name="Merge home into another tag")
    expect(choice).to_contain_text("1 task gets the other tag instead")
    choice.get_by_role("button", name="work").click()
    expect(names(manager)).to_have_count(1)
    expect(manager.locator(".tag-row")).to_contain_text("2 tasks")
    undo(manager)
    expect(names(manager)).to_have_count(2)


def test_deleting_says_how_many_tasks_lose_it(manager: Locator, page: Page) -> None:
    manager.get_by_role("button", name="Delete home").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("1 task loses it; the task stays.")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(names(manager)).to_have_count(2)

    manager.get_by_role("button", name="Delete home").click()
    question.get_by_role("button", name="Delete tag").click()
    expect(names(manager)).to_have_count(1)
    undo(manager)
    expect(names(manager)).to_have_count(2)


def test_tags_are_put_on_and_taken_off_by_keyboard(page: Page) -> None:
    add(page, "Sweep #home", "Write #work")
    title(page, "Sweep").focus()
    page.keyboard.press("t")
    menu = page.get_by_role("dialog", name="Tags", exact=True)
    field = menu.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(menu.get_by_role("option", name="home")).to_have_attribute("aria-selected", "true")
    tags = row(page, "Sweep").locator(".tag")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(tags).to_have_text(["home", "work"])
    page.keyboard.type("ho")
    page.keyboard.press("Enter")
    expect(tags).to_have_text(["work"])
    page.keyboard.type("garden")
    expect(menu.get_by_role("option")).to_have_text(["Create “garden”↵"])
    page.keyboard.press("Enter")
    expect(tags).to_have_text(["garden", "work"])
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_deleting_a_project_says_how_many_tasks_go_with_it(page: Page) -> None:
    add(page, "Paint +Flat", "Sweep +Flat")
    page.get_by_role("button", name="More for Flat").click()
    page.get_by_role("menuitem", name="Delete with its tasks").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("Its 2 tasks go to the trash.")
    question.get_by_role("button", name="Delete project").click()
    expect(row(page, "Paint")).to_have_count(0)
    expect(page.get_by_role("button", name="More for Flat")).to_have_count(0)
