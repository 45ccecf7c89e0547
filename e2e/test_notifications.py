"""Reminders at the corner and behind the bell, where they go besides, and what a push shows."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person, log_in
from e2e.steps import check, details, row, toast, until
from e2e.test_accessibility import _assert_accessible as assert_accessible
from tests.fixtures.live_server import LiveServer, running_app
from tests.notifications.servers import Receiver, SubscribedBrowser, receiver
from todo_app.bootstrap import bootstrap
from todo_app.db.repositories.accounts import identity_of
from todo_app.domain.events import ReminderData
from todo_app.domain.task import Due
from todo_app.services import tasks
from todo_app.settings import Settings

A_PROCESS_MS = 30_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A copy of these tests' own, since they plan reminders in its database and let it send to loopback."""
    folder = tmp_path_factory.mktemp("notifications")
    with running_app(folder, TODO_ALLOW_PRIVATE_TARGETS="true", TODO_SMTP_URL="smtp://127.0.0.1:9") as server:
        yield server


@pytest.fixture(scope="module")
def base_url(server: LiveServer) -> str:
    return server.url


@pytest.fixture
def other_side() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


def remind(server: LiveServer, person: Person, *titles: str) -> None:
    """Let somebody be reminded of new tasks a moment from now, as another process would."""
    planning = _remind(Path(server.environment["TODO_DATA_DIR"]), person.email, titles)
    # In a thread of its own, since Playwright has an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, planning).result()


async def _remind(data_dir: Path, email: str, titles: tuple[str, ...]) -> None:
    application = bootstrap(Settings(_env_file=None, data_dir=data_dir))
    async with application.work.read() as uow:
        user = await uow.accounts.by_email(email)
    assert user is not None
    async with application.work.write(identity_of(user)) as uow:
        at = ReminderData(at=uow.now + timedelta(milliseconds=200))
        due = Due(uow.now.astimezone(uow.identity.zone).date())
        for title in titles:
            await tasks.add(uow, tasks.AddTask(title, due=due, reminders=[at]))
    await application.close()


def reminders(page: Page) -> Locator:
    """What shows at the corner."""
    return page.locator(".reminder")


