"""From the bytes of a file to its text, whatever program wrote it."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass

from todo_app.domain.errors import Invalid

BYTES_MAX = 64 << 20
# The longer mark first: that of UTF-16 is its beginning.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOK_AT = 400
# What Windows-1252 leaves undefined, old programs write all the same.
_FALLBACK = "cp1252"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and whether its letters are only likely to be right."""

    text: str
    is_guess: bool = False


def decode(data: bytes) -> Decoded:
    """The text of a file: UTF-8, UTF-16 or UTF-32 with or without a mark, else Windows-1252.

    Raises:
        Invalid: when the file is empty, too large, or no text.
    """
    if len(data) > BYTES_MAX:
        raise Invalid("file", f"The file is larger than {BYTES_MAX >> 20} MiB. Split it.")
    encoding = _encoding_of(data)
    try:
        decoded = Decoded(data.decode(encoding))
    except UnicodeDecodeError:
        decoded = Decoded(data.decode(_FALLBACK, errors="replace"), is_guess=True)
    if not decoded.text.strip():
        raise Invalid("file", "The file is empty.")
    if "\x00" in decoded.text:
        raise Invalid("file", "This is no text file. Choose the CSV, JSON or ICS file of an export.")
    return decoded


def parse_json(text: str) -> object:
    """JSON as Python values.

    Raises:
        Invalid: when it is none.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise Invalid("file", f"This is no whole JSON document: {error}.") from None
    except RecursionError:
        raise Invalid("file", "The JSON is nested too deep.") from None


def _encoding_of(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    # Of UTF-16 without a mark, every other byte of plain letters is zero.
    start = data[:_LOOK_AT]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) // 4:
        return "utf-16-be"
    return "utf-8"
