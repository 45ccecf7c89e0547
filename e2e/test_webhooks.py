"""Webhooks in the settings: added, told of what happens, sent again, switched off, removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from standardwebhooks import Webhook as Verifier

from e2e.steps import add, toast
from e2e.test_accessibility import _assert_accessible as assert_accessible
from tests.fixtures.live_server import LiveServer, running_app
from tests.notifications.servers import Receiver, receiver

# The courier looks by itself every five seconds.
A_LOOK_MS = 20_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A copy of these tests' own, which may send to loopback."""
    folder = tmp_path_factory.mktemp("webhooks")
    with running_app(folder, TODO_ALLOW_PRIVATE_TARGETS="true") as server:
        yield server


@pytest.fixture(scope="module")
def base_url(server: LiveServer) -> str:
    return server.url


@pytest.fixture
def other_side() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


def _section(page: Page) -> Locator:
    page.goto("/settings")
    section = page.get_by_role("region", name="Webhooks")
    expect(section).to_be_visible()
    return section


def _add(section: Locator, url: str) -> str:
    section.get_by_label("Address to tell").fill(url)
    section.get_by_label("Name of the webhook").fill("Team chat")
    section.get_by_label("What it is told").select_option("When tasks are added")
    section.get_by_role("button", name="Add", exact=True).click()
    secret = section.get_by_role("textbox", name="Secret of Team chat")
    expect(secret).to_be_visible()
    return secret.input_value()


def test_a_webhook_is_told_and_told_again(page: Page, other_side: Receiver) -> None:
    section = _section(page)
    secret = _add(section, f"{other_side.url}/hook")
    other_side.status, other_side.answer = 500, b"not today"
    page.goto("/all")
    add(page, "Pay rent")
    section = _section(page)
    section.get_by_role("button", name="What was sent: Team chat").click()
    line = section.locator(".delivery")
    expect(line).to_contain_text("task.created", timeout=A_LOOK_MS)
    expect(line).to_contain_text("Trying again: It answered 500.", timeout=A_LOOK_MS)
    expect(line).to_contain_text("not today")
    assert_accessible(page, "the log of a webhook")

    other_side.status = 204
    line.get_by_role("button", name="Redeliver").click()
    expect(line).to_contain_text("Sent, answered 204", timeout=A_LOOK_MS)
    told = other_side.requests[-1]
    assert Verifier(secret).verify(told.body, told.headers)["data"]["title"] == "Pay rent"

    section.get_by_role("button", name="Test: Team chat").click()
    expect(section.locator(".delivery").first).to_contain_text("webhook.test")
    expect(section.locator(".delivery").first).to_contain_text("Sent", timeout=A_LOOK_MS)


def test_one_is_switched_off_and_removed(page: Page, other_side: Receiver) -> None:
    section = _section(page)
    _add(section, other_side.url)
    section.get_by_role("switch", name="On: Team chat").click()
    expect(section.get_by_text("You switched it off.")).to_be_visible()
    expect(section.get_by_role("button", name="Test: Team chat")).to_be_disabled()

    section.get_by_role("button", name="Remove: Team chat").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove webhook").click()
    expect(toast(page)).to_contain_text("Removed “Team chat”")
    expect(section.get_by_role("switch", name="On: Team chat")).to_have_count(0)


def test_what_is_no_address_is_refused_in_words(page: Page, complaints: list[str]) -> None:
    section = _section(page)
    section.get_by_label("Address to tell").fill("example.org")
    section.get_by_label("Name of the webhook").fill("Team chat")
    section.get_by_role("button", name="Add", exact=True).click()

    expect(section.get_by_role("alert")).to_contain_text("Give an address that begins with https://")
    complaints.clear()
