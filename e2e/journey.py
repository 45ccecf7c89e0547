"""One day with the app, from signing up to the audit log, by what is said to the assistant.

The same wherever the app runs. It is looked at in two tabs, which may be at two addresses of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from playwright.sync_api import BrowserContext, Page, expect

from e2e.clock import Clock
from e2e.people import PASSWORD, fresh_email
from e2e.steps import details, open_details, row, say, until

# Half past eight on a Monday in Berlin.
MONDAY: Final = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
NEARLY_NINE: Final = MONDAY + timedelta(minutes=20)
ZONE: Final = "Europe/Berlin"
_TASK = "water the plants"


def live_a_day(
    context: BrowserContext, addresses: tuple[str, str], clock: Clock, take: Callable[[Page, str], None]
) -> None:
    """Do and see all of it.

    Args:
        context: The browser of somebody who is unknown yet, in the zone of the day.
        addresses: Where the app is, for the tab that everything is done in and for the one beside it.
        clock: The app's, at `MONDAY`.
        take: Called with the first tab and what it shows, for a picture.
    """
    page, beside = context.new_page(), context.new_page()
    both = tuple(zip((page, beside), addresses, strict=True))
    _sign_up(page, addresses[0])
    beside.goto(f"{addresses[1]}/today")
    take(page, "Signed up")
    page.get_by_role("button", name="Assistant", exact=True).click()
    added = say(page, f"add {_TASK} every day at 9 !10 min before")
    expect(added).to_contain_text(f"Added “{_TASK}”")
    for tab, _ in both:
        expect(row(tab, _TASK)).to_contain_text("09:00")
    take(page, "The assistant adds a repeating task with a reminder")

    clock.set(NEARLY_NINE)
    for tab, _ in both:
        expect(tab.locator(".reminder")).to_contain_text(_TASK)
        bell = tab.get_by_role("button", name=re.compile("^Notifications"))
        expect(bell).to_have_accessible_name("Notifications, 1 unread")
    take(page, "The reminder shows")

    done = say(page, f"done with {_TASK}")
    expect(done).to_contain_text(f"Completed “{_TASK}”")
    for tab, _ in both:
        expect(row(tab, _TASK)).to_have_count(0)
    take(page, "Completed by chat")
    for tab, address in both:
        tab.goto(f"{address}/upcoming")
        expect(row(tab, _TASK)).to_contain_text("09:00")

    open_details(page, _TASK)
    expect(details(page)).to_contain_text("every day", ignore_case=True)
    take(page, "The next occurrence")
    for tab, address in both:
        tab.goto(f"{address}/activity")
        history = tab.get_by_role("main")
        expect(history).to_contain_text(re.compile(f"Assistant added.*{_TASK}"))
        expect(history).to_contain_text(re.compile(f"Assistant completed.*{_TASK}"))
    take(page, "The history")

    for tab, address in both:
        _await_seals(tab, address)


def _await_seals(tab: Page, address: str) -> None:
    """Wait until the audit log has it all, which is written by whoever hears of what was done."""

    def is_sealed() -> bool:
        audit = tab.request.get(f"{address}/api/v1/audit").json()
        sealed = {(entry["type"], entry["actor"]["name"]) for entry in audit["items"]}
        return {("task.completed", "Assistant"), ("reminder.due", "reminders")} <= sealed

    until(tab, is_sealed, seconds=60)


def _sign_up(page: Page, address: str) -> None:
    page.goto(f"{address}/register")
    page.get_by_label("E-mail").fill(fresh_email())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
