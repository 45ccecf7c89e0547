"""Filters and orders; the address holds them, so that they can be bookmarked and gone back from."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, check, go_to, title, titles


@pytest.fixture
def project(page: Page) -> Page:
    """A project of its own, so that nothing but the test's tasks is in the list."""
    add(page, "Banana 2030-05-01 #fruit +Shop p2")
    go_to(page, "Shop")
    add(page, "apple 2020-01-01 #fruit p1", "Cherry", "Élan 2030-01-01 #other p3")
    expect(titles(page)).to_have_count(4)
    return page


def _filter(page: Page) -> Locator:
    page.get_by_role("button", name=re.compile("^Filter")).click()
    panel = page.get_by_role("dialog", name="Filter")
    expect(panel).to_be_visible()
    return panel


def _sort_by(page: Page, name: str) -> None:
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("menuitemradio", name=name).click()


def _open_states(page: Page) -> Locator:
    return page.locator(".sidebar [aria-current='page']")


def test_filters_combine_and_each_can_be_taken_off(project: Page) -> None:
    panel = _filter(project)
    panel.get_by_role("group", name="Tags").get_by_role("button", name="fruit").click()
    expect(titles(project)).to_have_text(["apple", "Banana"])
    panel.get_by_role("button", name="High").click()
    expect(titles(project)).to_have_text(["apple"])
    project.keyboard.press("Escape")

    set_ones = project.get_by_role("group", name="Filtered by")
    set_ones.get_by_role("button", name="Remove High").click()
    expect(titles(project)).to_have_text(["apple", "Banana"])
    set_ones.get_by_role("button", name="Clear all").click()
    expect(titles(project)).to_have_count(4)
    expect(project).to_have_url(re.compile(r"/project/[0-9a-f-]+$"))


def test_due_ranges_and_days_filter(project: Page) -> None:
    panel = _filter(project)
    due = panel.get_by_role("group", name="Due")
    due.get_by_role("button", name="Overdue").click()
    expect(titles(project)).to_have_text(["apple"])
    due.get_by_role("button", name="No date").click()
    expect(titles(project)).to_have_text(["Cherry"])
    due.get_by_role("button", name="No date").click()
    panel.get_by_label("Due from").fill("2030-02-01")
    expect(titles(project)).to_have_text(["Banana"])
    panel.get_by_label("Due to").fill("2030-01-01")
    expect(panel.get_by_role("alert")).to_contain_text("after the last")


def test_tags_match_any_all_or_none(project: Page) -> None:
    panel = _filter(project)
    tags = panel.get_by_role("group", name="Tags")
    tags.get_by_role("button", name="fruit").click()
    tags.get_by_role("button", name="other").click()
    expect(titles(project)).to_have_count(3)
    panel.get_by_role("radio", name="All", exact=True).click()
    expect(project.locator("[data-task-list]")).to_contain_text("No task passes these filters")
    panel.get_by_role("radio", name="None of").click()
    expect(titles(project)).to_have_text(["Cherry"])


def test_completed_tasks_can_be_asked_for(project: Page) -> None:
    check(project, "Cherry").click()
    expect(title(project, "Cherry")).to_have_count(0)
    _filter(project).get_by_role("radio", name="Completed").click()
    expect(titles(project)).to_have_text(["Cherry"])


@pytest.mark.parametrize(
    ("name", "order", "reverse"),
    [
        ("Alphabetical", ["apple", "Banana", "Cherry", "Élan"], ["Élan", "Cherry", "Banana", "apple"]),
        ("Priority", ["apple", "Banana", "Élan", "Cherry"], ["Cherry", "Élan", "Banana", "apple"]),
        ("Date added", ["Banana", "apple", "Cherry", "Élan"], ["Élan", "Cherry", "apple", "Banana"]),
    ],
)
def test_lists_sort_and_turn_round(project: Page, name: str, order: list[str], reverse: list[str]) -> None:
    _sort_by(project, name)
    expect(titles(project)).to_have_text(order)
    _sort_by(project, name)
    expect(titles(project)).to_have_text(reverse)


