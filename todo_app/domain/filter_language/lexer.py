"""The text of a filter cut into signs, names, quoted text and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from todo_app.domain.filter_language.names import Name
from todo_app.domain.filter_language.unreadable import Unreadable

_LEXEME = re.compile(
    r"""
    (?P<sign>[&|!()])
    | [#+]"(?P<quoted_name>(?:[^"\\]|\\[\\*"]|\\(?![\\*"]))*)"
    | [#+](?P<name>(?:[^\s&|()"\\]|\\[\\*"]|\\(?![\\*"]))*)
    | "(?P<quoted>[^"]*)"
    | (?P<words>[^\s&|()"][^&|()"]*)
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
# Control characters and lone surrogates, which no database stores.
_FORBIDDEN = {"Cc", "Cs"}


class Kind(StrEnum):
    """The kinds of lexeme."""

    AND = "&"
    OR = "|"
    NOT = "!"
    OPEN = "("
    CLOSE = ")"
    TAG = "#"
    PROJECT = "+"
    QUOTED = '"'
    WORDS = "words"
    END = ""


class Lexeme(NamedTuple):
    """A part of the text, ``text[start:end]``; ``content`` is what it says without signs and quotes."""

    kind: Kind
    start: int
    end: int
    content: str = ""


def lexemes_of(text: str) -> list[Lexeme]:
    """The parts of a filter, the last of which is its end.

    Raises:
        Unreadable: at a quote that is not closed, a name that is empty, a character that nothing can hold.
    """
    for position, character in enumerate(text):
        if unicodedata.category(character) in _FORBIDDEN and not character.isspace():
            code = f"U+{ord(character):04X}"
            raise Unreadable(position, f"Take out the invisible character {code} at position {position + 1}.")
    return list(_lexemes(text))


def _lexemes(text: str) -> Iterator[Lexeme]:
    at = _behind_space(text, 0)
    while at < len(text):
        found = _LEXEME.match(text, at)
        if found is None:
            raise Unreadable(
                at, f"The quote at position {at + 1} is not closed. Write a second one behind the text."
            )
        yield _lexeme(text, found)
        at = _behind_space(text, found.end())
    yield Lexeme(Kind.END, len(text), len(text))


def _behind_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _lexeme(text: str, found: re.Match[str]) -> Lexeme:
    start, end = found.span()
    match found.lastgroup:
        case "sign":
            return Lexeme(Kind(found[0]), start, end)
        case "name" | "quoted_name" as group:
            _refuse_nameless(text, found, found[group])
            return Lexeme(Kind(found[0][0]), start, end, found[group])
        case "quoted":
            return Lexeme(Kind.QUOTED, start, end, " ".join(found["quoted"].split()))
        case _:
            words = found["words"].rstrip()
            return Lexeme(Kind.WORDS, start, start + len(words), " ".join(words.split()))


def _refuse_nameless(text: str, found: re.Match[str], name: str) -> None:
    if Name.read(name).pieces != ("",):
        return
    start, end = found.span()
    if text[end : end + 1] == '"':
        raise Unreadable(
            end, f"The quote at position {end + 1} is not closed. Write a second one behind the name."
        )
    what, example = ("tag", "#work") if text[start] == "#" else ("project", "+Flat")
    raise Unreadable(start, f"Write the name of a {what} behind {text[start]}, as in “{example}”.")
