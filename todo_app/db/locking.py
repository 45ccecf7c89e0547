"""Writers beside each other: row locks, and rows of which there may be one."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import GenerativeSelect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from todo_app.db.engine import WRITES
from todo_app.db.tables import insert_into

_Query = TypeVar("_Query", bound=GenerativeSelect)
_Row = TypeVar("_Row", bound=SQLModel)


def is_writing(session: AsyncSession) -> bool:
    """Whether the transaction writes, so that what it finds has to stay as it is until it ends."""
    return bool(session.info.get(WRITES))


def locked(session: AsyncSession, query: _Query, **lock: Any) -> _Query:
    """The query, keeping what it finds from other writers until the transaction ends.

    A transaction that only reads sees one state whatever others do, so it keeps nobody waiting.

    Args:
        session: The session of the transaction.
        query: What to find.
        lock: How to lock, as ``Select.with_for_update`` takes it.
    """
    return query.with_for_update(**lock) if is_writing(session) else query


async def insert_unless_taken(session: AsyncSession, row: _Row) -> _Row | None:
    """Insert a row now; ``None`` when another transaction has taken what may be there once.

    One that is doing so at this moment is waited for.
    """
    insert = (
        insert_into(session, type(row)).values(row.model_dump()).on_conflict_do_nothing().returning(type(row))
    )
    return (await session.scalars(insert)).one_or_none()
