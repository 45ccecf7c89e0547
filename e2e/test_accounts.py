"""Signing up, logging in and out, through the pages."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.conftest import OpenContext
from e2e.people import PASSWORD, Person, fresh_email, log_in
from e2e.steps import go_to


def test_somebody_signs_up_and_lands_in_a_list_with_sample_tasks(stranger_page: Page) -> None:
    stranger_page.goto("/")
    expect(stranger_page).to_have_url(re.compile("/login"))
    stranger_page.get_by_role("link", name=re.compile("account|sign up", re.IGNORECASE)).click()
    # The page for logging in has a field of the same name.
    expect(stranger_page.get_by_role("heading", level=1)).to_have_text("Create an account")
    email = fresh_email()
    stranger_page.get_by_label("E-mail").fill(email)
    stranger_page.get_by_label("Password", exact=True).fill(PASSWORD)
    stranger_page.keyboard.press("Enter")

    expect(stranger_page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(stranger_page.locator("[data-task-list]")).to_contain_text("Press ? to see all keys")
    expect(stranger_page.locator(".sidebar")).to_contain_text(email)
    expect(stranger_page.locator(".sidebar").get_by_role("link", name="First steps")).to_be_visible()


def test_the_time_zone_is_guessed_from_the_browser(new_context: OpenContext) -> None:
    page = new_context(timezone_id="Pacific/Auckland").new_page()
    page.goto("/register")
    page.get_by_label("E-mail").fill(fresh_email())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.goto("/settings")
    expect(page.locator("#timezone")).to_have_value("Pacific/Auckland")


def test_a_refused_password_is_said_at_the_field_and_nothing_typed_is_lost(
    stranger_page: Page, complaints: list[str]
) -> None:
    stranger_page.goto("/register")
    email = fresh_email()
    stranger_page.get_by_label("E-mail").fill(email)
    stranger_page.get_by_label("Password", exact=True).fill("short")
    stranger_page.keyboard.press("Enter")
    expect(stranger_page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(stranger_page.get_by_role("alert").filter(has_text="10 characters")).to_be_visible()
    expect(stranger_page.get_by_label("E-mail")).to_have_value(email)
    complaints.clear()  # the browser writes each refused request to the console


def test_logging_out_and_in_again(page: Page, person: Person) -> None:
    page.goto("/settings")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page).to_have_url(re.compile("/login"))
    page.go_back()
    expect(page).to_have_url(re.compile("/login"))

    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/(today|settings)"))
    expect(page.locator(".sidebar")).to_contain_text(person.email)


def test_after_logging_in_one_is_where_one_wanted_to_go(stranger_page: Page, person: Person) -> None:
    stranger_page.goto("/all?sort=title")
    expect(stranger_page).to_have_url(re.compile("/login"))
    stranger_page.get_by_label("E-mail").fill(person.email)
    stranger_page.get_by_label("Password", exact=True).fill(person.password)
    stranger_page.keyboard.press("Enter")
    expect(stranger_page).to_have_url(re.compile(r"/all\?sort=title"))


def test_logging_out_everywhere_empties_the_other_browser(
    page: Page, person: Person, new_context: OpenContext
) -> None:
    other = new_context(person).new_page()
    other.goto("/settings")
    other.get_by_role("button", name="Log out everywhere").click()
    expect(page).to_have_url(re.compile("/login"))
    expect(page.locator("[data-task-list]")).to_have_count(0)


def test_the_settings_show_where_one_is_logged_in_and_end_it_there(
    page: Page, person: Person, base_url: str, new_context: OpenContext
) -> None:
    other = new_context(log_in(base_url, person)).new_page()
    other.goto("/settings")
    browsers = other.get_by_role("list", name="Where you are logged in").get_by_role("listitem")
    expect(browsers).to_have_count(2)
    expect(browsers.nth(0)).to_contain_text("This browser")
    expect(browsers.nth(1)).to_contain_text("Another browser")
    expect(browsers.nth(1)).to_contain_text("Logged in today")

    browsers.nth(1).get_by_role("button", name="Log out").click()

    expect(browsers).to_have_count(1)
    expect(page).to_have_url(re.compile("/login"))
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Settings")


def test_settings_and_activity_are_reached_from_the_list(page: Page) -> None:
    page.get_by_role("link", name="Settings and account").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    expect(page).to_have_title(re.compile("Settings"))
    page.get_by_role("link", name="Show the activity").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Activity")
    go_to(page, "Inbox")
    expect(page).to_have_title("Inbox · Punctual")
