"""The script that takes the pictures of the documents still finds its way through the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from e2e.screenshots import PICTURES, take, with_a_life
from tests.fixtures.live_server import LiveServer


def test_every_picture_can_be_taken(browser: Browser, live_server: LiveServer, tmp_path: Path) -> None:
    person = with_a_life(live_server)

    for picture in PICTURES:
        take(browser, live_server.url, person, picture, tmp_path / f"{picture.name}.png")

    assert len(list(tmp_path.iterdir())) == len(PICTURES)