def bell(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Notifications"))


def open_bell(page: Page) -> Locator:
    bell(page).click()
    panel = page.get_by_role("dialog", name="Notifications")
    expect(panel).to_be_visible()
    return panel


class TestAtTheCorner:
    def test_a_reminder_shows_by_itself(self, page: Page, person: Person, server: LiveServer) -> None:
        remind(server, person, "Pay rent")

        expect(reminders(page)).to_have_count(1)
        expect(reminders(page)).to_contain_text("Reminder: Pay rent — due today")
        expect(bell(page)).to_have_accessible_name("Notifications, 1 unread")

    def test_and_not_again_after_a_reload(self, page: Page, person: Person, server: LiveServer) -> None:
        remind(server, person, "Pay rent")
        expect(reminders(page)).to_have_count(1)

        page.reload()

        expect(bell(page)).to_have_accessible_name("Notifications, 1 unread")
        expect(reminders(page)).to_have_count(0)

    def test_it_stays_while_one_goes_from_list_to_list(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        remind(server, person, "Pay rent")
        expect(reminders(page)).to_have_count(1)

        page.locator(".sidebar").get_by_role("link", name="Inbox").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
        expect(reminders(page)).to_have_count(1)

    def test_every_open_tab_shows_it_once(
        self, page: Page, person: Person, base_url: str, server: LiveServer, new_context: OpenContext
    ) -> None:
        other = new_context(log_in(base_url, person)).new_page()
        other.goto("/settings")
        expect(other.get_by_role("heading", level=1)).to_have_text("Settings")

        remind(server, person, "Pay rent")

        for each in (page, other):
            expect(reminders(each)).to_have_count(1)

    def test_completing_there_completes_the_task(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        remind(server, person, "Pay rent")

        reminders(page).get_by_role("button", name="Complete").click()

        expect(row(page, "Pay rent")).to_have_count(0)
        expect(reminders(page)).to_have_count(0)
        expect(bell(page)).to_have_accessible_name("Notifications")
        toast(page).get_by_role("button", name="Undo").click()
        expect(row(page, "Pay rent")).to_be_visible()

    def test_it_goes_when_the_task_is_done_in_the_list(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        remind(server, person, "Pay rent")
        expect(reminders(page)).to_have_count(1)

        check(page, "Pay rent").click()

        expect(reminders(page)).to_have_count(0)
        expect(bell(page)).to_have_accessible_name("Notifications")
        toast(page).get_by_role("button", name="Undo").click()
        expect(bell(page)).to_have_accessible_name("Notifications, 1 unread")

    def test_it_counts_no_more_when_the_task_is_done_in_a_tab_that_was_opened_later(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        remind(server, person, "Pay rent")
        expect(reminders(page)).to_have_count(1)
        page.reload()
        expect(bell(page)).to_have_accessible_name("Notifications, 1 unread")

        check(page, "Pay rent").click()

        expect(bell(page)).to_have_accessible_name("Notifications")

    def test_it_can_be_put_off(self, page: Page, person: Person, server: LiveServer) -> None:
        remind(server, person, "Pay rent")

        reminders(page).get_by_role("button", name="Snooze").click()
        page.get_by_role("menuitem", name="Tomorrow 9:00").click()

        expect(toast(page)).to_contain_text("You will be reminded of “Pay rent” tomorrow at 09:00")
        expect(reminders(page)).to_have_count(0)
        expect(row(page, "Pay rent")).to_be_visible()

    def test_it_opens_the_task(self, page: Page, person: Person, server: LiveServer) -> None:
        remind(server, person, "Pay rent")

        reminders(page).get_by_role("button", name="Open").click()

        expect(details(page).get_by_label("Title")).to_have_value("Pay rent")
        expect(reminders(page)).to_have_count(0)

    def test_dismissing_leaves_it_behind_the_bell(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        remind(server, person, "Pay rent")

        reminders(page).get_by_role("button", name="Dismiss").click()

        expect(reminders(page)).to_have_count(0)
        expect(bell(page)).to_have_accessible_name("Notifications, 1 unread")

    def test_of_many_a_few_show_and_the_others_are_counted(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        remind(server, person, *(f"Task {number}" for number in range(8)))

        expect(bell(page)).to_have_accessible_name("Notifications, 8 unread")
        expect(reminders(page)).to_have_count(3)
        expect(page.get_by_text("and 5 more behind the bell")).to_be_visible()
        page.get_by_role("button", name="Dismiss all").click()
        expect(reminders(page)).to_have_count(0)


class TestTheBell:
    def test_it_is_empty_at_first(self, page: Page) -> None:
        panel = open_bell(page)

        expect(panel).to_contain_text("Nothing yet")
        expect(panel.get_by_role("button", name="Mark all as read")).to_be_disabled()

    def test_one_or_all_can_be_marked_as_read(
        self, page: Page, person: Person, base_url: str, server: LiveServer, new_context: OpenContext
    ) -> None:
        other = new_context(log_in(base_url, person)).new_page()
        other.goto("/today")
        remind(server, person, "Pay rent", "Call Ben", "Buy milk")
        expect(bell(other)).to_have_accessible_name("Notifications, 3 unread")
        panel = open_bell(page)

        panel.get_by_role("button", name="Mark as read: Reminder: Call Ben").click()
        for each in (page, other):
            expect(bell(each)).to_have_accessible_name("Notifications, 2 unread")
        panel.get_by_role("button", name="Mark all as read").click()
        for each in (page, other):
            expect(bell(each)).to_have_accessible_name("Notifications")
        expect(panel.locator(".note")).to_have_count(3)

    def test_it_follows_by_itself_while_it_is_open(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        panel = open_bell(page)

        remind(server, person, "Pay rent")

        expect(panel.locator(".note")).to_have_count(1)

    def test_tasks_are_completed_and_put_off_there(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        remind(server, person, "Pay rent", "Call Ben")
        expect(reminders(page)).to_have_count(2)
        panel = open_bell(page)

        panel.get_by_role("button", name="Complete: Reminder: Pay rent").click()
        expect(panel.locator(".note", has_text="Pay rent")).to_contain_text("done")
        panel.get_by_role("button", name="Snooze: Reminder: Call Ben").click()
        panel.get_by_role("button", name="1 hour").click()

        expect(toast(page)).to_contain_text("You will be reminded of “Call Ben”")
        expect(bell(page)).to_have_accessible_name("Notifications")

    def test_it_works_with_the_keyboard(self, page: Page, person: Person, server: LiveServer) -> None:
        remind(server, person, "Pay rent")
        expect(reminders(page)).to_have_count(1)

        page.locator("main").focus()
        page.keyboard.press("n")
        panel = page.get_by_role("dialog", name="Notifications")
        expect(panel.locator(".note")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("n")
        panel.get_by_role("button", name="Reminder: Pay rent due today").focus()
        page.keyboard.press("Enter")

        expect(details(page).get_by_label("Title")).to_have_value("Pay rent")
        expect(panel).to_be_hidden()

    def test_from_a_page_without_a_list_a_task_opens_too(
        self, page: Page, person: Person, server: LiveServer
    ) -> None:
        page.goto("/settings")
        remind(server, person, "Pay rent")

        open_bell(page).locator(".note-open").click()

        expect(page).to_have_url(re.compile("/all\\?task="))
        expect(details(page).get_by_label("Title")).to_have_value("Pay rent")

    def test_on_a_phone_it_is_a_sheet(
        self, person: Person, server: LiveServer, new_context: OpenContext
    ) -> None:
        phone = new_context(person, viewport={"width": 320, "height": 640}).new_page()
        phone.goto("/today")
        expect(phone.get_by_role("heading", level=1)).to_have_text("Today")
        remind(server, person, "Pay rent")
        expect(reminders(phone)).to_be_visible()

        panel = open_bell(phone)

        box = panel.bounding_box()
        assert box is not None
        assert (box["x"], box["width"]) == (0, 320)
        assert phone.evaluate("document.scrollingElement.scrollWidth") == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(person: Person, server: LiveServer, new_context: OpenContext, scheme: str) -> None:
    page = new_context(person, color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto("/settings")
    page.get_by_role("button", name="Send me mails").click()
    remind(server, person, "Pay rent", "Call Ben")
    expect(reminders(page)).to_have_count(2)
    expect(page.locator(".delivery", has_text="Pay rent")).to_contain_text("Trying again")
    assert_accessible(page, f"reminders and settings in {scheme}")
    panel = open_bell(page)
    panel.get_by_role("button", name="Snooze: Reminder: Pay rent").click()
    expect(panel.get_by_role("button", name="1 hour")).to_be_visible()
    assert_accessible(page, f"the bell in {scheme}")


class TestSettings:
    @pytest.fixture
    def settings(self, page: Page) -> Page:
        page.goto("/settings")
        expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
        return page

    def test_choices_are_kept(self, settings: Page) -> None:
        form = settings.get_by_role("form", name="Reminders")
        form.get_by_role("combobox").select_option("30 minutes before")
        form.get_by_label("Daily digest").fill("07:30")
        form.get_by_label("Quiet hours from").fill("22:00")
        form.get_by_label("Quiet hours to").fill("07:00")
        form.get_by_label("Tell me when a task becomes overdue").check()
        form.get_by_role("button", name="Save").click()
        expect(toast(settings)).to_contain_text("saved")

        settings.reload()

        expect(form.get_by_role("combobox")).to_have_value("30")
        expect(form.get_by_label("Daily digest")).to_have_value("07:30")
        expect(form.get_by_label("Quiet hours from")).to_have_value("22:00")
        expect(form.get_by_label("Quiet hours to")).to_have_value("07:00")
        expect(form.get_by_label("Tell me when a task becomes overdue")).to_be_checked()

    def test_half_a_stretch_is_refused(self, settings: Page) -> None:
        form = settings.get_by_role("form", name="Reminders")
        form.get_by_label("Quiet hours from").fill("22:00")
        form.get_by_role("button", name="Save").click()

        expect(form.get_by_role("alert")).to_have_text("Quiet hours need a beginning and an end.")

    def test_a_service_is_added_tried_and_removed(self, settings: Page, other_side: Receiver) -> None:
        form = settings.get_by_role("form", name="Another service")
        form.get_by_label("Address of the service").fill(f"json://ada:secret99@127.0.0.1:{other_side.port}/x")
        form.get_by_label("Name of the service").fill("My hook")
        form.get_by_role("button", name="Add").click()
        channel = settings.locator('[data-channel="apprise"]')
        # Looking at the address takes a process of its own, and so does each message.
        expect(channel).to_contain_text("My hook", timeout=A_PROCESS_MS)
        expect(channel).to_contain_text("json://…")
        expect(form.get_by_label("Address of the service")).to_have_value("")

        channel.get_by_role("button", name="Test").click()
        expect(toast(settings)).to_contain_text("Sent to “My hook”", timeout=A_PROCESS_MS)
        assert json.loads(other_side.requests[0].body)["title"] == "A test from Punctual"
        assert "secret99" not in settings.content()

        channel.get_by_role("switch").click()
        expect(channel).to_contain_text("You switched it off.")
        expect(channel.get_by_role("button", name="Test")).to_be_disabled()
        channel.get_by_role("button", name="Remove").click()
        expect(channel).to_have_count(0)

    def test_what_goes_wrong_is_said(self, settings: Page, person: Person, server: LiveServer) -> None:
        form = settings.get_by_role("form", name="Another service")
        form.get_by_label("Address of the service").fill("carrierpigeon://home")
        form.get_by_role("button", name="Add").click()
        alert = form.get_by_role("alert")
        expect(alert).to_contain_text("no service that can be used here", timeout=A_PROCESS_MS)

        settings.get_by_role("button", name="Send me mails").click()
        channel = settings.locator('[data-channel="email"]')
        channel.get_by_role("button", name="Test").click()
        expect(toast(settings)).to_contain_text("The mail server can't be reached (connection refused).")

        remind(server, person, "Pay rent")
        line = settings.locator(".delivery", has_text="Pay rent")
        expect(line).to_contain_text("Trying again: The mail server can't be reached")


class TestPush:
    def test_a_browser_subscribes_and_is_reached(
        self, context: BrowserContext, page: Page, person: Person, server: LiveServer, other_side: Receiver
    ) -> None:
        """The vendor's push service is replaced, since a browser of a test has none; the rest is real."""
        subscribed = SubscribedBrowser(f"{other_side.url}/push")
        context.grant_permissions(["notifications"])
        page.add_init_script(
            f"""PushManager.prototype.getSubscription = async () => null;
            PushManager.prototype.subscribe = async function (options) {{
                globalThis.asked = options;
                return {subscribed.subscription};
            }};"""
        )
        page.goto("/settings")
        page.get_by_role("button", name="Show notifications here").click()
        channel = page.locator('[data-channel="push"]')
        expect(channel).to_contain_text("127.0.0.1")
        expect(channel).to_contain_text("on Linux")
        assert page.evaluate("asked.userVisibleOnly && asked.applicationServerKey.length") == 65
        assert subscribed.subscription not in page.content()

        remind(server, person, "Pay rent")

        until(page, lambda: len(other_side.requests) == 1)
        message = subscribed.read(other_side.requests[0].body)
        assert (message["title"], message["body"]) == ("Reminder: Pay rent", "due today")
        expect(page.locator(".delivery", has_text="Pay rent")).to_contain_text("Sent")

    def test_a_subscription_that_the_browser_changes_by_itself_goes_on(
        self, context: BrowserContext, page: Page, person: Person, server: LiveServer, other_side: Receiver
    ) -> None:
        first, second = (SubscribedBrowser(f"{other_side.url}/{name}") for name in ("first", "second"))
        context.grant_permissions(["notifications"])
        page.add_init_script(
            f"""PushManager.prototype.getSubscription = async () => null;
            PushManager.prototype.subscribe = async () => ({{
                endpoint: {first.endpoint!r}, toJSON: () => ({first.subscription}) }});"""
        )
        page.goto("/settings")
        with context.expect_event("serviceworker") as started:
            page.get_by_role("button", name="Show notifications here").click()
        expect(page.locator('[data-channel="push"]')).to_be_visible()

        asked = started.value.evaluate(
            """async ([endpoint, subscription]) => {
                let asked;
                PushManager.prototype.subscribe = async (options) => {
                    asked = options;
                    return { endpoint, toJSON: () => JSON.parse(subscription) };
                };
                const event = new Event("pushsubscriptionchange");
                const waited = new Promise((done) => (event.waitUntil = done));
                self.dispatchEvent(event);
                await waited;
                return asked;
            }""",
            [second.endpoint, second.subscription],
        )
        assert (asked["userVisibleOnly"], len(asked["applicationServerKey"])) == (True, 87)
        remind(server, person, "Pay rent")

        until(page, lambda: len(other_side.requests) == 1)
        assert other_side.requests[0].path == "/second"
        assert second.read(other_side.requests[0].body)["title"] == "Reminder: Pay rent"
        expect(page.locator('[data-channel="push"]')).to_have_count(1)

    def test_a_browser_that_may_not_says_so(self, page: Page, context: BrowserContext) -> None:
        page.add_init_script("Notification.requestPermission = async () => 'denied'")
        page.goto("/settings")

        page.get_by_role("button", name="Show notifications here").click()

        expect(page.get_by_role("form", name="This browser").get_by_role("alert")).to_contain_text(
            "Notifications are blocked"
        )
