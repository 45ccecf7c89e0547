"""Which tasks a program asks for, and in which order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from todo_app.domain.filter_language import Expression, format_filter
from todo_app.domain.task import Priority
from todo_app.domain.views import Sort


class Kept(StrEnum):
    """Where a task is kept: among the open ones, the completed ones, or in the trash."""

    OPEN = "open"
    COMPLETED = "completed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Tasks that pass every filter; an empty one lets all pass, and of several values any will do.

    Tags and projects are folded names, ``None`` stands for no project. The due date lies between two wall
    clocks of the user, both included. ``filter`` is one in words.
    """

    kept: frozenset[Kept] = frozenset({Kept.OPEN, Kept.COMPLETED})
    words: str | None = None
    priorities: frozenset[Priority | None] = frozenset()
    tags: frozenset[str] = frozenset()
    projects: frozenset[str | None] = frozenset()
    due_from: datetime | None = None
    due_until: datetime | None = None
    filter: Expression | None = None
    sort: Sort = Sort.DUE
    descending: bool = False

    @property
    def fingerprint(self) -> str:
        """What two queries have in common only if they find the same in the same order."""
        parts = [
            sorted(self.kept),
            self.words,
            sorted(str(each) for each in self.priorities),
            sorted(self.tags),
            # No name is empty.
            sorted(each or "" for each in self.projects),
            *(str(each) for each in (self.due_from, self.due_until, self.sort, self.descending)),
            format_filter(self.filter) if self.filter else "",
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
