"""A line of text cut into words that remember where they stood and whether a token has taken them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from typing import NamedTuple

from todo_app.domain.quick_add.tokens import Token, TokenKind

# A phrase never looks further ahead than this, so readers index freely behind the last word.
LOOKAHEAD = 16
_PADDING = ("",) * LOOKAHEAD
_WORD = re.compile(r'[#+]"[^"]*"(?!\S)|\S+')


class Word(NamedTuple):
    """One word; a named tuple because a long line makes thousands of them."""

    start: int
    end: int
    text: str


def keys_of(text: str) -> list[str]:
    """The keywords of a text that holds nothing but one phrase, padded like those of a line."""
    return [*(_key(word) for word in text.split()), *_PADDING]


def _key(word: str) -> str:
    key = word.lower()
    return key[:-1] if key[-1] in ",;." else key


class Line:
    """The words of one line.

    ``keys[i]`` is word ``i`` in lower case without its closing comma, semicolon or full stop; it is
    empty for a word that is no longer to be read: taken by a token, or kept as text by the person.
    """

    def __init__(self, text: str, *, ignored: Collection[tuple[int, int]] = ()) -> None:
        self.text = text
        self.words = [Word(*match.span(), match[0]) for match in _WORD.finditer(text)]
        self.keys = [*(_key(word.text) for word in self.words), *_PADDING]
        self._taken = bytearray(len(self.words))
        self._tokens: list[Token] = []
        for start, end in ignored:
            self._keep_as_text(start, end)

    def __len__(self) -> int:
        return len(self.words)

    def _keep_as_text(self, start: int, end: int) -> None:
        first = bisect_right(self.words, start, key=lambda word: word.end)
        behind = bisect_left(self.words, end, key=lambda word: word.start)
        for index in range(first, behind):
            self.keys[index] = ""

    def is_joined(self, index: int) -> bool:
        """Whether a comma stands between this word and the one before."""
        return 0 < index < len(self.words) and self.words[index - 1].text.endswith(",")

    def take(self, kind: TokenKind, first: int, behind: int) -> None:
        """Turn the words from ``first`` up to, but not including, ``behind`` into one token."""
        start, end = self.words[first].start, self.words[behind - 1].end
        self._tokens.append(Token(kind, start, end, self.text[start:end]))
        for index in range(first, behind):
            self.keys[index] = ""
            self._taken[index] = 1

    def edges(self) -> tuple[int, int]:
        """The index of the first and of the last word that no token has taken yet."""
        return self._taken.find(0), self._taken.rfind(0)

    def next_left(self, index: int) -> int:
        """The index of the first word from ``index`` on that no token has taken yet; else the length."""
        found = self._taken.find(0, index)
        return found if found >= 0 else len(self.words)

    def ends_text(self, behind: int) -> bool:
        """Whether the word before ``behind`` is the last one that no token has taken yet."""
        return behind > self._taken.rfind(0)

    def tokens(self) -> tuple[Token, ...]:
        """All tokens, from left to right."""
        return tuple(sorted(self._tokens, key=lambda token: token.start))

    def title(self) -> str:
        """The words that no token has taken, one space between them."""
        left = (word.text for word, taken in zip(self.words, self._taken, strict=True) if not taken)
        return " ".join(" ".join(left).split())
