"""Tasks as files: out by a link, in by a look at every row first."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e.steps import add, titles

CSV = "title,priority,tags\nRepot the basil,high,phone\nBuy milk,,\n"


def _settings(page: Page) -> Locator:
    page.goto("/settings")
    section = page.get_by_role("region", name="Your tasks as files")
    expect(section).to_be_visible()
    return section


def _choose(section: Locator, name: str, content: str) -> None:
    section.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )


def test_all_tasks_are_downloaded(page: Page, tmp_path: Path) -> None:
    add(page, "Pay rent #home")
    section = _settings(page)

    with page.expect_download() as started:
        section.get_by_role("link", name="JSON").click()

    file = tmp_path / "tasks.json"
    started.value.save_as(file)
    assert started.value.suggested_filename.startswith("punctual-")
    assert "Pay rent" in [task["title"] for task in json.loads(file.read_text())["tasks"]]


def test_a_file_is_looked_at_and_imported_and_taken_back(page: Page) -> None:
    section = _settings(page)
    _choose(section, "tasks.csv", CSV)
    expect(section.get_by_role("status")).to_have_text("Would import 2 tasks.")
    expect(section.get_by_role("row")).to_have_count(3)
    expect(section).to_contain_text("New tags: phone")

    section.get_by_role("button", name="Import 2 tasks").click()
    expect(section.get_by_role("status")).to_have_text("Imported 2 tasks.")
    expect(page.locator(".sidebar").get_by_role("link", name="phone")).to_be_visible()

    section.get_by_role("button", name="Undo").click()
    expect(section.get_by_role("status")).to_have_text("The import was taken back.")
    page.goto("/all")
    expect(titles(page).filter(has_text="Repot the basil")).to_have_count(0)


def test_a_wrong_row_is_named_and_the_corrected_file_goes_in(page: Page) -> None:
    section = _settings(page)
    _choose(section, "tasks.csv", CSV.replace("high", "urgent"))
    expect(section.get_by_role("status")).to_contain_text("correct 1 row first")
    expect(section.get_by_role("row", name="Repot the basil")).to_contain_text("“urgent” is no priority")
    expect(section.get_by_role("button", name="Import")).to_have_count(0)

    _choose(section, "tasks.csv", CSV)
    section.get_by_role("button", name="Import 2 tasks").click()
    expect(section.get_by_role("status")).to_have_text("Imported 2 tasks.")
    page.goto("/all")
    expect(titles(page).filter(has_text="Repot the basil")).to_have_count(1)


def test_what_is_no_export_is_refused_in_words(page: Page, complaints: list[str]) -> None:
    section = _settings(page)
    _choose(section, "odd.csv", "a,b\n1,2\n")

    expect(section.get_by_role("alert")).to_contain_text("Nothing tells what kind of file this is")
    complaints.clear()


def test_the_report_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    section = _settings(page)
    _choose(section, "tasks.csv", CSV.replace("high", "urgent"))
    expect(section.get_by_role("status")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_address_for_calendars_is_shown_once_and_revoked(page: Page) -> None:
    add(page, "Pay rent tomorrow")
    section = _settings(page)
    section.get_by_role("button", name="Make an address").click()
    address = section.get_by_role("textbox", name="Calendar feed")
    expect(address).to_be_visible()
    path = "/feeds/" + address.input_value().rsplit("/", 1)[1]
    assert "SUMMARY:Pay rent" in page.request.get(path).text()

    section = _settings(page)
    expect(section.get_by_text("There is an address since")).to_be_visible()
    section.get_by_role("button", name="Revoke").click()
    expect(section.get_by_role("button", name="Make an address")).to_be_visible()
    assert page.request.get(path).status == 404
