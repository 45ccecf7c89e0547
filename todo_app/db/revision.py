"""Whether a database has the schema that this version needs; without Alembic, which is slow to import."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

# Migrations are numbered and form one line: 0001_first_tables.py, 0002_….
_MIGRATIONS = Path(__file__).resolve().parents[2] / "alembic" / "versions"
_QUERY = "SELECT version_num FROM alembic_version"


def newest_revision() -> str:
    """The revision that this version of Punctual works with."""
    return max(file.name.split("_")[0] for file in _MIGRATIONS.glob("[0-9]*.py"))


def revision_in_file(database: Path) -> str | None:
    """The revision of a SQLite database, ``None`` when nothing has been set up in it."""
    if not database.exists():
        return None
    with closing(sqlite3.connect(database)) as connection:
        try:
            row = connection.execute(_QUERY).fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
    return str(row[0]) if row else None


async def revision_of(engine: AsyncEngine) -> str | None:
    """The revision of a database, ``None`` when nothing has been set up in it.

    Raises:
        OperationalError: when the database can't be reached.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError, ProgrammingError

    async with engine.connect() as connection:
        try:
            return str((await connection.execute(text(_QUERY))).scalar_one())
        except (OperationalError, ProgrammingError) as error:
            if "no such table" in str(error) or "does not exist" in str(error):
                return None
            raise
