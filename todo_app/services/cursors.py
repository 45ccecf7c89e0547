"""Opaque places in lists other than those of tasks."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

from pydantic import JsonValue

from todo_app.domain.errors import Invalid


def cursor_of(query: str, *place: str | int) -> str:
    """A place in the list that a query names."""
    return base64.urlsafe_b64encode(json.dumps([query, *place]).encode()).decode().rstrip("=")


def place_of(cursor: str | None, query: str) -> list[JsonValue] | None:
    """The place that a cursor names; ``None`` is the beginning.

    Raises:
        Invalid: when the cursor is not one of this query.
    """
    if cursor is None:
        return None
    try:
        parts: list[JsonValue] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        asked, *place = parts
    except (ValueError, TypeError, RecursionError):
        raise invalid_cursor() from None
    if asked != query:
        raise invalid_cursor()
    return place


def text_place(cursor: str | None, query: str) -> str | None:
    """The text that a cursor holds.

    Raises:
        Invalid: when the cursor is not one of this query.
    """
    match place_of(cursor, query):
        case None:
            return None
        case [str(text)] if "\0" not in text and _is_storable(text):
            return text
        case _:
            raise invalid_cursor()


def id_place(cursor: str | None, query: str) -> UUID | None:
    """The id that a cursor holds.

    Raises:
        Invalid: when the cursor is not one of this query.
    """
    text = text_place(cursor, query)
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        raise invalid_cursor() from None


def number_place(cursor: str | None, query: str) -> int | None:
    """The position that a cursor holds.

    Raises:
        Invalid: when the cursor is not one of this query.
    """
    match place_of(cursor, query):
        case None:
            return None
        case [int(number)] if 0 <= number < 1 << 31:
            return number
        case _:
            raise invalid_cursor()


def moment_place(cursor: str | None, query: str) -> tuple[datetime, UUID] | None:
    """The instant and the id that a cursor holds.

    Raises:
        Invalid: when the cursor is not one of this query.
    """
    match place_of(cursor, query):
        case None:
            return None
        case [str(instant), str(id_)]:
            try:
                return datetime.fromisoformat(instant).astimezone(UTC), UUID(id_)
            except (ValueError, OverflowError):
                raise invalid_cursor() from None
        case _:
            raise invalid_cursor()


def invalid_cursor() -> Invalid:
    """What is wrong with a cursor that does not fit."""
    return Invalid("cursor", "This cursor is of another query. Begin without one.")


def _is_storable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
