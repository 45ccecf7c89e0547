"""A double click on a button never does a thing twice."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, details, go_to, open_details, open_quick_add, row, tasks, title, titles, toast


def _twice(button: Locator) -> None:
    """Click twice before anything can answer."""
    button.evaluate("(element) => { element.click(); element.click(); }")


def test_add_task(page: Page) -> None:
    open_quick_add(page).fill("Only one")
    _twice(page.locator("form").get_by_role("button", name="Add task"))
    add(page, "The next")
    expect(row(page, "Only one")).to_have_count(1)


def test_complete_and_undo(page: Page) -> None:
    add(page, "Buy milk")
    _twice(row(page, "Buy milk").locator(".check"))
    expect(row(page, "Buy milk")).to_have_count(0)
    _twice(toast(page).get_by_role("button", name="Undo"))
    expect(row(page, "Buy milk")).to_have_count(1)
    history = open_details(page, "Buy milk").locator(".activity-list").get_by_role("listitem")
    expect(history).to_have_count(3)


def test_delete_restore_and_purge(page: Page) -> None:
    add(page, "Buy milk", "Buy bread")
    _twice(open_details(page, "Buy milk").get_by_role("button", name="Delete this task"))
    expect(row(page, "Buy milk")).to_have_count(0)
    expect(details(page)).to_have_count(0)
    go_to(page, "Trash")
    expect(tasks(page)).to_have_count(1)
    _twice(page.get_by_role("button", name="Restore Buy milk"))
    expect(tasks(page)).to_have_count(0)
    go_to(page, "All")
    expect(row(page, "Buy milk")).to_have_count(1)
    title(page, "Buy milk").focus()
    page.keyboard.press("Delete")
    expect(row(page, "Buy milk")).to_have_count(0)
    go_to(page, "Trash")
    _twice(page.get_by_role("button", name="Remove Buy milk for good"))
    expect(tasks(page)).to_have_count(0)
    expect(page.locator(".toast[data-kind='error']:visible")).to_have_count(0)


def test_menus(page: Page) -> None:
    add(page, "Buy milk")
    changes: list[Callable[[], Locator]] = [
        lambda: page.get_by_role("menuitem", name="High"),
        lambda: page.get_by_role("menuitem", name="Low"),
    ]
    for item in changes:
        title(page, "Buy milk").focus()
        page.keyboard.press("p")
        _twice(item())
    expect(row(page, "Buy milk").locator(".check")).to_have_attribute("data-priority", "low")
    history = open_details(page, "Buy milk").locator(".activity-list").get_by_role("listitem")
    expect(history).to_have_count(3)


def test_sorting_turns_round_once(page: Page) -> None:
    add(page, "Bbb +List")
    go_to(page, "List")
    add(page, "Aaa")
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("menuitemradio", name="Alphabetical").dblclick()
    expect(titles(page)).to_have_text(["Aaa", "Bbb"])
    # The second click does not go through to the task under the menu that has gone.
    expect(details(page)).to_have_count(0)


def test_a_subtask(page: Page) -> None:
    add(page, "Trip")
    panel = open_details(page, "Trip")
    field = panel.get_by_label("New subtask").get_by_role("textbox")
    field.fill("Book")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("link", name="Book")).to_have_count(1)
    field.fill("Pack")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("link", name="Pack")).to_have_count(1)
    expect(panel.get_by_role("link", name="Book")).to_have_count(1)


def test_a_project(page: Page) -> None:
    page.get_by_role("button", name="New project").click()
    name = page.get_by_role("textbox", name="Name of the new project")
    name.fill("Shed")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Shed")
    expect(page.locator(".sidebar").get_by_role("link", name="Shed")).to_have_count(1)
    expect(page.locator(".toast[data-kind='error']:visible")).to_have_count(0)
