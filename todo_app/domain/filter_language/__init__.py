"""The text language of filters: ``#work & (p1 | overdue) & !+someday``. Described in ``docs/filters.md``."""

from todo_app.domain.filter_language.formatting import format_filter
from todo_app.domain.filter_language.names import Name
from todo_app.domain.filter_language.parser import parse_filter
from todo_app.domain.filter_language.tree import Expression, conditions, is_about_status
from todo_app.domain.filter_language.unreadable import Unreadable

__all__ = [
    "Expression",
    "Name",
    "Unreadable",
    "conditions",
    "format_filter",
    "is_about_status",
    "parse_filter",
]
