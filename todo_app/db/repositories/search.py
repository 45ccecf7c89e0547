"""Full-text search over the tasks of one user: FTS5 on SQLite, tsvector on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import BindParameter, TextClause, TextualSelect, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from todo_app.domain.text import words_of

RESULTS_MAX = 100
WORDS_MAX = 12
# Only the newest matches are weighed, so that a word that every task holds costs no more than a rare one.
CANDIDATES = 1000

_CANDIDATES = {
    "sqlite": """
        SELECT rowid AS row FROM task_search_fts WHERE task_search_fts MATCH :match
        ORDER BY rowid DESC LIMIT :candidates
    """,
    "postgresql": """
        SELECT row FROM task_search WHERE words @@ (CAST(:owner AS tsquery) && to_tsquery('simple', :match))
        ORDER BY row DESC LIMIT :candidates
    """,
}
_ALL = {
    "sqlite": """
        SELECT task_id FROM task_search WHERE row IN
        (SELECT rowid FROM task_search_fts WHERE task_search_fts MATCH :match)
    """,
    "postgresql": """
        SELECT task_id FROM task_search
        WHERE words @@ (CAST(:owner AS tsquery) && to_tsquery('simple', :match))
    """,
}
# Where one text lies in another, from 1; 0 when it does not.
_POSITION = {"sqlite": "instr", "postgresql": "strpos"}


class SearchRepository:
    """Finds tasks by the beginnings of their words."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id

    async def task_ids(self, query: str) -> Sequence[UUID]:
        """The best matches first, open before completed, without those in the trash; at most ``RESULTS_MAX``.

        Words in the title count more than those in the description, whole ones more than beginnings;
        among equals the newest comes first.
        """
        words = words_of(query)[:WORDS_MAX]
        if not words:
            return []
        dialect = self._session.get_bind().dialect.name
        limits = {"limit": RESULTS_MAX, "candidates": CANDIDATES}
        parameters: dict[str, str | int] = {**limits, **_match(words, self._user_id, dialect)}
        parameters |= {f"word{number}": word for number, word in enumerate(words)}
        rows = await self._session.execute(_statement(dialect, len(words)), parameters)
        return [row if isinstance(row, UUID) else UUID(row) for row in rows.scalars()]


def ids_of_tasks_holding(query: str, *, user_id: UUID, dialect: str) -> TextualSelect:
    """The ids of all of a user's tasks outside the trash with words that begin like those of the query.

    The query holds at least one word.
    """
    parameters = _match(words_of(query)[:WORDS_MAX], user_id, dialect)
    bound: list[BindParameter[str]] = [bindparam(*each, unique=True) for each in parameters.items()]
    return text(_ALL[dialect]).bindparams(*bound).columns(task_id=Uuid())


def _match(words: Sequence[str], user_id: UUID, dialect: str) -> dict[str, str]:
    """What finds the words among those of one user."""
    if dialect == "postgresql":
        # No word begins with an underscore, so no search finds the owner.
        return {"match": " & ".join(f"{word}:*" for word in words), "owner": f"'_{user_id.hex}'"}
    prefixes = " ".join(f'"{word}"*' for word in words)
    return {"match": f"owner : {user_id.hex} AND {{title description}} : ({prefixes})"}


@cache
def _statement(dialect: str, words: int) -> TextClause:
    # Weighed by hand: FTS5's own bm25 reads every match there is, to learn how rare a word is, and every
    # match holds all words anyway.
    position = _POSITION[dialect]
    weights = [
        f"CASE WHEN {position}(' ' || texts.title || ' ', ' ' || :word{number} || ' ') > 0 THEN 3"
        f" WHEN {position}(' ' || texts.title, ' ' || :word{number}) > 0 THEN 2 ELSE 0 END"
        for number in range(words)
    ]
    return text(
        f"""
        SELECT texts.task_id FROM ({_CANDIDATES[dialect]}) AS candidates
        JOIN task_search AS texts USING (row) JOIN tasks ON tasks.id = texts.task_id
        WHERE tasks.deleted_at IS NULL
        ORDER BY tasks.completed_at IS NOT NULL, {" + ".join(weights)} DESC, row DESC LIMIT :limit
        """  # noqa: S608  # made of our own constants; what people type is a parameter
    )
