"""Full-text search over the tasks of one user: FTS5 on SQLite, tsvector on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from todo_app.domain.text import words_of

RESULTS_MAX = 100
WORDS_MAX = 12
# Only the newest matches are weighed, so that a word that every task holds costs no more than a rare one.
CANDIDATES = 1000

_SQLITE = text(
    """
    SELECT task_id FROM (
        SELECT rowid AS row, bm25(task_search_fts, 0.0, 8.0, 1.0) AS score
        FROM task_search_fts WHERE task_search_fts MATCH :match ORDER BY rowid DESC LIMIT :candidates
    ) AS candidates
    JOIN task_search USING (row) JOIN tasks ON tasks.id = task_search.task_id
    WHERE tasks.deleted_at IS NULL
    ORDER BY tasks.completed_at IS NOT NULL, score, row DESC LIMIT :limit
    """
)
_POSTGRESQL = text(
    """
    SELECT task_id FROM (
        SELECT row, task_id, ts_rank(words, to_tsquery('simple', :match)) AS score
        FROM task_search WHERE words @@ to_tsquery('simple', :match)
        ORDER BY row DESC LIMIT :candidates
    ) AS candidates
    JOIN tasks ON tasks.id = candidates.task_id
    WHERE tasks.deleted_at IS NULL
    ORDER BY tasks.completed_at IS NOT NULL, score DESC, row DESC LIMIT :limit
    """
)


class SearchRepository:
    """Finds tasks by the beginnings of their words."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def task_ids(self, query: str) -> Sequence[UUID]:
        """The best matches first, open before completed, trashed ones left out; at most ``RESULTS_MAX``."""
        words = words_of(query)[:WORDS_MAX]
        if not words:
            return []
        if self._session.get_bind().dialect.name == "postgresql":
            statement, match = (
                _POSTGRESQL,
                " & ".join([f"u{self._user_id.hex}", *(f"{word}:*" for word in words)]),
            )
        else:
            prefixes = " ".join(f'"{word}"*' for word in words)
            statement, match = (
                _SQLITE,
                f"owner : {self._user_id.hex} AND {{title description}} : ({prefixes})",
            )
        parameters = {"match": match, "limit": RESULTS_MAX, "candidates": CANDIDATES}
        rows = await self._session.execute(statement, parameters)
        return [row if isinstance(row, UUID) else UUID(row) for row in rows.scalars()]
