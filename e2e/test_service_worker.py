"""What the service worker shows of a push, in a browser that has notifications."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from e2e import chromium
from e2e.steps import until


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The complete one: the one without windows has no notifications."""
    browser = playwright.chromium.launch(executable_path=chromium.find_complete(), args=chromium.arguments())
    yield browser
    browser.close()


def test_what_is_pushed_shows_once_for_each_tag(context: BrowserContext, page: Page) -> None:
    worker = PushedWorker(context, page)

    worker.push({"title": "Reminder: Pay rent", "body": "due 09:00", "path": "/all?task=1", "tag": "a"})
    worker.push({"title": "Reminder: Pay rent", "body": "due 09:00", "path": "/all?task=1", "tag": "a"})
    worker.push({"title": "Reminder: Call Ben", "body": "", "path": "/today", "tag": "b"})

    until(page, lambda: len(worker.shown()) == 2, seconds=30)
    assert sorted((each["title"], each["body"], each["tag"]) for each in worker.shown()) == [
        ("Reminder: Call Ben", "", "b"),
        ("Reminder: Pay rent", "due 09:00", "a"),
    ]


def test_a_push_that_says_nothing_shows_something(context: BrowserContext, page: Page) -> None:
    """Browsers end a subscription whose pushes show nothing."""
    worker = PushedWorker(context, page)

    worker.push_text("no JSON")

    until(page, lambda: [each["title"] for each in worker.shown()] == ["Punctual"], seconds=30)


class PushedWorker:
    """The service worker of a page, driven through Chromium's own protocol."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        context.grant_permissions(["notifications"])
        self._page = page
        self._origin = page.evaluate("location.origin")
        self._protocol = context.new_cdp_session(page)
        registrations: list[str] = []
        self._protocol.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
        )
        self._protocol.send("ServiceWorker.enable")
        page.evaluate(
            "navigator.serviceWorker.register('/service-worker.js').then(() => navigator.serviceWorker.ready)"
        )
        until(page, lambda: bool(registrations))
        self._registration = registrations[0]

    def push(self, message: dict[str, str]) -> None:
        self.push_text(json.dumps(message))

    def push_text(self, text: str) -> None:
        self._protocol.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._origin, "registrationId": self._registration, "data": text},
        )

    def shown(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self._page.evaluate(
            """async () => (await (await navigator.serviceWorker.ready).getNotifications())
                .map(({ title, body, tag }) => ({ title, body, tag }))"""
        )
        return found
