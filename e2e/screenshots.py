"""Takes the pictures of docs/images/: the real app on a made-up life, in Chromium. `make screenshots` runs it."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from e2e import chromium
from e2e.people import PASSWORD, Person, log_in
from e2e.steps import add, details, open_details, row, tasks, toast
from tests.fixtures.live_server import LiveServer, running_app

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
# Two pixels for each of the page's, as phones have.
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
_TASKS = 140
_PATIENCE_MS = 30_000
_ADA = Person("ada@example.org", PASSWORD, ())


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it."""

    name: str
    path: str
    theme: str
    device: dict[str, Any]
    with_details: bool = False


PICTURES = (
    Picture("today-light", "/today", "light", WIDE),
    Picture("today-dark", "/today", "dark", WIDE),
    Picture("details-light", "/upcoming", "light", WIDE, with_details=True),
    Picture("phone-light", "/today", "light", PHONE),
)


def main() -> int:
    """Take all pictures from a copy of the app of their own."""
    for name in [name for name in os.environ if name.startswith("TODO_")]:
        del os.environ[name]
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=_PATIENCE_MS)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        person = with_a_life(server)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.arguments())
        for picture in PICTURES:
            file = FOLDER / f"{picture.name}.png"
            take(browser, server.url, person, picture, file)
            sys.stdout.write(f"{file.relative_to(Path.cwd())}: {file.stat().st_size:,} bytes\n")
        browser.close()
    return 0


def with_a_life(server: LiveServer) -> Person:
    """Somebody who has used the app for months."""
    server.command("user", "create", _ADA.email, "--password-stdin", "--timezone", "UTC", stdin=PASSWORD)
    server.command("seed", _ADA.email, "--tasks", str(_TASKS))
    return log_in(server.url, _ADA)


def take(browser: Browser, url: str, person: Person, picture: Picture, file: Path) -> None:
    """Open the page that the picture shows, and take it once everything is there."""
    context = browser.new_context(base_url=url, locale="en-GB", color_scheme=picture.theme, **picture.device)
    context.add_cookies(list(person.cookies))
    page = context.new_page()
    page.goto(picture.path)
    expect(tasks(page).first).to_be_visible()
    if picture.with_details:
        _open_a_rich_task(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file, animations="disabled")
    context.close()


def _open_a_rich_task(page: Page) -> None:
    """Add one that has something of everything, whatever life the day has made up."""
    add(page, "Plan the housewarming tomorrow 18:00 #family #phone +Flat p1")
    panel = open_details(page, "Plan the housewarming")
    panel.get_by_role("button", name="Edit the description").click()
    panel.get_by_label("Description", exact=True).fill(
        "About **thirty people**, from six until late.\n\n"
        "- Music: Chiara has *speakers*\n- Chairs: ask the neighbours\n- Cake from [Da Gino](https://example.org)"
    )
    panel.get_by_role("button", name="Save").click()
    steps = ("Write the invitations", "Borrow chairs", "Order the cake")
    field = panel.get_by_label("New subtask").get_by_role("textbox")
    for step in steps:
        field.fill(step)
        field.press("Enter")
        expect(panel.get_by_role("link", name=step)).to_be_visible()
    panel.get_by_role("checkbox", name=f"Complete {steps[0]}").click()
    expect(row(page, "Plan the housewarming")).to_contain_text("1/3")
    # Neither the message of the last change, nor the pointer and the focus where they were last.
    toast(page).get_by_role("button", name="Dismiss").click()
    page.mouse.move(0, 0)
    details(page).focus()
    page.evaluate("scrollTo(0, 0)")


if __name__ == "__main__":
    sys.exit(main())
