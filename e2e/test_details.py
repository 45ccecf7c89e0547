"""The panel of one task: its title, description, subtasks, history, and where the focus goes."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, details, go_to, open_details, row, scroll_top, stays_at, title, toast


def test_the_title_is_edited_in_place(page: Page) -> None:
    add(page, "Buy milk")
    panel = open_details(page, "Buy milk")
    panel.get_by_label("Title").fill("Buy oat milk")
    panel.get_by_label("Title").press("Enter")
    expect(row(page, "Buy oat milk")).to_be_visible()
    expect(panel.get_by_role("list").last).to_contain_text("Buy oat milk")


def test_escape_leaves_the_title_as_it_was(page: Page) -> None:
    add(page, "Buy milk")
    panel = open_details(page, "Buy milk")
    panel.get_by_label("Title").fill("Something else")
    panel.get_by_label("Title").press("Escape")
    expect(panel.get_by_label("Title")).to_have_value("Buy milk")
    expect(panel).to_be_visible()


def test_a_title_that_is_refused_stays_in_the_field(page: Page) -> None:
    add(page, "Buy milk")
    panel = open_details(page, "Buy milk")
    panel.get_by_label("Title").fill("m" * 550)
    panel.get_by_label("Title").press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("at most 500 fit")
    expect(panel.get_by_label("Title")).to_have_value("m" * 550)


def test_the_description_is_markdown_and_reads_as_text(page: Page) -> None:
    add(page, "Plan the trip")
    panel = open_details(page, "Plan the trip")
    panel.get_by_role("button", name="Edit the description").click()
    field = panel.get_by_label("Description", exact=True)
    expect(field).to_be_focused()
    field.fill("**Pack**\n\n- passport\n- [map](https://example.org/map)")
    panel.get_by_role("button", name="Save").click()
    shown = panel.locator(".prose")
    expect(shown.locator("strong")).to_have_text("Pack")
    expect(shown.locator("li")).to_have_text(["passport", "map"])
    expect(shown.locator("a")).to_have_attribute("rel", re.compile("noopener"))


def test_script_in_a_description_does_nothing(page: Page) -> None:
    add(page, "Harmless")
    panel = open_details(page, "Harmless")
    panel.get_by_role("button", name="Edit the description").click()
    panel.get_by_label("Description", exact=True).fill(
        "<script>globalThis.pwned = 1</script>\n\n<img src=x onerror='globalThis.pwned = 1'>\n\n"
        "[click](javascript:globalThis.pwned=1)\n\n![](https://example.org/spy.png)\n\n"
        "<iframe srcdoc='<script>top.pwned = 1</script>'></iframe>\n\nthe end"
    )
    panel.get_by_role("button", name="Save").click()
    shown = panel.locator(".prose")
    expect(shown).to_contain_text("the end")
    expect(shown.locator("script, iframe, img, [onerror], [href^='javascript']")).to_have_count(0)
    assert not page.evaluate("'pwned' in globalThis")


def test_subtasks_are_added_checked_and_counted(page: Page) -> None:
    add(page, "Plan the trip")
    panel = open_details(page, "Plan the trip")
    field = panel.get_by_label("New subtask").get_by_role("textbox")
    for text in ("Book the train", "Find a bed"):
        field.fill(text)
        field.press("Enter")
        expect(panel.get_by_role("link", name=text)).to_be_visible()
        expect(field).to_be_focused()
    panel.get_by_role("checkbox", name="Complete Find a bed").click()
    expect(row(page, "Plan the trip")).to_contain_text("1/2")

    panel.get_by_role("link", name="Book the train").click()
    expect(panel.get_by_label("Title")).to_have_value("Book the train")
    panel.get_by_role("button", name="Parent task").click()
    expect(panel.get_by_label("Title")).to_have_value("Plan the trip")


def test_the_history_says_who_changed_what(page: Page) -> None:
    add(page, "Buy milk")
    panel = open_details(page, "Buy milk")
    panel.get_by_label("Title").fill("Buy oat milk")
    panel.get_by_label("Title").press("Enter")
    history = panel.locator(".activity-list")
    expect(history.get_by_role("listitem")).to_have_count(2)
    expect(history).to_contain_text("You")
    expect(history).to_contain_text("Buy oat milk")


def test_the_panel_takes_the_focus_and_gives_it_back(page: Page) -> None:
    add(page, "Buy milk")
    title(page, "Buy milk").focus()
    page.keyboard.press("e")
    expect(details(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(details(page).locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(details(page)).to_have_count(0)
    expect(title(page, "Buy milk")).to_be_focused()

    title(page, "Buy milk").click()
    details(page).get_by_role("button", name="Close").click()
    expect(details(page)).to_have_count(0)
    expect(title(page, "Buy milk")).to_be_focused()


def test_opening_and_closing_a_task_leaves_the_list_where_it_is(page: Page) -> None:
    add(page, *(f"Task {number}" for number in range(1, 31)))
    row(page, "Task 20").scroll_into_view_if_needed()
    place = row(page, "Task 20").bounding_box()
    assert scroll_top(page) > 0
    assert place
    open_details(page, "Task 20")
    expect(page).to_have_url(re.compile("task="))
    stays_at(page, row(page, "Task 20"), place["y"])
    page.keyboard.press("Escape")
    expect(details(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("task="))
    stays_at(page, row(page, "Task 20"), place["y"])


def test_what_scrolls_while_the_address_changes_does_not_move_the_list(page: Page) -> None:
    add(page, *(f"Task {number}" for number in range(1, 31)))
    row(page, "Task 20").scroll_into_view_if_needed()
    place = row(page, "Task 20").bounding_box()
    assert place
    # As the browser does when the list changes its height by a line, at a bad moment.
    page.evaluate("""() => {
        const push = history.pushState;
        history.pushState = (...address) => {
            push.apply(history, address);
            dispatchEvent(new Event("scroll"));
        };
    }""")
    open_details(page, "Task 20")
    expect(page).to_have_url(re.compile("task="))
    stays_at(page, row(page, "Task 20"), place["y"])
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("task="))
    stays_at(page, row(page, "Task 20"), place["y"])


def test_a_task_has_an_address_of_its_own(page: Page, new_context: OpenContext, person: Person) -> None:
    add(page, "Buy milk #shop")
    go_to(page, "shop")
    panel = open_details(page, "Buy milk")
    expect(panel).to_contain_text("shop")
    # The panel opens at once, and the address follows.
    expect(page).to_have_url(re.compile("task="))
    address = page.url
    elsewhere = new_context(person).new_page()
    elsewhere.goto(address)
    expect(details(elsewhere).get_by_label("Title")).to_have_value("Buy milk")
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("shop")

    page.go_back()
    expect(details(page)).to_have_count(0)
    page.go_forward()
    expect(details(page).get_by_label("Title")).to_have_value("Buy milk")


def test_a_title_is_a_link_that_opens_in_another_tab(page: Page) -> None:
    add(page, "Buy milk")
    with page.context.expect_page() as opened:
        title(page, "Buy milk").click(button="middle")
    expect(details(opened.value).get_by_label("Title")).to_have_value("Buy milk")
    expect(details(page)).to_have_count(0)


def test_a_task_deleted_in_its_panel_can_be_brought_back(page: Page) -> None:
    add(page, "Buy milk")
    open_details(page, "Buy milk").get_by_role("button", name="Delete this task").click()
    expect(details(page)).to_have_count(0)
    expect(row(page, "Buy milk")).to_have_count(0)
    toast(page).get_by_role("button", name="Undo").click()
    expect(row(page, "Buy milk")).to_be_visible()


def test_a_list_s_name_is_the_window_s_title(page: Page) -> None:
    expect(page).to_have_title("All tasks · Punctual")
    go_to(page, "Upcoming")
    expect(page).to_have_title("Upcoming · Punctual")
    page.go_back()
    expect(page).to_have_title("All tasks · Punctual")
