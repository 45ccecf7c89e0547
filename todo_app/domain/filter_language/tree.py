"""A filter as a tree: conditions on a task, joined by and, or, not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from todo_app.domain.filter_language.names import Name
from todo_app.domain.filter_language.spans import Span
from todo_app.domain.task import Priority


class State(StrEnum):
    """What a task can be, in the words of the language."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    NO_DATE = "no date"
    NO_TIME = "no time"
    RECURRING = "recurring"
    NO_TAGS = "no tags"
    NO_PROJECT = "no project"
    SUBTASK = "subtask"
    OPEN = "open"
    COMPLETED = "completed"


class Moment(StrEnum):
    """What of a task has a date."""

    DUE = "due"
    CREATED = "created"
    COMPLETED = "completed"


class Relation(StrEnum):
    """How a date lies to the one that the filter names; ``from`` and ``by`` include it."""

    ON = ""
    BEFORE = "before"
    AFTER = "after"
    FROM = "from"
    BY = "by"


@dataclass(frozen=True, slots=True)
class Tagged:
    """Bears a tag of this name."""

    name: Name


@dataclass(frozen=True, slots=True)
class InProject:
    """Is in a project of this name."""

    name: Name


@dataclass(frozen=True, slots=True)
class HasPriority:
    """Has this priority; ``None`` is none."""

    priority: Priority | None


@dataclass(frozen=True, slots=True)
class Is:
    """Is in a state."""

    state: State


@dataclass(frozen=True, slots=True)
class Dated:
    """Has a date that lies so to the one of ``phrase``, which is ``span`` at the moment of reading."""

    moment: Moment
    relation: Relation
    phrase: str
    span: Span


@dataclass(frozen=True, slots=True)
class Holds:
    """Holds words that begin like these, in title or description."""

    words: str


@dataclass(frozen=True, slots=True)
class Not:
    """Does not pass."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class And:
    """Passes all of them."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Passes one of them."""

    operands: tuple[Expression, ...]


Condition = Tagged | InProject | HasPriority | Is | Dated | Holds
Expression = Condition | Not | And | Or


def all_of(operands: Sequence[Expression]) -> Expression:
    """One expression for all of at least one; nested ones of the same kind are made one."""
    flat = [
        each for operand in operands for each in (operand.operands if isinstance(operand, And) else [operand])
    ]
    return And(tuple(flat)) if len(flat) > 1 else flat[0]


def any_of(operands: Sequence[Expression]) -> Expression:
    """One expression for any of at least one; nested ones of the same kind are made one."""
    flat = [
        each for operand in operands for each in (operand.operands if isinstance(operand, Or) else [operand])
    ]
    return Or(tuple(flat)) if len(flat) > 1 else flat[0]


def conditions(expression: Expression) -> Iterator[Condition]:
    """Every condition of a tree, from left to right."""
    match expression:
        case Not(operand):
            yield from conditions(operand)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from conditions(operand)
        case _:
            yield expression


def is_about_status(expression: Expression) -> bool:
    """Whether it says itself if tasks are to be open or completed; other filters mean open ones."""
    return any(
        (isinstance(each, Is) and each.state in (State.OPEN, State.COMPLETED))
        or (isinstance(each, Dated) and each.moment is Moment.COMPLETED)
        for each in conditions(expression)
    )
