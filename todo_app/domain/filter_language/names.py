r"""The name of a tag or project as a filter writes it: ``*`` stands for any characters, ``\*`` for a star."""

from __future__ import annotations

import re
from dataclasses import dataclass

from todo_app.domain.text import fold

_PARTS = re.compile(r'\\(?P<literal>[\\*"])|(?P<star>\*)|(?P<plain>\\|[^\\*]+)')
_SPECIAL = re.compile(r'[\\*"]')
_NEEDS_QUOTES = re.compile(r'[\s&|()!"]')


@dataclass(frozen=True, slots=True)
class Name:
    """The pieces between the stars; a name without a star is one piece."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> Name:
        """The name of one tag or project, in which a star is nothing but a star."""
        return cls((name,))

    @classmethod
    def read(cls, text: str) -> Name:
        """The name that stands behind a sign, without its quotes."""
        pieces = [""]
        for part in _PARTS.finditer(" ".join(text.split())):
            if not part["star"]:
                pieces[-1] += part["literal"] or part["plain"]
            elif len(pieces) == 1 or pieces[-1]:
                pieces.append("")
        return cls(tuple(pieces))

    @property
    def is_exact(self) -> bool:
        """Whether it names one thing, having no star."""
        return len(self.pieces) == 1

    @property
    def folded(self) -> tuple[str, ...]:
        """The pieces as names are compared."""
        return tuple(fold(piece) for piece in self.pieces)

    def fits(self, folded: str) -> bool:
        """Whether it can stand for a folded name."""
        first, *inner, last = self.folded
        at, end = len(first), len(folded) - len(last)
        if at > end or not (folded.startswith(first) and folded.endswith(last)):
            return False
        for piece in inner:
            at = folded.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    def __str__(self) -> str:
        """The name as it stands behind a sign, in quotes where it needs some."""
        text = "*".join(_SPECIAL.sub(r"\\\g<0>", piece) for piece in self.pieces)
        return f'"{text}"' if _NEEDS_QUOTES.search(text) else text
