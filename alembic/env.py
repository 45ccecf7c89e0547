"""Runs migrations on the database of the settings, or on a connection handed over by the caller."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import todo_app.db.models  # noqa: F401  # fills the metadata
from todo_app.db.engine import WRITES, create_engine
from todo_app.secrets.at_start import settings_with_secrets
from todo_app.settings import Settings

# PostgreSQL's full-text index is a column that no model knows.
_FULL_TEXT = {"column": {"words"}, "index": {"ix_task_search_words"}}


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    # FTS5 keeps its index in shadow tables of its own, which no model describes.
    shadow = kind == "table" and str(name).startswith("task_search_fts")
    return not shadow and name not in _FULL_TEXT.get(kind, ())


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, include_name=_is_ours)
    with context.begin_transaction():
        context.run_migrations()


async def _run_on_settings(settings: Settings) -> None:
    engine = create_engine(settings.async_database_url)
    async with engine.execution_options(**{WRITES: True}).begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


handed_over: Connection | None = context.config.attributes.get("connection")
if handed_over is None:
    asyncio.run(_run_on_settings(settings_with_secrets()))
else:
    _run(handed_over)
