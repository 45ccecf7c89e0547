"""The HTML of another app's descriptions as Markdown, which ours are."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "pre", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_AROUND = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "s": "~~", "del": "~~"}
_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|div|ul|ol|li|a|strong|em|b|i|h[1-6]|code|pre|blockquote)\b", re.IGNORECASE
)


def markdown_of(text: str) -> str:
    """A description as Markdown; one that is no HTML stays as it is."""
    if not _LOOKS_LIKE_HTML.search(text):
        return text.strip()
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write what stands before the content of an element."""
        values = dict(attrs)
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            checked = values.get("data-checked")
            box = {"true": "[x] ", "false": "[ ] "}.get(checked or "", "")
            self.parts.append(f"\n- {box}")
        elif tag == "a":
            self._links.append(values.get("href") or "")
            self.parts.append("[")
        elif tag in _BLOCKS:
            # Inside an item, a paragraph begins on the item's line.
            in_item = bool(self.parts) and re.search(r"\n- (?:\[[ x]\] )?$", self.parts[-1])
            if not in_item:
                self.parts.append("\n\n")
        elif tag in _AROUND:
            self.parts.append(_AROUND[tag])

    def handle_endtag(self, tag: str) -> None:
        """Write what stands after the content of an element."""
        if tag == "a" and self._links:
            self.parts.append(f"]({self._links.pop()})")
        elif tag in _AROUND:
            self.parts.append(_AROUND[tag])

    def handle_data(self, data: str) -> None:
        """Write text; white space between elements means nothing."""
        if data.strip():
            self.parts.append(data)
        elif data and self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append(" ")
