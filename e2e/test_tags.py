"""Tags on tasks, and the tag manager."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, go_to, open_details, row, tasks, title, toast


def _sidebar(page: Page) -> Locator:
    return page.locator(".sidebar")


def _manager(page: Page) -> Locator:
    _sidebar(page).get_by_role("button", name="Manage tags").click()
    manager = page.get_by_role("dialog", name="Tags", exact=True)
    expect(manager).to_be_visible()
    return manager


def test_a_tag_is_put_on_and_taken_off_by_the_keyboard(page: Page) -> None:
    add(page, "Buy milk", "Sweep #home")
    title(page, "Buy milk").focus()
    page.keyboard.press("t")
    picker = page.get_by_role("combobox", name="Find or create a tag")
    expect(picker).to_be_focused()
    picker.fill("hom")
    picker.press("Enter")
    expect(row(page, "Buy milk")).to_contain_text("home")
    expect(page.get_by_role("option", name="home")).to_have_attribute("aria-selected", "true")
    picker.fill("hom")
    picker.press("Enter")
    expect(row(page, "Buy milk")).not_to_contain_text("home")
    page.keyboard.press("Escape")
    expect(title(page, "Buy milk")).to_be_focused()


def test_a_new_tag_is_made_from_the_picker_and_has_a_list_of_its_own(page: Page) -> None:
    add(page, "Buy milk")
    open_details(page, "Buy milk").get_by_role("button", name="Tags").click()
    picker = page.get_by_role("combobox", name="Find or create a tag")
    picker.fill("Crème")
    picker.press("Enter")
    expect(row(page, "Buy milk")).to_contain_text("Crème")
    page.keyboard.press("Escape")

    go_to(page, "Crème")
    expect(page.get_by_role("heading", level=1)).to_have_text("Crème")
    expect(tasks(page)).to_have_count(1)
    add(page, "Whip it")
    expect(row(page, "Whip it")).to_be_visible()
    expect(_sidebar(page).get_by_role("link", name="Crème")).to_contain_text("2")


def test_a_tag_is_created_renamed_and_coloured(page: Page) -> None:
    manager = _manager(page)
    manager.get_by_role("textbox", name="New tag").fill("Errands")
    page.keyboard.press("Enter")
    expect(manager.get_by_label("Name of Errands")).to_be_visible()
    expect(_sidebar(page).get_by_role("link", name="Errands")).to_have_count(1)

    manager.get_by_label("Name of Errands").fill("Shopping")
    page.keyboard.press("Enter")
    expect(_sidebar(page).get_by_role("link", name="Shopping")).to_have_count(1)

    manager.get_by_role("button", name="Colour of Shopping").click()
    color = page.get_by_role("radio", name="green").first
    color.click()
    expect(_sidebar(page).locator(".nav-item", has_text="Shopping").locator(".dot")).to_have_attribute(
        "data-color", "green"
    )


def test_the_name_of_another_tag_is_refused_at_the_field(page: Page) -> None:
    add(page, "One #home", "Two #garden")
    manager = _manager(page)
    manager.get_by_label("Name of garden").fill("HOME")
    page.keyboard.press("Enter")
    expect(manager.get_by_role("alert")).to_be_visible()
    expect(manager.get_by_label("Name of garden")).to_have_value("HOME")
    expect(_sidebar(page).get_by_role("link", name="garden")).to_have_count(1)


def test_a_deleted_tag_comes_back_by_undo(page: Page) -> None:
    add(page, "Sweep #home")
    manager = _manager(page)
    manager.get_by_role("button", name="Delete home").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("1 task loses it")
    question.get_by_role("button", name="Delete tag").click()
    expect(_sidebar(page).get_by_role("link", name="home")).to_have_count(0)
    expect(row(page, "Sweep")).not_to_contain_text("home")

    toast(page).get_by_role("button", name="Undo").first.click()
    expect(row(page, "Sweep")).to_contain_text("home")


def test_two_tags_are_merged_and_parted_again(page: Page) -> None:
    add(page, "Sweep #home", "Dig #garden")
    manager = _manager(page)
    manager.get_by_role("button", name="Merge garden into another tag").click()
    page.get_by_role("dialog", name="Merge garden into another tag").get_by_role(
        "button", name="home"
    ).click()
    expect(row(page, "Dig")).to_contain_text("home")
    expect(_sidebar(page).get_by_role("link", name="garden")).to_have_count(0)
    toast(page).get_by_role("button", name="Undo").first.click()
    expect(row(page, "Dig")).to_contain_text("garden")
    expect(row(page, "Dig")).not_to_contain_text("home")
