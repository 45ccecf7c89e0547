"""What is wrong with a filter, where, and what to write instead."""

from __future__ import annotations

from todo_app.domain.errors import Invalid


class Unreadable(Invalid):
    """A filter that can't be read; ``position`` counts code points from 0."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__("filter", reason)
        self.position = position
