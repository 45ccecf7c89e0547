"""What a turn of a conversation answers, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from todo_app.services.task_document import TaskDocument


@dataclass(frozen=True, slots=True)
class Text:
    """Words; several follow each other without anything in between."""

    text: str


@dataclass(frozen=True, slots=True)
class Tasks:
    """Task cards, in the order in which “the second one” counts them."""

    tasks: tuple[TaskDocument, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed, in words, by which tool; ``undo`` takes back all that the turn has changed."""

    tool: str
    text: str
    undo: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question is open, which the next turn can answer."""

    kind: Literal["which", "confirm"]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The turn ended early, and why."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The turn is over; the next one names the conversation."""

    conversation: str


Piece = Text | Tasks | Changed | Asked | Failed | Done
