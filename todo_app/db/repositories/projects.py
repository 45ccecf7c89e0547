"""The projects of one user."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from todo_app.db.locking import insert_unless_taken, locked
from todo_app.db.models import Project
from todo_app.domain.errors import NotFound
from todo_app.domain.text import fold


class ProjectRepository:
    """Every query is bound to the user."""

    def __init__(self, session: AsyncSession, user_id: UUID) -> None:
        self._session = session
        self._user_id = user_id
        # Rows locked in this transaction, which need not be asked for again.
        self._known: dict[UUID, Project] = {}

    async def all(self) -> Sequence[Project]:
        """The projects that are not deleted, by name."""
        query = select(Project).where(
            col(Project.user_id) == self._user_id, col(Project.deleted_at).is_(None)
        )
        return (await self._session.scalars(query.order_by(col(Project.name_folded)))).all()

    async def page(self, *, start: str | None, limit: int) -> Sequence[Project]:
        """The next projects by name, from a folded name on."""
        query = select(Project).where(
            col(Project.user_id) == self._user_id, col(Project.deleted_at).is_(None)
        )
        if start is not None:
            query = query.where(col(Project.name_folded) >= start)
        return (await self._session.scalars(query.order_by(col(Project.name_folded)).limit(limit))).all()

    async def get(self, project_id: UUID) -> Project:
        """One project that is not deleted.

        Raises:
            NotFound: when there is none, or it is another user's.
        """
        project = await self.find(project_id)
        if project is None or project.deleted_at:
            raise NotFound("project")
        return project

    async def find(self, project_id: UUID) -> Project | None:
        """One project, deleted ones too."""
        if project_id in self._known:
            return self._known[project_id]
        # What is pending is no project, or it would be known: nothing has to be written first.
        with self._session.no_autoflush:
            return await self._locked(col(Project.id) == project_id)

    async def named(self, name: str) -> Project | None:
        """The project with this name in any case."""
        return await self._locked(col(Project.name_folded) == fold(name), col(Project.deleted_at).is_(None))

    async def add(self, project: Project) -> Project | None:
        """Insert a new project; ``None`` when another transaction has just taken its name."""
        added = await insert_unless_taken(self._session, project)
        if added is not None:
            self._known[added.id] = added
        return added

    async def _locked(self, *conditions: ColumnElement[bool]) -> Project | None:
        query = select(Project).where(col(Project.user_id) == self._user_id, *conditions)
        project = (await self._session.scalars(locked(self._session, query))).one_or_none()
        if project is not None:
            self._known[project.id] = project
        return project
