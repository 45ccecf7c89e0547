"""Tasks that repeat: the dialog in its three ways, completing, skipping, and what a change concerns.

The app's clock stands at a Monday, so that dates can be told beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.clock import ClockedApp, clocked_app
from e2e.conftest import OpenContext
from e2e.people import Person
from e2e.steps import add, check, details, go_to, open_details, row, tasks, title, toast

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


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


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Repeat")


def words(page: Page) -> Locator:
    """The rule in words, as it would be saved."""
    return dialog(page).get_by_role("status")


def dates(page: Page) -> Locator:
    return dialog(page).get_by_role("region", name="Next dates").get_by_role("listitem")


def phrase(page: Page) -> Locator:
    return dialog(page).get_by_label("Type how it repeats")


def ask_for(page: Page, text: str) -> Locator:
    """Open the dialog for a task of the list, by its key."""
    title(page, text).focus()
    page.keyboard.press("r")
    expect(dialog(page)).to_be_visible()
    expect(phrase(page)).to_be_focused()
    return dialog(page)


def repeats(page: Page, text: str, rule: str) -> None:
    """Expect a row to say its rule."""
    expect(row(page, text).locator(".mark", has_text="Repeats")).to_have_attribute("title", rule)


def test_a_preset_from_the_tasks_date(page: Page) -> None:
    add(page, "Pay rent 1 dec")
    shown = ask_for(page, "Pay rent")

    presets = shown.get_by_role("group", name="Presets").get_by_role("button")
    expect(presets).to_have_text(
        [
            "Every day",
            "Every workday",
            "Every Tuesday",
            "Every month on the 1st",
            "Every month on the 1st Tuesday",
            "Every year on 1 December",
        ]
    )
    presets.filter(has_text="Every month on the 1st").first.click()
    expect(presets.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(words(page)).to_have_text("Every month on the 1st")
    expect(dates(page)).to_have_text(
        ["Tue 1 Dec", "Fri 1 Jan 2027", "Mon 1 Feb 2027", "Mon 1 Mar 2027", "Thu 1 Apr 2027"]
    )
    expect(shown.get_by_label("Unit")).to_have_value("month")
    expect(shown.get_by_label("Day", exact=True)).to_have_value("1")

    shown.get_by_role("button", name="Save").click()
    expect(shown).to_be_hidden()
    expect(title(page, "Pay rent")).to_be_focused()
    repeats(page, "Pay rent", "every month on the 1st")
    expect(toast(page)).to_contain_text("“Pay rent” repeats every month on the 1st")
    toast(page).get_by_role("button", name="Undo").click()
    expect(row(page, "Pay rent").locator(".mark")).to_have_count(0)


def test_a_phrase_fills_the_fields(page: Page) -> None:
    add(page, "Water the plants")
    shown = ask_for(page, "Water the plants")

    page.keyboard.type("every 2 weeks on mon, fri until 1 Mar")
    expect(words(page)).to_have_text("Every 2 weeks on Monday and Friday until 1 March 2027")
    expect(dates(page)).to_have_text(["Mon 23 Nov", "Fri 27 Nov", "Mon 7 Dec", "Fri 11 Dec", "Mon 21 Dec"])
    expect(shown.get_by_text("Due from Mon 23 Nov")).to_be_visible()
    expect(shown.get_by_label("How many", exact=True)).to_have_value("2")
    expect(shown.get_by_label("Unit")).to_have_value("week")
    expect(shown.get_by_role("button", pressed=True)).to_have_text(["Mo", "Fr"])
    expect(shown.get_by_label("Last day")).to_have_value("2027-03-01")

    page.keyboard.press("Enter")
    expect(shown).to_be_hidden()
    expect(row(page, "Water the plants")).to_contain_text("Today")
    repeats(page, "Water the plants", "every 2 weeks on Monday and Friday until 1 March 2027")


def test_the_fields_say_what_they_mean(page: Page) -> None:
    add(page, "Back up tomorrow 9am")
    shown = ask_for(page, "Back up")

    shown.get_by_label("How many", exact=True).fill("3")
    shown.get_by_label("Unit").select_option("workday")
    expect(words(page)).to_have_text("Every 3 workdays")
    expect(dates(page).first).to_have_text("Tue 24 Nov 09:00")
    expect(dates(page).nth(1)).to_have_text("Fri 27 Nov 09:00")

    shown.get_by_label("Unit").select_option("month")
    shown.get_by_label("Which day").select_option("weekday")
    shown.get_by_label("Which one").select_option("-1")
    shown.get_by_label("Day of the week").select_option("Friday")
    expect(words(page)).to_have_text("Every 3 months on the last Friday")
    expect(shown.get_by_text("Due moves to Fri 27 Nov 09:00")).to_be_visible()

    shown.get_by_label("Ends").select_option("count")
    shown.get_by_label("How many times").fill("2")
    expect(words(page)).to_have_text("Every 3 months on the last Friday for 2 times")
    expect(dates(page)).to_have_text(["Fri 27 Nov 09:00", "Fri 26 Feb 2027 09:00", "then it ends"])

    shown.get_by_role("radio", name="Completion").click()
    expect(shown.get_by_label("If overdue")).to_have_count(0)
    expect(words(page)).to_have_text("Every! 3 months for 2 times")
    expect(shown.get_by_text("If each is completed on its day")).to_be_visible()


def test_what_can_not_be_is_said_at_its_field(page: Page) -> None:
    add(page, "Pay rent 1 dec")
    shown = ask_for(page, "Pay rent")
    every = shown.get_by_label("How many", exact=True)

    every.fill("0")
    expect(every).to_have_attribute("aria-invalid", "true")
    expect(shown.get_by_role("alert")).to_have_text("Give a number from 1 to 999.")
    every.fill("1")
    expect(shown.get_by_role("alert")).to_have_count(0)
    shown.get_by_label("Ends").select_option("date")
    shown.get_by_label("Last day").fill("2026-11-24")
    expect(shown.get_by_role("alert")).to_have_text("This is before the task is due.")
    phrase(page).fill("now and then")
    expect(phrase(page)).to_have_attribute("aria-invalid", "true")
    shown.get_by_role("button", name="Save").click()
    expect(shown.get_by_role("alert")).to_contain_text("is no way to repeat")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(row(page, "Pay rent").locator(".mark")).to_have_count(0)


def test_a_rule_that_the_fields_can_not_show_is_kept(page: Page) -> None:
    add(page, "Pay wages every 1st and 15th")
    shown = ask_for(page, "Pay wages")

    expect(shown.get_by_text("Custom rule")).to_be_visible()
    expect(words(page)).to_have_text("Every month on the 1st and 15th")
    shown.get_by_label("If overdue").select_option("next")
    shown.get_by_role("button", name="Save").click()
    expect(shown).to_be_hidden()
    repeats(page, "Pay wages", "every month on the 1st and 15th")

    ask_for(page, "Pay wages")
    expect(shown.get_by_label("If overdue")).to_have_value("next")
    shown.get_by_role("button", name="Choose another").click()
    expect(words(page)).to_have_text("Every Tuesday")
    shown.get_by_role("button", name="Stop repeating").click()
    expect(shown).to_be_hidden()
    expect(row(page, "Pay wages").locator(".mark")).to_have_count(0)
    expect(toast(page)).to_contain_text("repeats no longer")


def test_dates_are_shown_in_the_persons_own_zone(page: Page) -> None:
    add(page, "Call Tokyo")
    title(page, "Call Tokyo").focus()
    page.keyboard.press("d")
    picker = page.get_by_role("dialog", name="Due date")
    picker.get_by_label("Type a date").fill("24 nov 2026")
    expect(picker.get_by_role("status")).to_be_visible()
    picker.get_by_label("Time", exact=True).fill("5:00")
    picker.get_by_label("Time zone").select_option("Asia/Tokyo")
    picker.get_by_role("button", name="Set date").click()
    expect(row(page, "Call Tokyo")).to_contain_text("Today 21:00")

    ask_for(page, "Call Tokyo")
    phrase(page).fill("every day")
    expect(words(page)).to_have_text("Every day")
    expect(dates(page).first).to_have_text("Mon 23 Nov 21:00")


def test_completing_three_times(page: Page, clocked: ClockedApp) -> None:
    add(page, "Water the plants every day at 9:00")

    for day, following in ((23, "Tue 24 Nov"), (24, "Wed 25 Nov"), (25, "Thu 26 Nov")):
        clocked.clock.set(datetime(2026, 11, day, 10, 0, tzinfo=UTC))
        check(page, "Water the plants").click()
        expect(toast(page)).to_contain_text(f"Completed “Water the plants”. Next: {following} 09:00")
        expect(row(page, "Water the plants")).to_contain_text("Tomorrow 09:00")
    expect(row(page, "Water the plants")).to_have_count(1)
    go_to(page, "Completed")
    expect(row(page, "Water the plants")).to_have_count(3)


def test_the_last_one_says_so(page: Page) -> None:
    add(page, "Take the pills every day for 2 times")
    check(page, "Take the pills").click()
    expect(toast(page)).to_contain_text("Next: Tue 24 Nov")
    expect(row(page, "Take the pills")).to_contain_text("Tomorrow")

    check(page, "Take the pills").click()
    expect(toast(page)).to_contain_text("That was the last one")
    expect(row(page, "Take the pills")).to_have_count(0)


def test_skipping_by_key_and_taking_it_back(page: Page) -> None:
    add(page, "Stand-up every workday at 9:30", "Buy milk")
    title(page, "Buy milk").focus()
    page.keyboard.press(">")
    title(page, "Stand-up").focus()
    page.keyboard.press(">")

    expect(toast(page)).to_contain_text("Skipped “Stand-up”. Next: Tue 24 Nov 09:30")
    expect(row(page, "Stand-up")).to_contain_text("Tomorrow 09:30")
    expect(title(page, "Buy milk")).to_be_visible()
    toast(page).get_by_role("button", name="Undo").click()
    expect(row(page, "Stand-up")).to_contain_text("Today 09:30")
    expect(row(page, "Stand-up")).to_have_count(1)

    panel = open_details(page, "Stand-up")
    panel.get_by_role("button", name="Skip this one").click()
    expect(row(page, "Stand-up")).to_contain_text("Tomorrow 09:30")
    go_to(page, "Completed")
    expect(row(page, "Stand-up")).to_contain_text("Skipped")


def test_a_change_of_this_one_alone_and_of_the_following_ones(page: Page) -> None:
    add(page, "Water the plants every day")
    panel = open_details(page, "Water the plants")
    panel.get_by_role("radio", name="Only this one").click()
    expect(panel.get_by_role("radio", name="Only this one")).to_be_checked()
    panel.get_by_label("Title").fill("Water the cactus")
    panel.get_by_label("Title").press("Enter")
    expect(title(page, "Water the cactus")).to_be_visible()
    check(page, "Water the cactus").click()
    expect(row(page, "Water the plants")).to_contain_text("Tomorrow")

    panel = open_details(page, "Water the plants")
    expect(panel.get_by_role("radio", name="This and following")).to_be_checked()
    panel.get_by_role("button", name="Priority").click()
    page.get_by_role("menuitem", name="High").click()
    expect(row(page, "Water the plants").locator(".check")).to_have_attribute("data-priority", "high")
    check(page, "Water the plants").click()
    expect(row(page, "Water the plants")).to_contain_text("Wednesday")
    expect(row(page, "Water the plants").locator(".check")).to_have_attribute("data-priority", "high")


def test_another_date_for_the_following_ones_too(page: Page) -> None:
    add(page, "Club every monday")
    open_details(page, "Club").get_by_role("button", name="Due", exact=True).click()
    picker = page.get_by_role("dialog", name="Due date")
    expect(picker.get_by_role("button", name="Repeats every Monday")).to_be_visible()
    picker.get_by_label("Move the following ones too").check()
    picker.get_by_role("button", name="Tomorrow").click()

    expect(row(page, "Club")).to_contain_text("Tomorrow")
    repeats(page, "Club", "every Tuesday")
    expect(details(page)).to_contain_text("Next: Tue 1 Dec")


def test_another_date_for_this_one_alone(page: Page) -> None:
    add(page, "Club every monday")
    title(page, "Club").focus()
    page.keyboard.press("d")
    page.get_by_role("dialog", name="Due date").get_by_role("button", name="Tomorrow").click()

    expect(row(page, "Club")).to_contain_text("Tomorrow")
    repeats(page, "Club", "every Monday")
    check(page, "Club").click()
    expect(toast(page)).to_contain_text("Next: Mon 30 Nov")


@pytest.mark.parametrize("way", ["words", "month"])
def test_from_the_date_picker_it_counts_from_the_date_that_is_chosen_there(page: Page, way: str) -> None:
    add(page, "Water tomorrow")
    title(page, "Water").focus()
    page.keyboard.press("d")
    picker = page.get_by_role("dialog", name="Due date")
    expect(picker.get_by_role("gridcell", selected=True)).to_have_text("24")
    if way == "words":
        page.keyboard.type("fri 9:00")
    else:
        picker.locator('[data-day="2026-11-27"]').click()
        expect(picker.get_by_role("gridcell", selected=True)).to_have_text("27")

    picker.get_by_role("button", name="Repeat…").click()

    expect(dialog(page)).to_be_visible()
    expect(picker).to_be_hidden()
    expect(words(page)).to_have_text("Every Friday")
    expect(dates(page).first).to_have_text("Fri 27 Nov 09:00" if way == "words" else "Fri 27 Nov")


def test_from_the_date_picker_a_date_that_is_none_is_said_first(page: Page) -> None:
    add(page, "Water")
    title(page, "Water").focus()
    page.keyboard.press("d")
    picker = page.get_by_role("dialog", name="Due date")
    expect(picker.get_by_role("button", name="Tomorrow")).to_be_visible()
    picker.get_by_label("Time", exact=True).fill("25:00")

    picker.get_by_role("button", name="Repeat…").click()

    expect(picker.get_by_role("alert")).to_contain_text("“25:00” is no time")
    expect(dialog(page)).to_be_hidden()


def test_the_dialog_opens_from_the_panel_the_menu_and_the_date_picker(page: Page) -> None:
    add(page, "Club tomorrow")
    panel = open_details(page, "Club")
    panel.get_by_role("button", name="Repeats").click()
    expect(dialog(page)).to_be_visible()
    dialog(page).get_by_role("button", name="Cancel").click()
    expect(dialog(page)).to_be_hidden()
    expect(panel.get_by_role("button", name="Repeats")).to_be_focused()
    page.keyboard.press("Escape")

    title(page, "Club").focus()
    page.keyboard.press("m")
    expect(page.get_by_role("menuitem", name="Skip this one")).to_be_hidden()
    page.get_by_role("menuitem", name="Repeat…").click()
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()

    title(page, "Club").focus()
    page.keyboard.press("d")
    page.get_by_role("dialog", name="Due date").get_by_role("button", name="Repeat…").click()
    expect(dialog(page)).to_be_visible()
    expect(dialog(page).get_by_role("group", name="Presets")).to_contain_text("Every Tuesday")


def test_a_selection_with_tasks_that_repeat(page: Page) -> None:
    add(page, "Club every monday", "Stand-up every workday", "Buy milk today")
    for name in ("Club", "Stand-up", "Buy milk"):
        title(page, name).focus()
        page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="Selected tasks")
    bar.get_by_role("button", name="Date").click()
    page.get_by_role("dialog", name="Due date").get_by_role("button", name="Tomorrow").click()
    expect(toast(page)).to_contain_text("Rescheduled 3 tasks, 2 of them repeat")

    for name in ("Club", "Stand-up", "Buy milk"):
        title(page, name).focus()
        page.keyboard.press("x")
    bar.get_by_role("button", name="Complete").click()
    expect(toast(page)).to_contain_text("Completed 3 tasks, 2 of them repeat")
    expect(row(page, "Club")).to_contain_text("Monday")
    expect(row(page, "Stand-up")).to_contain_text("Wednesday")
    expect(row(page, "Buy milk")).to_have_count(0)


def test_it_fits_a_phone(new_context: OpenContext, person: Person) -> None:
    phone = new_context(
        person, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ).new_page()
    phone.goto("/all")
    add(phone, "Pay rent every month on the 1st at 9am")
    title(phone, "Pay rent").tap()
    details(phone).get_by_role("button", name="Repeats").tap()

    expect(dialog(phone)).to_be_in_viewport(ratio=1)
    expect(dates(phone)).to_have_count(5)
    expect(dates(phone).last).to_be_in_viewport(ratio=1)
    phrase(phone).fill("every 2 weeks on mon, fri until 1 Mar")
    expect(dates(phone).first).to_have_text("Fri 4 Dec 09:00")
    expect(dates(phone).last).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    dialog(phone).get_by_role("button", name="Save").tap()
    expect(dialog(phone)).to_be_hidden()
    expect(details(phone)).to_contain_text("every 2 weeks on Monday and Friday")


def test_all_of_it_by_keyboard(page: Page) -> None:
    add(page, "Pay rent 1 dec")
    shown = ask_for(page, "Pay rent")
    page.keyboard.press("Tab")
    expect(shown.get_by_role("button", name="Every day")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
    expect(shown.get_by_label("How many", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("month")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(shown.get_by_role("radio", name="Schedule")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(shown.get_by_role("radio", name="Completion")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(words(page)).to_have_text("Every 2 months on the 1st")
    page.keyboard.press("Escape")
    expect(title(page, "Pay rent")).to_be_focused()
    expect(tasks(page).filter(has_text="Pay rent").locator(".mark")).to_have_count(0)
