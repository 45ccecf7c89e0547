"""What is wrong with a filter, where, and what to write instead."""

from __future__ import annotations

from todo_app.domain.errors import Invalid


class Unreadable(Invalid):
    """A filter that can't be read; ``position`` counts code points from 0."""

    def __init__(self, position: int, reason: str, *, field: str = "filter") -> None:
        super().__init__(field, reason)
        self.position = position

    def in_field(self, field: str) -> Unreadable:
        """The same for a filter that came in a field of another name."""
        return Unreadable(self.position, self.reason, field=field)
