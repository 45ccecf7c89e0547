"""A tree as text that reads as the same tree."""

from __future__ import annotations

from todo_app.domain.filter_language.tree import (
    And,
    Dated,
    Expression,
    HasPriority,
    Holds,
    InProject,
    Is,
    Not,
    Or,
    Tagged,
)
from todo_app.domain.filter_language.vocabulary import PRIORITY_WORDS, SEARCH


def format_filter(expression: Expression) -> str:
    """The canonical spelling of a filter."""
    match expression:
        case Or(operands):
            return " | ".join(format_filter(each) for each in operands)
        case And(operands):
            return " & ".join(_inside(each, Or) for each in operands)
        case Not(operand):
            return f"!{_inside(operand, Or, And)}"
        case Tagged(name):
            return f"#{name}"
        case InProject(name):
            return f"+{name}"
        case HasPriority(priority):
            return PRIORITY_WORDS[priority]
        case Is(state):
            return state.value
        case Dated(moment, relation, phrase, _):
            return f"{moment} {relation}".strip() + f": {phrase}"
        case Holds(words):
            return f'{SEARCH}: "{words}"'


def _inside(expression: Expression, *looser: type[And | Or]) -> str:
    text = format_filter(expression)
    return f"({text})" if isinstance(expression, looser) else text
