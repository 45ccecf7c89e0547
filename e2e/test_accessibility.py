"""axe-core finds nothing to complain of, on any page and in any state, in light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, details, go_to, open_details, open_quick_add, title

_AXE = Axe()
_ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Dark differs from light by its colours alone.
_RULES = {
    "light": {"runOnly": {"type": "tag", "values": _ALL_RULES}},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
}


def _violations(page: Page) -> list[str]:
    # Colours are judged at rest, not while a panel is on its way in.
    page.evaluate(
        """() => Promise.all(document.getAnimations()
            .filter((each) => each.timeline === document.timeline && each.effect.getComputedTiming().endTime < Infinity)
            .map((each) => each.finished.catch(() => 0)))"""
    )
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    found = _AXE.run(page, options=_RULES[scheme]).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['failureSummary']}" for each in found
    ]


def _assert_accessible(page: Page, where: str) -> None:
    assert _violations(page) == [], where


@pytest.fixture(params=["light", "dark"])
def page(new_context: OpenContext, person: Person, request: pytest.FixtureRequest) -> Page:
    page = new_context(person, color_scheme=request.param, reduced_motion="reduce").new_page()
    page.goto("/all")
    expect(page.get_by_role("heading", level=1)).to_have_text("All tasks")
    return page


def test_pages_for_strangers(new_context: OpenContext) -> None:
    for scheme in ("light", "dark"):
        page = new_context(color_scheme=scheme).new_page()
        for path in ("/login", "/register", "/forgot", "/reset?secret=x"):
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            _assert_accessible(page, f"{path} in {scheme}")


def test_lists_full_and_empty(page: Page) -> None:
    add(page, "Late 2020-01-01 #home +Flat p1", "Soon tomorrow 9am #phone p2", "Some day p3")
    for path in (
        "/today",
        "/upcoming",
        "/inbox",
        "/all?sort=priority",
        "/completed",
        "/trash",
        "/all?sort=manual",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".skeletons")).to_have_count(0)
        _assert_accessible(page, path)


def test_the_assistant(page: Page) -> None:
    add(page, "Call mum tomorrow #phone p1", "Call the bank")
    page.get_by_role("button", name="Assistant", exact=True).click()
    panel = page.get_by_role("complementary", name="Assistant")
    field = panel.get_by_role("textbox")
    _assert_accessible(page, "the assistant before anything was said")
    for count, sentence in enumerate(("show my tasks", "add buy milk", "complete call"), start=1):
        field.fill(sentence)
        field.press("Enter")
        expect(panel.locator(".message")).to_have_count(count)
        expect(panel).to_have_attribute("aria-busy", "false")
    _assert_accessible(page, "a conversation")


def test_searches_filters_and_selections(page: Page) -> None:
    add(page, "Late 2020-01-01 #home +Flat p1", "Soon tomorrow 9am #phone p2", "Some day p3")
    page.goto("/search?q=soon")
    expect(page.locator("mark")).to_have_count(1)
    _assert_accessible(page, "search")
    page.goto("/search?q=xyzzy")
    expect(page.locator("[data-task-list]")).to_contain_text("Nothing found")
    _assert_accessible(page, "nothing found")
    page.goto("/all?priority=high&priority=low&due=none")
    expect(page.get_by_role("group", name="Filtered by")).to_be_visible()
    _assert_accessible(page, "filtered")
    page.get_by_role("button", name="Save as filter").click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Finds tasks that match").fill("#home | #wrok &")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    _assert_accessible(page, "a filter with an error")
    page.get_by_label("Finds tasks that match").fill("#home | #wrok")
    page.get_by_label("Name").fill("Urgent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Urgent")
    _assert_accessible(page, "a saved filter")
    go_to(page, "home")
    _assert_accessible(page, "a tag")
    title(page, "Late").focus()
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Selected tasks")).to_be_visible()
    _assert_accessible(page, "a selection")
    page.keyboard.press("Delete")
    expect(page.locator(".toast:visible")).to_be_visible()
    go_to(page, "Trash")
    _assert_accessible(page, "the trash with a message")


def test_settings_and_activity(page: Page) -> None:
    for path in ("/settings", "/activity"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        _assert_accessible(page, path)


def test_an_open_task(page: Page) -> None:
    add(page, "Plan the trip tomorrow #travel +Trips p1")
    panel = open_details(page, "Plan the trip")
    _assert_accessible(page, "the panel")
    field = panel.get_by_label("New subtask").get_by_role("textbox")
    field.fill("Book")
    field.press("Enter")
    expect(panel.get_by_role("link", name="Book")).to_be_visible()
    panel.get_by_role("button", name="Edit the description").click()
    panel.get_by_label("Description", exact=True).fill(
        "# Plan\n\n- [ ] **one**\n\n`code`\n\n> said\n\n[a](https://example.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    _assert_accessible(page, "a description being edited")
    panel.get_by_role("button", name="Save").click()
    expect(panel.locator(".prose")).to_contain_text("code")
    _assert_accessible(page, "a description")
    for name in ("Due", "Reminders", "Priority", "Project", "Tags"):
        panel.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("[popover]:popover-open")).to_be_visible()
        _assert_accessible(page, f"the menu {name}")
        page.keyboard.press("Escape")
    panel.get_by_label("Title").fill("x" * 550)
    panel.get_by_label("Title").press("Enter")
    expect(panel.get_by_role("alert")).to_be_visible()
    _assert_accessible(page, "a refused title")


def test_menus_and_dialogs(page: Page) -> None:
    add(page, "Sweep #home +Flat", "Dig #garden")
    keys: dict[str, Callable[[], object]] = {
        key: lambda key=key: page.keyboard.press(key) for key in ("d", "p", "t", "m", "f", "s")
    }
    for key, press in keys.items():
        title(page, "Sweep").focus()
        press()
        expect(page.locator("[popover]:popover-open")).to_be_visible()
        _assert_accessible(page, f"key {key}")
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    _assert_accessible(page, "the keys")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Manage tags").click()
    manager = page.get_by_role("dialog", name="Tags", exact=True)
    expect(manager).to_be_visible()
    _assert_accessible(page, "the tag manager")
    manager.get_by_role("button", name="Colour of home").click()
    _assert_accessible(page, "the colours")
    page.keyboard.press("Escape")
    manager.get_by_role("button", name="Delete home").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    _assert_accessible(page, "a question")


def test_a_task_that_repeats(page: Page) -> None:
    add(page, "Pay rent every month on the 1st at 9am !30 min before #home")
    panel = open_details(page, "Pay rent")
    _assert_accessible(page, "the panel of a task that repeats")
    panel.get_by_role("button", name="Reminders").click()
    expect(page.get_by_role("dialog", name="Reminders").get_by_role("listitem")).to_have_count(1)
    _assert_accessible(page, "the reminders")
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Due", exact=True).click()
    expect(page.get_by_label("Move the following ones too")).to_be_visible()
    _assert_accessible(page, "the date picker of a task that repeats")
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Repeats").click()
    dialog = page.get_by_role("dialog", name="Repeat")
    phrase = dialog.get_by_label("Type how it repeats")
    for text in (
        "every 2 weeks on mon, fri until 2030-03-01",
        "every 1st and 15th",
        "every year on the last monday of may",
        "now and then",
    ):
        phrase.fill(text)
        expect(dialog.get_by_role("region")).to_have_attribute("data-stale", "false")
        _assert_accessible(page, f"the recurrence “{text}”")
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Skip this one").click()
    expect(panel).to_contain_text("This one was skipped")
    _assert_accessible(page, "the panel of a skipped task")


def test_quick_add(page: Page) -> None:
    open_quick_add(page).fill("Pay rent tomorrow 17:00 #home +Flat p1")
    expect(page.get_by_role("list", name="Understood").get_by_role("listitem")).to_have_count(4)
    _assert_accessible(page, "the chips")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(new_context: OpenContext, person: Person, scheme: str) -> None:
    page = new_context(
        person, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme,
        reduced_motion="reduce",
    ).new_page()  # fmt: skip
    page.goto("/all")
    add(page, "Buy milk today #shop p1")
    _assert_accessible(page, "a list")
    page.get_by_role("button", name="Open the sidebar").tap()
    _assert_accessible(page, "the drawer")
    page.keyboard.press("Escape")
    title(page, "Buy milk").tap()
    expect(details(page)).to_be_visible()
    _assert_accessible(page, "the sheet")
