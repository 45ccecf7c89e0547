"""Recurrence: RFC 5545 rules on the wall clock of a zone, rules from completion, and their words."""

from todo_app.domain.recurrence.completion import after_completion
from todo_app.domain.recurrence.describe import describe
from todo_app.domain.recurrence.preview import Preview, preview, preview_of
from todo_app.domain.recurrence.rule import Anchor, InvalidRule, Recurrence, Rule
from todo_app.domain.recurrence.rule_text import format_rules, parse_rules
from todo_app.domain.recurrence.series import first_occurrence, next_occurrence, occurrences

__all__ = [
    "Anchor",
    "InvalidRule",
    "Preview",
    "Recurrence",
    "Rule",
    "after_completion",
    "describe",
    "first_occurrence",
    "format_rules",
    "next_occurrence",
    "occurrences",
    "parse_rules",
    "preview",
    "preview_of",
]
