"""Saved filters: typed with help, kept in the sidebar, changed, moved and deleted, all by keyboard if one likes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, titles


@pytest.fixture
def life(page: Page) -> Page:
    """A few tasks that filters tell apart."""
    add(page, "Report 2020-01-01 #work p1", "Plan #work", "Milk p1")
    return page


def _filters(page: Page) -> Locator:
    return page.get_by_role("region", name="Filters")


def _dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name=re.compile("(New|Edit) filter"))


def _save(page: Page, name: str, query: str) -> None:
    _filters(page).get_by_role("button", name="New filter").click()
    expect(_dialog(page).get_by_label("Name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(query)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(_dialog(page)).to_be_hidden()


def _choose(page: Page, name: str, action: str) -> None:
    link = _filters(page).get_by_role("link", name=re.compile(f"^{name}"))
    link.hover()
    _filters(page).get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("menuitem", name=action).click()


def test_one_is_typed_with_help_saved_and_opened(life: Page) -> None:
    _filters(life).get_by_role("button", name="New filter").click()
    dialog = _dialog(life)
    expect(dialog.get_by_label("Name")).to_be_focused()
    life.keyboard.type("Urgent work")
    query = dialog.get_by_label("Finds tasks that match")
    query.fill("#work p1")
    expect(dialog.get_by_role("alert")).to_have_text("Write & (and) or | (or) before “p1”.")
    query.fill("#work & (p1 | overdue) | #wrok")
    expect(dialog.get_by_role("status")).to_have_text("Finds 1 task. Nothing is called #wrok.")
    query.press("Enter")

    expect(life).to_have_url(re.compile(r"/filter/[0-9a-f-]+$"))
    expect(life.get_by_role("heading", level=1)).to_have_text("Urgent work")
    expect(titles(life)).to_have_text(["Report"])
    link = _filters(life).get_by_role("link", name=re.compile("^Urgent work"))
    expect(link).to_have_attribute("aria-current", "page")
    expect(link).to_contain_text("1")
    life.reload()
    expect(titles(life)).to_have_text(["Report"])


def test_a_name_that_is_taken_is_said_at_the_field(life: Page) -> None:
    _save(life, "Work", "#work")
    _filters(life).get_by_role("button", name="New filter").click()
    dialog = _dialog(life)
    dialog.get_by_label("Name").fill("WORK")
    dialog.get_by_label("Finds tasks that match").fill("p1")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("already a filter called “Work”")
    expect(dialog.get_by_label("Name")).to_have_value("WORK")
    life.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_what_is_typed_in_the_panel_filters_and_is_saved(life: Page) -> None:
    life.keyboard.press("f")
    panel = life.get_by_role("dialog", name="Filter", exact=True)
    field = panel.get_by_label("Filter in words")
    field.fill("#work & !p1 &")
    expect(panel.get_by_role("alert")).to_contain_text("Write a condition behind “&”")
    field.fill("#work & !p1")
    expect(titles(life)).to_have_text(["Plan"])
    expect(life).to_have_url(re.compile("filter=%23work"))
    panel.get_by_role("button", name="Save as filter").click()

    expect(_dialog(life).get_by_label("Finds tasks that match")).to_have_value("#work & !p1")
    _dialog(life).get_by_label("Name").fill("Later")
    life.keyboard.press("Enter")
    expect(life.get_by_role("heading", level=1)).to_have_text("Later")
    expect(titles(life)).to_have_text(["Plan"])


def test_they_are_changed_moved_deleted_and_brought_back(life: Page) -> None:
    _save(life, "Work", "#work")
    _save(life, "High", "p1")
    names = _filters(life).locator(".nav-label")
    expect(names).to_have_text(["Work", "High"])

    _choose(life, "High", "Move up")
    expect(names).to_have_text(["High", "Work"])
    _choose(life, "High", "Edit")
    expect(_dialog(life).get_by_label("Finds tasks that match")).to_be_focused()
    _dialog(life).get_by_label("Finds tasks that match").fill("p1 & #work")
    life.keyboard.press("Enter")
    expect(titles(life)).to_have_text(["Report"])
    _choose(life, "High", "Delete")
    expect(life).to_have_url(re.compile("/today$"))
    expect(names).to_have_text(["Work"])
    life.locator("main").focus()
    life.keyboard.press("z")
    expect(names).to_have_text(["High", "Work"])
