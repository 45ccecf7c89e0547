"""Quick add: a line with words that mean something becomes a task."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from e2e.steps import add, open_quick_add, paste, row, toast


def test_what_is_understood_shows_as_chips_while_typing(page: Page) -> None:
    line = open_quick_add(page)
    line.press_sequentially("Pay rent tomorrow 17:00 #home +Flat p1")

    chips = page.get_by_role("list", name="Understood").get_by_role("listitem")
    expect(chips).to_have_text(["Tomorrow 17:00", "home", "Flat", "High"])
    line.press("Enter")
    rent = row(page, "Pay rent")
    expect(rent).to_contain_text("Tomorrow 17:00")
    expect(rent).to_contain_text("home")
    expect(rent).to_contain_text("Flat")
    expect(rent.locator(".check")).to_have_attribute("data-priority", "high")
    expect(page.locator(".sidebar").get_by_role("link", name="Flat")).to_be_visible()


def test_removing_a_chip_keeps_its_words_in_the_title(page: Page) -> None:
    line = open_quick_add(page)
    line.fill("Read tomorrow never dies tomorrow #film")
    chips = page.get_by_role("list", name="Understood").get_by_role("listitem")
    expect(chips.filter(has_text="film")).to_be_visible()

    page.get_by_role("button", name="Keep film as words").click()
    expect(chips.filter(has_text="film")).to_have_count(0)
    expect(line).to_have_value("Read tomorrow never dies tomorrow #film")
    line.press("Enter")
    expect(page.get_by_role("link", name="#film")).to_have_count(1)
    expect(page.locator(".tag")).to_have_count(0)


def test_several_tasks_are_added_one_after_the_other(page: Page) -> None:
    line = open_quick_add(page)
    for text in ("One", "Two", "Three"):
        line.fill(text)
        line.press("Enter")
        expect(row(page, text)).to_be_visible()
        expect(line).to_be_focused()
        expect(line).to_have_value("")


def test_words_typed_right_after_enter_are_not_lost(page: Page) -> None:
    line = open_quick_add(page)
    line.fill("First")
    page.keyboard.press("Enter")
    page.keyboard.type("Second")
    expect(row(page, "First")).to_be_visible()
    expect(line).to_have_value("Second")


def test_a_title_that_is_refused_stays_in_the_line(page: Page) -> None:
    line = open_quick_add(page)
    line.fill("x" * 501)
    line.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("at most 500 fit")
    expect(line).to_have_value("x" * 501)
    expect(line).to_have_attribute("aria-invalid", "true")


def test_a_task_that_does_not_belong_to_the_list_is_said_so(page: Page) -> None:
    page.goto("/today")
    line = open_quick_add(page)
    line.fill("Some day soon tomorrow")
    line.press("Enter")
    expect(toast(page)).to_contain_text("not part of this list")


def test_right_to_left_and_emoji_come_through_as_typed(page: Page) -> None:
    for text in ("קנה חלב", "اشتر الخبز", "🧑‍🚀 Call Zoë 🎉"):
        add(page, text)
        expect(row(page, text)).to_be_visible()


def test_a_pasted_book_is_refused_and_nothing_is_lost(page: Page) -> None:
    line = open_quick_add(page)
    line.fill("Read ")
    paste(line, "a " * 2_500_000)
    expect(page.get_by_role("alert")).to_contain_text("at most 10,000 characters fit")
    expect(line).to_have_value("Read ")

    line.press_sequentially("a chapter")
    expect(page.get_by_role("alert")).to_have_count(0)
    line.press("Enter")
    expect(row(page, "Read a chapter")).to_be_visible()


def test_enter_twice_adds_once(page: Page) -> None:
    line = open_quick_add(page)
    line.fill("Only one")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(row(page, "Only one")).to_have_count(1)
    add(page, "Another")
    expect(row(page, "Another")).to_be_visible()
    expect(row(page, "Only one")).to_have_count(1)


def test_recurrence_and_reminders_are_understood_in_words(page: Page) -> None:
    line = open_quick_add(page)
    line.press_sequentially("Pay rent every month on the 1st at 9am !30 min before")

    chips = page.get_by_role("list", name="Understood").get_by_role("listitem")
    expect(chips.filter(has_text="every month on the 1st").locator(".lucide-repeat")).to_be_visible()
    expect(chips.filter(has_text="30 minutes before").locator(".lucide-bell")).to_be_visible()
    line.press("Enter")
    marks = row(page, "Pay rent").locator(".mark")
    expect(marks.first).to_have_attribute("title", "every month on the 1st")
    expect(marks.last).to_have_attribute("title", "1 reminder")


def test_pasted_lines_become_tasks_and_indented_ones_subtasks(page: Page) -> None:
    line = open_quick_add(page)
    paste(line, "🎉 Plan the party tomorrow\n  👩‍👩‍👧 Ask everybody p1\nBuy milk every week\n")
    form = page.get_by_role("form", name="Task", exact=True)

    expect(form.get_by_role("status")).to_have_text("3 tasks")
    tokens = form.locator(".token")
    expect(tokens).to_have_text(["tomorrow", "p1", "every week"])
    form.get_by_role("button", name="Add 3 tasks").click()
    expect(toast(page)).to_contain_text("Added 3 tasks")
    expect(row(page, "🎉 Plan the party")).to_contain_text("0/1")
    expect(row(page, "Buy milk").locator(".mark")).to_have_attribute("title", "every week")
    expect(form.get_by_role("button", name="Add task")).to_be_visible()


def test_highlights_lie_on_their_words_over_several_lines(page: Page) -> None:
    line = open_quick_add(page)
    paste(line, f"🎉 {'Long words ' * 12}tomorrow\n\n  🧑‍🚀 Launch !tomorrow 9am\nLast #home")
    tokens = page.locator(".quick-add .token")
    expect(tokens).to_have_text(["tomorrow", "!tomorrow 9am", "#home"])

    shade, field = page.locator(".quick-add-shade").bounding_box(), line.bounding_box()
    assert shade
    assert field
    assert abs(shade["height"] - field["height"]) < 1
    assert (shade["x"], shade["y"], shade["width"]) == (field["x"], field["y"], field["width"])


def test_a_wrong_line_of_several_is_named_and_nothing_is_lost(page: Page) -> None:
    text = "Fine\n" + "x" * 501
    line = open_quick_add(page)
    paste(line, text)
    line.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Line 2")
    expect(line).to_have_value(text)
    expect(row(page, "Fine")).to_have_count(0)
