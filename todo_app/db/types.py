"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, SmallInteger, String, TypeDecorator

from todo_app.domain.task import Priority

_PRIORITY_RANK: dict[Priority | None, int] = {Priority.HIGH: 1, Priority.MEDIUM: 2, Priority.LOW: 3, None: 4}
_PRIORITY_OF_RANK = {rank: priority for priority, rank in _PRIORITY_RANK.items()}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite, which has no such type, keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PriorityRank(TypeDecorator[Priority]):
    """A priority as 1 (high) to 4 (none), so that the database sorts it."""

    impl = SmallInteger
    cache_ok = True
    # "None" is a value here, not SQL's NULL.
    should_evaluate_none = True

    def process_bind_param(self, value: Priority | None, dialect: Dialect) -> int:
        return _PRIORITY_RANK[value]

    def process_result_value(self, value: int | None, dialect: Dialect) -> Priority | None:
        return _PRIORITY_OF_RANK[4 if value is None else value]


def sortable_text(length: int) -> String:
    """Text that sorts by code point on both databases, whatever the server's locale."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")
