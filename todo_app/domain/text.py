"""What may stand in titles, descriptions and names, and how text is folded for sorting and searching."""

from __future__ import annotations

import re
import unicodedata

from todo_app.domain.errors import Invalid

TITLE_MAX = 500
DESCRIPTION_MAX = 50_000
NAME_MAX = 80
SORT_KEY_MAX = 120

# Cc are control characters; Cs lone surrogates, which no database stores.
_FORBIDDEN = {"Cc", "Cs"}


def clean_title(text: str) -> str:
    """One line of task title: runs of white space made one, at most ``TITLE_MAX`` characters.

    Raises:
        Invalid: when nothing is left, or it is too long, or holds control characters.
    """
    title = _one_line(text, field="title")
    if not title:
        raise Invalid("title", "Give the task a title.")
    return _at_most(title, TITLE_MAX, field="title")


def clean_description(text: str) -> str:
    """Free text over several lines, at most ``DESCRIPTION_MAX`` characters.

    Raises:
        Invalid: when it is too long or holds control characters other than line breaks and tabs.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    _refuse_controls(text, field="description", allowed="\n\t")
    return _at_most(text, DESCRIPTION_MAX, field="description")


def clean_name(text: str, *, what: str) -> str:
    """The name of a tag or project: one line with at least one letter or digit.

    Raises:
        Invalid: when it is empty, too long, or holds control characters or a double quote.
    """
    name = _one_line(text, field="name")
    if not any(character.isalnum() for character in name):
        raise Invalid("name", f"Give the {what} a name with at least one letter.")
    if '"' in name:
        raise Invalid("name", "A name can't hold a double quote.")
    return _at_most(name, NAME_MAX, field="name")


def printable(text: str) -> str:
    """Text with a space in the place of each character that neither titles nor descriptions can hold."""
    return "".join(
        " " if character not in "\n\r\t" and unicodedata.category(character) in _FORBIDDEN else character
        for character in text
    )


def fold(text: str) -> str:
    """Text without case and diacritics: how names are compared, titles sorted and words searched."""
    return "".join(folded for folded, _ in fold_with_positions(text))


def fold_with_positions(text: str) -> list[tuple[str, int]]:
    """Every folded character with the index of the character it came from."""
    return [
        (folded, index)
        for index, character in enumerate(text)
        for folded in unicodedata.normalize("NFKD", character.casefold())
        if not unicodedata.combining(folded)
    ]


def words_of(text: str) -> list[str]:
    """The folded words of a text; everything between them has no meaning for a search."""
    return re.findall(r"[^\W_]+", fold(text))


def sort_key(title: str) -> str:
    """The key by which titles sort alphabetically, cut to ``SORT_KEY_MAX`` characters."""
    return fold(title)[:SORT_KEY_MAX]


def _one_line(text: str, *, field: str) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    _refuse_controls(line, field=field, allowed="")
    return line


def _refuse_controls(text: str, *, field: str, allowed: str) -> None:
    for character in text:
        if character not in allowed and unicodedata.category(character) in _FORBIDDEN:
            raise Invalid(
                field, f"The {field} holds an invisible control character (U+{ord(character):04X})."
            )


def _at_most(text: str, limit: int, *, field: str) -> str:
    if len(text) > limit:
        raise Invalid(field, f"The {field} has {len(text):,} characters; at most {limit:,} fit.")
    return text
