"""The orders of a list, and the cursors that name a place in one."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Tuple, bindparam, tuple_

from todo_app.db.models import Task
from todo_app.db.tables import table_of
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Priority
from todo_app.domain.views import Sort, View

TASKS = table_of(Task)

_PLACE = "place_{}"
# What each order sorts by, before the id that makes it total. A search's own order has no cursor.
_SORTED_BY: dict[Sort, tuple[str, ...]] = {
    Sort.DUE: ("due_sort",),
    Sort.RELEVANCE: ("due_sort",),
    Sort.CREATED: ("created_at",),
    Sort.PRIORITY: ("priority", "due_sort"),
    Sort.TITLE: ("title_sort",),
    Sort.MANUAL: ("rank",),
    Sort.COMPLETED: ("completed_at",),
    Sort.DELETED: ("deleted_at",),
}


def sort_columns(sort: Sort) -> tuple[Column[Any], ...]:
    """The columns of an order, the id last."""
    return tuple(TASKS.c[name] for name in (*_SORTED_BY[sort], "id"))


def order(view: View, *, backwards: bool) -> list[ColumnElement[Any]]:
    """How to sort a view's tasks, or the other way round."""
    downwards = view.descending is not backwards
    return [column.desc() if downwards else column.asc() for column in sort_columns(view.sort)]


def at_or_after(view: View, cursor: str, *, backwards: bool) -> ColumnElement[bool]:
    """That a task stands where the cursor says or behind it, in the view's order or the other way round.

    Raises:
        Invalid: when the cursor is not one of this order.
    """
    row, position = _row_and_position(view.sort, cursor)
    return row <= position if view.descending is not backwards else row >= position


def stands_before(view: View, cursor: str) -> ColumnElement[bool]:
    """That a task stands before the place that the cursor names, in the view's order.

    Raises:
        Invalid: when the cursor is not one of this order.
    """
    row, position = _row_and_position(view.sort, cursor)
    return row > position if view.descending else row < position


def at_or_after_place(view: View) -> ColumnElement[bool]:
    """As ``at_or_after``, but of the place that the statement is executed with; see ``place_of``."""
    columns = sort_columns(view.sort)
    bound = [bindparam(_PLACE.format(number), type_=column.type) for number, column in enumerate(columns)]
    row, position = tuple_(*columns), tuple_(*bound)
    return row <= position if view.descending else row >= position


def place_of(sort: Sort, cursor: str) -> dict[str, object]:
    """The place that a cursor names, as parameters of a statement with ``at_or_after_place``.

    Raises:
        Invalid: when the cursor is not one of this order.
    """
    return {_PLACE.format(number): value for number, value in enumerate(_values_of(cursor, sort))}


def _row_and_position(sort: Sort, cursor: str) -> tuple[Tuple, Tuple]:
    columns = sort_columns(sort)
    position = tuple_(*_values_of(cursor, sort), types=[column.type for column in columns])
    return tuple_(*columns), position


def cursor_of(sort: Sort, values: dict[str, Any]) -> str:
    """The place of a task, given the values of its columns by name, in an order."""
    parts = [_encoded(values[name]) for name in (*_SORTED_BY[sort], "id")]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _values_of(cursor: str, sort: Sort) -> list[object]:
    names = (*_SORTED_BY[sort], "id")
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_decoded(name, part) for name, part in zip(names, parts, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise Invalid("cursor", "This position in the list is not valid any more.") from None


def _encoded(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _decoded(name: str, part: str | None) -> object:
    match name:
        case "id":
            return UUID(part)
        case "priority":
            return Priority(part) if part is not None else None
        case "title_sort" | "rank":
            return _storable(str(part))
        case "due_sort":
            return datetime.fromisoformat(str(part)).replace(tzinfo=None)
        case _:
            return datetime.fromisoformat(str(part)).astimezone(UTC)


def _storable(text: str) -> str:
    # Neither a null nor half of a surrogate pair gets into a database.
    if "\0" in text:
        raise ValueError(text)
    return text.encode().decode()
