"""The page comes up in a browser and connects to the server that it came from."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect


def test_the_page_comes_up_and_opens_its_socket(page: Page, base_url: str) -> None:
    with page.expect_websocket() as socket:
        page.goto("/")

    expect(page).to_have_title(re.compile("Punctual"))
    assert urlsplit(socket.value.url).netloc == urlsplit(base_url).netloc
