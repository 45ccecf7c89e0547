"""Prometheus is told of the tabs that are really open."""

from __future__ import annotations

import re
from urllib.request import urlopen

from tests.fixtures.live_server import LiveServer
from tests.fixtures.tab import Tab, sign_up


def open_tabs(server: LiveServer) -> float:
    with urlopen(f"{server.url}/metrics", timeout=10) as answer:
        found = re.search(r"^punctual_open_tabs (\S+)$", answer.read().decode(), re.MULTILINE)
    assert found
    return float(found[1])


async def test_open_tabs_are_counted(live_server: LiveServer) -> None:
    before = open_tabs(live_server)
    async with Tab(live_server.url, sign_up(live_server.url)):
        assert open_tabs(live_server) == before + 1
