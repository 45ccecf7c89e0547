"""The reminders of a task: added by presets and words, removed, and what they came to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.clock import ClockedApp, clocked_app
from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, check, details, open_details, row, title, toast

# Half past eight on a Monday in Berlin.
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockedApp]:
    with clocked_app(tmp_path_factory.mktemp("clocked"), MONDAY) as app:
        yield app


@pytest.fixture(scope="module")
def base_url(clocked: ClockedApp) -> str:
    return clocked.url


@pytest.fixture(autouse=True)
def _on_monday(clocked: ClockedApp) -> None:
    clocked.clock.set(MONDAY)


def popover(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Reminders")


def lines(page: Page) -> Locator:
    return popover(page).get_by_role("list", name="Reminders").get_by_role("listitem")


def open_reminders(page: Page, text: str) -> Locator:
    """Open them from the task's panel."""
    open_details(page, text).get_by_role("button", name="Reminders").click()
    expect(popover(page)).to_be_visible()
    expect(popover(page).get_by_label("Type when to remind")).to_be_focused()
    return popover(page)


def field(page: Page) -> Locator:
    return details(page).get_by_role("button", name="Reminders")


def test_presets_words_and_removing(page: Page) -> None:
    add(page, "Call Ben tomorrow 15:00")
    shown = open_reminders(page, "Call Ben")

    shown.get_by_role("button", name="30 min before").click()
    expect(lines(page)).to_contain_text(["30 minutes before"])
    expect(lines(page).first).to_contain_text("Tomorrow 14:30")
    expect(shown.get_by_role("button", name="30 min before")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    field(page).click()
    page.keyboard.type("tomorrow 9am")
    expect(shown.get_by_role("status")).to_have_text("Tomorrow 09:00")
    page.keyboard.press("Enter")
    expect(lines(page)).to_contain_text(["Tomorrow 09:00", "30 minutes before"])
    expect(shown.get_by_label("Type when to remind")).to_have_value("")
    page.keyboard.type("1 day 2 hours before")
    page.keyboard.press("Enter")
    expect(lines(page)).to_contain_text(["1 day 2 hours before", "Tomorrow 09:00", "30 minutes before"])
    expect(row(page, "Call Ben").locator(".mark")).to_have_attribute("title", "3 reminders")

    shown.get_by_role("button", name="Remove 30 minutes before").click()
    expect(lines(page)).to_have_count(2)
    expect(toast(page)).to_contain_text("Changed the reminders of “Call Ben”")
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_contain_text("Tomorrow 09:00")
    toast(page).get_by_role("button", name="Undo").click()
    expect(field(page)).to_contain_text("30 minutes before")


def test_what_can_not_be_is_said_at_the_line(page: Page) -> None:
    add(page, "Call Ben tomorrow 15:00")
    shown = open_reminders(page, "Call Ben")
    line = shown.get_by_label("Type when to remind")

    for text, reason in (
        ("whenever", "is no time to remind"),
        ("tomorrow", "is no time to remind"),
        ("22 nov 2026 9am", "That moment has passed"),
    ):
        line.fill(text)
        line.press("Enter")
        expect(shown.get_by_role("status")).to_contain_text(reason)
        expect(line).to_have_attribute("aria-invalid", "true")
    expect(lines(page)).to_have_count(0)


def test_too_many_are_refused(page: Page) -> None:
    add(page, "Call Ben tomorrow 15:00 " + " ".join(f"!{minutes} min before" for minutes in range(1, 21)))
    shown = open_reminders(page, "Call Ben")
    expect(lines(page)).to_have_count(20)

    shown.get_by_role("button", name="1 day before").click()
    expect(shown.get_by_role("status")).to_have_text("A task can have at most 20 reminders.")
    expect(lines(page)).to_have_count(20)


def test_those_that_can_not_go_off_say_why(page: Page) -> None:
    add(page, "Some day", "Club today 9:00")
    shown = open_reminders(page, "Some day")
    shown.get_by_role("button", name="10 min before").click()
    expect(lines(page)).to_contain_text(["needs a date"])
    page.keyboard.press("Escape")
    expect(field(page)).to_contain_text("needs a date")
    page.keyboard.press("Escape")

    shown = open_reminders(page, "Club")
    shown.get_by_role("button", name="1 hour before").click()
    expect(lines(page)).to_contain_text(["already past"])
    page.keyboard.press("Escape")
    check(page, "Club").click()
    expect(field(page)).to_contain_text("not sent")


def test_one_that_was_sent_says_when(page: Page, clocked: ClockedApp) -> None:
    add(page, "Club today 9:30 !15 min before")
    open_details(page, "Club")
    expect(field(page)).to_contain_text("Today 09:15")

    clocked.clock.set(datetime(2026, 11, 23, 8, 15, 1, tzinfo=UTC))
    expect(field(page)).to_contain_text("sent 09:15")


def test_from_the_menu_of_a_row(page: Page) -> None:
    add(page, "Call Ben tomorrow 15:00", "Another")
    title(page, "Call Ben").focus()
    page.keyboard.press("m")
    page.get_by_role("menuitem", name="Reminders").click()

    expect(popover(page).get_by_label("Type when to remind")).to_be_focused()
    popover(page).get_by_role("button", name="When due").click()
    expect(lines(page)).to_contain_text(["When it is due"])
    page.keyboard.press("Escape")
    expect(title(page, "Call Ben")).to_be_focused()
    expect(row(page, "Call Ben").locator(".mark")).to_have_attribute("title", "1 reminder")
    expect(row(page, "Another").locator(".mark")).to_have_count(0)


def test_those_of_one_occurrence_alone(page: Page) -> None:
    add(page, "Stand-up every workday at 9:30")
    panel = open_details(page, "Stand-up")
    panel.get_by_role("radio", name="Only this one").click()
    field(page).click()
    popover(page).get_by_role("button", name="10 min before").click()
    expect(lines(page)).to_contain_text(["10 minutes before"])
    page.keyboard.press("Escape")

    check(page, "Stand-up").click()
    expect(row(page, "Stand-up")).to_contain_text("Tomorrow 09:30")
    expect(row(page, "Stand-up").locator(".mark", has_text="Has")).to_have_count(0)


def test_it_fits_a_phone(new_context: OpenContext, person: Person) -> None:
    phone = new_context(
        person, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ).new_page()
    phone.goto("/all")
    add(phone, "Call Ben tomorrow 15:00 !30 min before !tomorrow 9am")
    title(phone, "Call Ben").tap()
    field(phone).tap()

    expect(popover(phone)).to_be_in_viewport(ratio=1)
    expect(lines(phone)).to_have_count(2)
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    popover(phone).get_by_role("button", name="Remove 30 minutes before").tap()
    expect(lines(phone)).to_have_count(1)
