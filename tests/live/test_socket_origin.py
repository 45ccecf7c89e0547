"""Only the page's own site may open the socket, on which a log-in cookie is all that is needed."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

from tests.fixtures.live_server import LiveServer

PATH = "/_event/?token=00000000-0000-4000-8000-000000000000&EIO=4&transport=websocket"


def socket_url(server: LiveServer) -> str:
    return server.url.replace("http", "ws", 1) + PATH


def test_the_page_opens_the_socket(live_server: LiveServer) -> None:
    with connect(socket_url(live_server), origin=live_server.url) as socket:
        assert str(socket.recv(timeout=10)).startswith("0{")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null"])
def test_another_site_does_not(live_server: LiveServer, origin: str) -> None:
    with pytest.raises(InvalidHandshake), connect(socket_url(live_server), origin=origin):
        pass
