"""The words of the filter language, each with the condition that it stands for."""

from __future__ import annotations

from todo_app.domain.filter_language.tree import Condition, HasPriority, Is, Moment, Relation, State
from todo_app.domain.task import Priority

# How a priority is written; the first of several spellings is the one that is written back.
_PRIORITIES: dict[Priority | None, tuple[str, ...]] = {
    Priority.HIGH: ("p1", "high", "high priority"),
    Priority.MEDIUM: ("p2", "medium", "medium priority"),
    Priority.LOW: ("p3", "low", "low priority"),
    None: ("no priority", "p4"),
}
_OTHER_WORDS = {
    "over due": State.OVERDUE,
    "no due date": State.NO_DATE,
    "repeating": State.RECURRING,
    "no labels": State.NO_TAGS,
    "inbox": State.NO_PROJECT,
    "subtasks": State.SUBTASK,
    "done": State.COMPLETED,
}

PRIORITY_WORDS = {priority: spellings[0] for priority, spellings in _PRIORITIES.items()}

CONDITIONS: dict[str, Condition] = {
    **{word: HasPriority(priority) for priority, words in _PRIORITIES.items() for word in words},
    **{state.value: Is(state) for state in State},
    **{word: Is(state) for word, state in _OTHER_WORDS.items()},
}

# What stands before a colon and a date.
DATED = {f"{moment} {relation}".strip(): (moment, relation) for moment in Moment for relation in Relation}

SEARCH = "search"