def test_lists_are_by_date_at_first(project: Page) -> None:
    expect(titles(project)).to_have_text(["apple", "Élan", "Banana", "Cherry"])
    _sort_by(project, "Due date")
    expect(titles(project)).to_have_text(["Cherry", "Banana", "Élan", "apple"])


def test_the_priorities_have_headings(project: Page) -> None:
    _sort_by(project, "Priority")
    headings = project.locator("[data-task-list]").get_by_role("heading", level=2)
    expect(headings).to_have_text(["High", "Medium", "Low", "No priority"])


def test_tasks_are_put_in_order_by_hand_with_the_keyboard(project: Page) -> None:
    _sort_by(project, "Manual")
    expect(titles(project)).to_have_text(["Banana", "apple", "Cherry", "Élan"])
    title(project, "Cherry").focus()
    project.keyboard.press("Alt+ArrowUp")
    expect(titles(project)).to_have_text(["Banana", "Cherry", "apple", "Élan"])
    expect(title(project, "Cherry")).to_be_focused()
    project.keyboard.press("Alt+ArrowUp")
    expect(titles(project)).to_have_text(["Cherry", "Banana", "apple", "Élan"])
    project.reload()
    expect(titles(project)).to_have_text(["Cherry", "Banana", "apple", "Élan"])


def test_tasks_are_put_in_order_by_dragging(project: Page) -> None:
    _sort_by(project, "Manual")
    expect(titles(project)).to_have_text(["Banana", "apple", "Cherry", "Élan"])
    title(project, "Élan").hover()
    start = project.get_by_role("button", name="Drag Élan").bounding_box()
    target = title(project, "apple").bounding_box()
    assert start
    assert target
    project.mouse.move(start["x"] + 8, start["y"] + 8)
    project.mouse.down()
    project.mouse.move(start["x"] + 8, start["y"] - 8, steps=4)
    project.mouse.move(start["x"] + 8, target["y"] - 4, steps=8)
    project.mouse.up()
    expect(titles(project)).to_have_text(["Banana", "Élan", "apple", "Cherry"])


def test_the_address_holds_the_view(project: Page, new_context: OpenContext, person: Person) -> None:
    panel = _filter(project)
    panel.get_by_role("group", name="Tags").get_by_role("button", name="fruit").click()
    expect(titles(project)).to_have_text(["apple", "Banana"])
    project.keyboard.press("Escape")
    _sort_by(project, "Alphabetical")
    _sort_by(project, "Alphabetical")
    expect(titles(project)).to_have_text(["Banana", "apple"])

    elsewhere = new_context(person).new_page()
    elsewhere.goto(project.url)
    expect(titles(elsewhere)).to_have_text(["Banana", "apple"])
    expect(elsewhere.get_by_role("group", name="Filtered by")).to_contain_text("fruit")


def test_back_goes_through_the_views(project: Page) -> None:
    _sort_by(project, "Alphabetical")
    expect(titles(project)).to_have_text(["apple", "Banana", "Cherry", "Élan"])
    go_to(project, "Inbox")
    expect(project.get_by_role("heading", level=1)).to_have_text("Inbox")
    project.go_back()
    expect(project.get_by_role("heading", level=1)).to_have_text("Shop")
    expect(titles(project)).to_have_text(["apple", "Banana", "Cherry", "Élan"])
    project.go_back()
    expect(titles(project)).to_have_text(["apple", "Élan", "Banana", "Cherry"])
    project.go_forward()
    expect(titles(project)).to_have_text(["apple", "Banana", "Cherry", "Élan"])


def test_an_address_that_means_nothing_says_so(page: Page) -> None:
    page.goto("/all?sort=nonsense")
    expect(page.locator("body")).to_contain_text(re.compile("no value for sort|not", re.IGNORECASE))
