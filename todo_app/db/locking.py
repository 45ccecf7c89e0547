"""Row locks, which only transactions that write may take."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import GenerativeSelect
from sqlalchemy.ext.asyncio import AsyncSession

from todo_app.db.engine import WRITES

_Query = TypeVar("_Query", bound=GenerativeSelect)


def locked(session: AsyncSession, query: _Query, **lock: Any) -> _Query:
    """The query, keeping what it finds from other writers until the transaction ends.

    A transaction that only reads sees one state whatever others do, so it keeps nobody waiting.

    Args:
        session: The session of the transaction.
        query: What to find.
        lock: How to lock, as ``Select.with_for_update`` takes it.
    """
    return query.with_for_update(**lock) if session.info.get(WRITES) else query
