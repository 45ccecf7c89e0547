"""Fixtures of the browser suite. It needs a URL only: `--base-url` or `E2E_URL`, or a copy that it starts itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)

from e2e import chromium
from e2e.people import Person, register

RESULTS = Path("test-results")
# Where the pictures of the journey are left, whether it succeeds or not.
JOURNEY = RESULTS / "journey"
WIDE = {"width": 1280, "height": 800}
# Two cores that also build and serve; a condition that will hold is waited for no longer than it takes.
PATIENCE_MS = 10_000
_FAILED = pytest.StashKey[bool]()

OpenContext = Callable[..., BrowserContext]
OpenPage = Callable[..., Page]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--base-url", help="a running copy of the app to test, instead of one started for the tests"
    )


@pytest.fixture(scope="session")
def base_url(request: pytest.FixtureRequest) -> str:
    """Where the app is."""
    given = request.config.getoption("--base-url") or os.environ.get("E2E_URL")
    url: str = given or request.getfixturevalue("live_server").url
    return url.rstrip("/")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers, once per worker."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser per worker."""
    browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.arguments())
    yield browser
    browser.close()


@pytest.fixture
def complaints(base_url: str) -> Iterator[list[str]]:
    """What no page of a test may do: throw, write an error to the console, ask another origin for something.

    A test that means to cause one takes it out of the list.
    """
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def own_hosts(base_url: str) -> frozenset[str]:
    """Where pages may ask for something, as host:port."""
    return frozenset({urlsplit(base_url).netloc})


@pytest.fixture
def new_context(
    browser: Browser,
    base_url: str,
    own_hosts: frozenset[str],
    complaints: list[str],
    request: pytest.FixtureRequest,
) -> Iterator[OpenContext]:
    """Opens a context: a person with cookies of their own, for tests with several people or devices.

    When the test fails, a picture of each of their pages is left in test-results/.
    """
    contexts: list[BrowserContext] = []

    def open_context(person: Person | None = None, **options: object) -> BrowserContext:
        context = browser.new_context(
            **{"base_url": base_url, "locale": "en-GB", "viewport": WIDE, **options}
        )
        context.set_default_timeout(PATIENCE_MS)
        if person:
            context.add_cookies(list(person.cookies))
        _listen(context, own_hosts, complaints)
        contexts.append(context)
        return context

    yield open_context
    if request.node.stash.get(_FAILED, False):
        _take_pictures(contexts, request.node.name)
    for context in contexts:
        context.close()


@pytest.fixture
def person(base_url: str) -> Person:
    """Somebody who has just signed up."""
    return register(base_url)


@pytest.fixture
def context(new_context: OpenContext, person: Person) -> BrowserContext:
    """Their browser, in which they are logged in."""
    return new_context(person)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of it, at the list of all tasks."""
    page = context.new_page()
    page.goto("/all")
    expect(page.get_by_role("heading", level=1)).to_have_text("All tasks")
    return page


@pytest.fixture
def stranger_page(new_context: OpenContext) -> Page:
    """A tab of somebody without an account."""
    return new_context().new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def _listen(context: BrowserContext, own_hosts: frozenset[str], complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text}")

    def on_address(request: Request | WebSocket) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc not in own_hosts:
            complaints.append(f"request to another origin: {request.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"error: {error.error}"))
    context.on("request", on_address)
    context.on("page", lambda page: page.on("websocket", on_address))


def _take_pictures(contexts: list[BrowserContext], name: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        page.screenshot(path=RESULTS / f"{name.replace('/', '_')}-{number}.png", full_page=True)
