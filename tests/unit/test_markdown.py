"""Descriptions become HTML in which nothing runs, loads or pretends."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_app.domain.markdown import to_html

TAGS = {"a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
TAGS |= {"h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"}
PIECES = (
    "<script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe srcdoc=x>",
    "<svg/onload=alert(1)>",
    "<style>*{}</style>",
    "<form action=//evil>",
    "<input autofocus onfocus=alert(1)>",
    "<!--",
    "-->",
    "<![CDATA[",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&colon;alert(1))",
    "[a](data:text/html,x)",
    "<javascript:alert(1)>",
    "![a](https://example.org/spy.png)",
    "[a]: vbscript:x",
    "[a]",
    "`",
    "```",
    "**",
    "> ",
    "- ",
    "| a |\n|---|\n",
    '" onmouseover="alert(1)',
    "&lt;script&gt;",
    "\x00",
    "\u2028",
    "\\",
    "\n",
    "\n\n",
)


class Reader(HTMLParser):
    """Every tag with its attributes, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def dangers(html: str) -> list[object]:
    """What may not be in it."""
    found: list[object] = []
    for tag, attributes in Reader(html).found:
        if tag not in TAGS or not attributes.keys() <= {"href", "title", "rel", "target"}:
            found.append((tag, attributes))
        href = attributes.get("href")
        if tag != "a" and attributes:
            found.append((tag, attributes))
        if href is not None and not href.startswith(("http://", "https://", "mailto:")) and ":" in href:
            found.append(href)
    return found


@pytest.mark.parametrize("text", [*PIECES, "".join(PIECES), "\n\n".join(PIECES)])
def test_what_could_run_or_load_is_text_or_gone(text: str) -> None:
    assert dangers(to_html(text)) == []


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join))
def test_so_it_is_however_it_is_put_together(text: str) -> None:
    assert dangers(to_html(text)) == []


def test_html_is_shown_as_it_was_written() -> None:
    assert to_html("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


def test_a_link_opens_apart_and_tells_nothing() -> None:
    ((_, paragraph), (tag, attributes)) = Reader(to_html("[map](https://example.org/a?b=1)")).found

    assert (paragraph, tag) == ({}, "a")
    assert attributes == {
        "href": "https://example.org/a?b=1",
        "rel": "noopener noreferrer nofollow",
        "target": "_blank",
    }
