"""When and where a filter is read, and the names that it knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.models import Project, Tag
from todo_app.db.repositories.task_filters import Reader
from todo_app.domain.filter_language import Expression
from todo_app.domain.filter_language.known import KnownNames, Named, names_something


@dataclass(frozen=True, slots=True)
class Reading:
    """The day and zone in which a list is read, and the filter in words that narrows it, if any."""

    today: date
    zone: ZoneInfo
    expression: Expression | None = None


async def reader_of(session: AsyncSession, user_id: UUID, reading: Reading) -> Reader:
    """What the conditions of a reading depend on; the names are looked up only when it has some."""
    named: Named = {}
    if reading.expression is not None and names_something(reading.expression):
        named = (await known_names(session, user_id)).named_in(reading.expression)
    dialect = session.get_bind().dialect.name
    return Reader(user_id, reading.today, reading.zone, dialect, named)


async def known_names(session: AsyncSession, user_id: UUID) -> KnownNames:
    """The user's tags and projects.

    Names become ids beforehand, since a database that reads ids knows how many tasks to expect.
    """
    there: dict[str, dict[str, UUID]] = {"tag": {}, "project": {}}
    tags = select(literal("tag"), col(Tag.name_folded), col(Tag.id))
    projects = select(literal("project"), col(Project.name_folded), col(Project.id))
    mine = (
        tags.where(col(Tag.user_id) == user_id, col(Tag.deleted_at).is_(None)),
        projects.where(col(Project.user_id) == user_id, col(Project.deleted_at).is_(None)),
    )
    for kind, name, each_id in await session.execute(union_all(*mine)):
        there[kind][name] = each_id
    return KnownNames(there["tag"], there["project"])
