"""What a sentence comes to: a call of a tool, or words alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pydantic import JsonValue


class Among(StrEnum):
    """Where the tasks are that a sentence can mean."""

    OPEN = "open"
    COMPLETED = "completed"
    TRASH = "trash"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Named:
    """The task, or the tasks, that these words call."""

    words: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Tasks that the conversation has shown."""

    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Filtered:
    """All tasks that a filter in the filter language finds."""

    query: str


Target = Named | Chosen | Filtered


@dataclass(frozen=True, slots=True)
class Act:
    """A call of a tool, with its arguments apart from the tasks that it is about.

    ``among`` says which tasks the target can be; ``confirmed`` that the person has said yes to it.
    """

    tool: str
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)
    target: Target | None = None
    among: Among = Among.OPEN
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Words alone; nothing is looked up or changed."""

    text: str


@dataclass(frozen=True, slots=True)
class Cannot:
    """What was asked is not understood, or can't be done."""

    text: str


Decision = Act | Say | Cannot
