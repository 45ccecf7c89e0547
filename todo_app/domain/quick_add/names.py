"""Words that a sign sets apart: ``#tag``, ``+project`` and the priorities ``p1`` to ``p4``."""

from __future__ import annotations

from dataclasses import dataclass

from todo_app.domain.quick_add.tokens import TokenKind
from todo_app.domain.quick_add.words import Line
from todo_app.domain.task import Priority

PRIORITIES = {"p1": Priority.HIGH, "p2": Priority.MEDIUM, "p3": Priority.LOW, "p4": None}
_SIGNS = frozenset("#+")


@dataclass(frozen=True, slots=True)
class Names:
    """What the marked words of a line set."""

    tags: tuple[str, ...]
    project: str | None
    priority: Priority | None


def take_names(line: Line) -> Names:
    """Take all tags, the last project and the last priority out of the line."""
    tags: dict[str, str] = {}
    project: tuple[int, str] | None = None
    priority: int | None = None
    for index, word in enumerate(line.words):
        key = line.keys[index]
        if key in PRIORITIES and len(word.text) == len(key):
            priority = index
            continue
        name = _name(word.text) if key[:1] in _SIGNS else None
        if name is None:
            continue
        if key[0] == "#":
            tags.setdefault(name.casefold(), name)
            line.take(TokenKind.TAG, index, index + 1)
        else:
            project = (index, name)
    if project is not None:
        line.take(TokenKind.PROJECT, project[0], project[0] + 1)
    return Names(tuple(tags.values()), project[1] if project else None, _take_priority(line, priority))


def _take_priority(line: Line, index: int | None) -> Priority | None:
    if index is None:
        return None
    line.take(TokenKind.PRIORITY, index, index + 1)
    return PRIORITIES[line.words[index].text.lower()]


def _name(word: str) -> str | None:
    """The name behind the sign, without its quotes; ``None`` when the word bears none."""
    name = word[1:]
    if name.startswith('"') and name.endswith('"'):
        name = " ".join(name[1:-1].split())
    # A quote that stays is an unfinished or a nested one, and no name holds quotes.
    if '"' in name or not any(character.isalpha() for character in name):
        return None
    return name
