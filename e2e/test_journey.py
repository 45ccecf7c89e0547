"""One day with the app, from signing up to the audit log, by what is said to the assistant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.clock import ClockedApp, clocked_app
from e2e.conftest import JOURNEY, OpenContext
from e2e.people import PASSWORD, fresh_email
from e2e.steps import details, open_details, row

# Half past eight on a Monday in Berlin.
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
NEARLY_NINE = MONDAY + timedelta(minutes=20)


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockedApp]:
    with clocked_app(tmp_path_factory.mktemp("journey"), MONDAY) as app:
        yield app


@pytest.fixture(scope="module")
def base_url(clocked: ClockedApp) -> str:
    return clocked.url


def _sign_up(page: Page) -> None:
    page.goto("/register")
    page.get_by_label("E-mail").fill(fresh_email())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


class Album:
    """Pictures of one page, numbered as they are taken."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._count = 0

    def take(self, caption: str) -> None:
        self._count += 1
        JOURNEY.mkdir(parents=True, exist_ok=True)
        self._page.screenshot(path=JOURNEY / f"{self._count} {caption}.png", animations="disabled")


def _say(page: Page, text: str) -> Locator:
    """Say something to the assistant, whose panel is open; its answer."""
    panel = page.get_by_role("complementary", name="Assistant")
    answers = panel.locator(".message")
    before = answers.count()
    panel.get_by_role("textbox").fill(text)
    panel.get_by_role("textbox").press("Enter")
    expect(answers).to_have_count(before + 1)
    expect(panel).to_have_attribute("aria-busy", "false")
    return answers.nth(before)


def test_a_repeating_task_from_the_first_word_to_the_audit_log(
    new_context: OpenContext, clocked: ClockedApp
) -> None:
    page = new_context(timezone_id="Europe/Berlin").new_page()
    album = Album(page)
    _sign_up(page)
    album.take("Signed up")
    page.get_by_role("button", name="Assistant", exact=True).click()
    added = _say(page, "add water the plants every day at 9 !10 min before")
    expect(added).to_contain_text("Added “water the plants”")
    expect(row(page, "water the plants")).to_contain_text("09:00")
    album.take("The assistant adds a repeating task with a reminder")

    clocked.clock.set(NEARLY_NINE)
    reminder = page.locator(".reminder")
    expect(reminder).to_contain_text("water the plants")
    expect(page.get_by_role("button", name=re.compile("^Notifications"))).to_have_accessible_name(
        "Notifications, 1 unread"
    )
    album.take("The reminder shows")

    done = _say(page, "done with water the plants")
    expect(done).to_contain_text("Completed “water the plants”")
    expect(row(page, "water the plants")).to_have_count(0)
    album.take("Completed by chat")
    page.goto("/upcoming")
    expect(row(page, "water the plants")).to_contain_text("09:00")

    open_details(page, "water the plants")
    expect(details(page)).to_contain_text("every day", ignore_case=True)
    album.take("The next occurrence")
    page.goto("/activity")
    history = page.get_by_role("main")
    expect(history).to_contain_text(re.compile("Assistant added.*water the plants"))
    expect(history).to_contain_text(re.compile("Assistant completed.*water the plants"))
    album.take("The history")

    audit = page.request.get("/api/v1/audit").json()
    sealed = [(entry["type"], entry["actor"]["name"]) for entry in audit["items"]]
    assert ("task.completed", "Assistant") in sealed
    assert ("reminder.due", "reminders") in sealed
