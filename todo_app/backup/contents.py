"""What the dump of a database tells the manifest."""

from __future__ import annotations

from dataclasses import dataclass, field

from todo_app.backup.archive import Table


@dataclass(frozen=True, slots=True)
class Contents:
    """The schema's revision, and the tables in an order in which they can be filled."""

    revision: str
    tables: list[Table] = field(default_factory=list)
