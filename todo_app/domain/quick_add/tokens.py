"""The parts of a quick-add line that mean something other than title words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TokenKind(StrEnum):
    """What a recognised part of the line sets on the task."""

    DUE = "due"
    PRIORITY = "priority"
    TAG = "tag"
    PROJECT = "project"
    REMINDER = "reminder"
    RECURRENCE = "recurrence"


@dataclass(frozen=True, slots=True)
class Token:
    """A recognised part of a line; ``line[start:end] == text``, counted in code points."""

    kind: TokenKind
    start: int
    end: int
    text: str
