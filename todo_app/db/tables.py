"""The tables themselves, for statements that need nothing of the mapped classes, which take longer to run."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """The table of a mapped class."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # set by SQLModel's metaclass
    return table


def insert_into(session: AsyncSession, target: Table | type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what is to become of rows that are there already: each database has its own."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(target)
    return sqlite.insert(target)
