"""What the conversation remembers that the next sentence can mean."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from todo_app.assistant.interpreter.decision import Act


@dataclass(frozen=True, slots=True)
class Card:
    """A task that was shown."""

    id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Which:
    """The assistant has asked which of these tasks is meant."""

    act: Act
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Confirm:
    """The assistant has asked whether to really do this."""

    act: Act
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """The tasks shown last, the open question, the last change that can be undone, and what was said and answered."""

    shown: tuple[Card, ...] = ()
    pending: Which | Confirm | None = None
    undo: UUID | None = None
    said: tuple[tuple[str, str], ...] = ()
