"""Everything by keyboard, and one always sees where one is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.steps import add, details, quick_add, row, title, titles


@pytest.fixture
def project(page: Page) -> Page:
    add(page, "One +List")
    page.goto(page.locator(".sidebar").get_by_role("link", name="List").get_attribute("href") or "")
    expect(page.get_by_role("heading", level=1)).to_have_text("List")
    add(page, "Two", "Three")
    expect(titles(page)).to_have_text(["One", "Two", "Three"])
    page.locator("main").focus()
    return page


def test_the_sheet_names_every_key(page: Page) -> None:
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Add a task")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_j_and_k_walk_the_list(project: Page) -> None:
    for key, name in (("j", "One"), ("j", "Two"), ("j", "Three"), ("j", "Three"), ("k", "Two"), ("k", "One")):
        project.keyboard.press(key)
        expect(title(project, name)).to_be_focused()
    project.keyboard.press("ArrowDown")
    expect(title(project, "Two")).to_be_focused()
    project.keyboard.press("ArrowUp")
    expect(title(project, "One")).to_be_focused()


def test_a_day_s_work_without_a_mouse(project: Page) -> None:
    project.keyboard.press("q")
    expect(quick_add(project)).to_be_focused()
    project.keyboard.type("Four")
    project.keyboard.press("Enter")
    expect(row(project, "Four")).to_be_visible()
    project.keyboard.press("Escape")
    expect(quick_add(project)).not_to_be_focused()

    project.keyboard.press("j")
    expect(title(project, "One")).to_be_focused()
    project.keyboard.press("p")
    expect(project.get_by_role("menu", name="Priority")).to_be_visible()
    project.keyboard.press("ArrowDown")
    project.keyboard.press("Enter")
    expect(row(project, "One").locator(".check")).to_have_attribute("data-priority", "medium")
    expect(title(project, "One")).to_be_focused()

    project.keyboard.press("d")
    expect(project.get_by_role("dialog", name="Due date")).to_be_visible()
    project.keyboard.type("tomorrow 17:00")
    project.keyboard.press("Enter")
    expect(row(project, "One")).to_contain_text("Tomorrow 17:00")
    expect(project.get_by_role("dialog", name="Due date")).to_be_hidden()
    expect(title(project, "One")).to_be_focused()

    project.keyboard.press("t")
    project.keyboard.type("home")
    project.keyboard.press("Enter")
    expect(row(project, "One")).to_contain_text("home")
    _back_to_one(project)

    project.keyboard.press("m")
    expect(project.get_by_role("menu", name="More")).to_be_visible()
    _back_to_one(project)

    project.keyboard.press("m")
    project.get_by_role("menuitem", name="Move to project").press("Enter")
    expect(project.get_by_role("menu", name="Project")).to_be_visible()
    _back_to_one(project)

    project.keyboard.press("c")
    expect(row(project, "One")).to_have_count(0)
    project.keyboard.press("Delete")
    expect(titles(project)).to_have_count(2)
    project.keyboard.press("z")
    expect(titles(project)).to_have_count(3)


def test_enter_and_e_open_the_details(project: Page) -> None:
    project.keyboard.press("j")
    for key in ("Enter", "e"):
        project.keyboard.press(key)
        expect(details(project)).to_be_focused()
        _back_to_one(project)


def _back_to_one(project: Page) -> None:
    project.keyboard.press("Escape")
    expect(title(project, "One")).to_be_focused()


def test_keys_go_to_the_lists(page: Page) -> None:
    for key, heading in (
        ("t", "Today"),
        ("u", "Upcoming"),
        ("i", "Inbox"),
        ("c", "Completed"),
        ("a", "All tasks"),
    ):
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize(("key", "name"), [("f", "Filter"), ("s", "Sort by")])
def test_keys_open_filter_and_sort(project: Page, key: str, name: str) -> None:
    project.keyboard.press(key)
    panel = project.locator(f"[popover][aria-label='{name}']")
    expect(panel).to_be_visible()
    expect(panel.locator(":focus")).to_have_count(1)
    project.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_keys_typed_into_a_field_are_letters(page: Page) -> None:
    page.keyboard.press("q")
    page.keyboard.type("jckxz?/gt")
    expect(quick_add(page)).to_have_value("jckxz?/gt")
    expect(page).to_have_url(re.compile("/all$"))


def test_the_first_tab_skips_to_the_tasks(page: Page) -> None:
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("All tasks")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the tasks")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_wherever_tab_leads_one_sees_it(project: Page) -> None:
    title(project, "Two").click()
    expect(details(project)).to_be_visible()
    unseen: list[str] = []
    project.locator(".skip-link").focus()
    for _ in range(90):
        project.keyboard.press("Tab")
        state = project.evaluate(
            """() => {
                const at = document.activeElement;
                if (!at || at === document.body) return ["", true];
                const ringed = (each, pseudo) => {
                    const style = getComputedStyle(each, pseudo);
                    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
                        || /rgb.* 2px/.test(style.boxShadow);
                };
                const seen = ringed(at) || ringed(at, "::before") || ringed(at, "::after")
                    || Boolean(at.closest(".task") && ringed(at.closest(".task")));
                const box = at.getBoundingClientRect();
                return [at.ariaLabel ?? at.innerText ?? at.className, seen && box.width > 0];
            }"""
        )
        if not state[1]:
            unseen.append(state[0])
    assert unseen == []
