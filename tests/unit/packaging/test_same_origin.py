"""The page talks to the host it came from, and no other site may open its socket."""

from __future__ import annotations

import pytest

from todo_app.same_origin import may_open_socket, relative_to_browser

BUILT = "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,TRANSPORT:`websocket`};"


def test_the_built_page_takes_its_address_from_the_browser() -> None:
    assert relative_to_browser(BUILT) == (
        'var e={PING:location.origin+"/ping",'
        'EVENT:location.origin.replace(/^http/,"ws")+"/_event",TRANSPORT:`websocket`};'
    )


def test_a_build_without_addresses_is_refused() -> None:
    with pytest.raises(RuntimeError, match="no server address"):
        relative_to_browser("var e={};")


@pytest.mark.parametrize(
    ("origin", "request_headers", "allowed"),
    [
        ("http://localhost:3000", {"HTTP_HOST": "localhost:3000"}, True),
        ("https://todo.example.org", {"HTTP_HOST": "todo.example.org"}, True),
        (
            "https://todo.example.org",
            {"HTTP_HOST": "web:3000", "HTTP_X_FORWARDED_HOST": "todo.example.org"},
            True,
        ),
        ("https://evil.example", {"HTTP_HOST": "todo.example.org"}, False),
        ("http://localhost:3001", {"HTTP_HOST": "localhost:3000"}, False),
        ("null", {"HTTP_HOST": "localhost:3000"}, False),
        ("", {"HTTP_HOST": "localhost:3000"}, False),
        (None, {"HTTP_HOST": "localhost:3000"}, False),
    ],
)
def test_the_socket_opens_for_the_host_that_was_asked(
    origin: str | None, request_headers: dict[str, str], allowed: bool
) -> None:
    assert may_open_socket(origin, request_headers) is allowed
