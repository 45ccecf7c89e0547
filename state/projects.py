"""Creating, renaming and deleting projects."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.toasts import ToastState
from todo_app.db.models import Project
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import DomainError, Invalid, NameTaken
from todo_app.domain.views import ListName
from todo_app.services import projects


@dataclass(frozen=True)
class ProjectToDelete:
    """A project, and how many tasks would go to the trash with it."""

    id: str = ""
    name: str = ""
    tasks: int = 0


class ProjectsState(Handlers, rx.State):
    """Which project is being named; ``new`` is one that does not exist yet."""

    naming: str = ""
    error: str = ""
    named: int = 0
    refused: int = 0
    deleting: ProjectToDelete = ProjectToDelete()

    @rx.event
    def begin_naming(self, project_id: str) -> None:
        """Show the field for a project's name."""
        self.naming, self.error = project_id[:36], ""

    @rx.event
    def stop_naming(self) -> None:
        """Put the field away."""
        self.naming, self.error = "", ""

    @rx.event
    async def create(self, name: str) -> EventSpec | None:
        """A new project, which is then shown."""
        try:
            async with self._write() as uow:
                project = await projects.create(uow, name)
        except (Invalid, NameTaken) as error:
            self._refuse(error)
            return None
        await self._after(uow, project, "Created")
        return rx.redirect(f"/project/{project.id}")

    @rx.event
    async def rename(self, project_id: str, name: str) -> None:
        """Give a project another name."""
        try:
            async with self._write() as uow:
                project = await projects.rename(uow, parse_id(project_id, what="project"), name)
        except (Invalid, NameTaken) as error:
            self._refuse(error)
            return
        await self._after(uow, project, "Renamed to")

    @rx.event
    async def begin_deleting(self, project_id: str) -> None:
        """Ask whether a project is to be deleted with its tasks."""
        async with self._read() as uow:
            project = await uow.projects.get(parse_id(project_id, what="project"))
            task_ids = await uow.tasks.ids_of_project(project.id)
            self.deleting = ProjectToDelete(str(project.id), project.name, len(task_ids))

    @rx.event
    def stop_deleting(self) -> None:
        """Keep the project."""
        self.deleting = ProjectToDelete()

    @rx.event
    async def delete(self, project_id: str) -> EventSpec | None:
        """Delete a project; its tasks go to the trash."""
        self.deleting = ProjectToDelete()
        async with self._write() as uow:
            project = await projects.delete(uow, parse_id(project_id, what="project"))
        page = await self.get_state(ListState)
        await self._after(uow, project, "Deleted")
        shown = page._view.list is ListName.PROJECT and page._view.id == project.id
        return rx.redirect("/today") if shown else None

    def _refuse(self, error: DomainError) -> None:
        self.error = str(error)
        self.refused += 1

    async def _after(self, uow: UnitOfWork, project: Project, verb: str) -> None:
        self.naming, self.error = "", ""
        self.named += 1
        page = await self.get_state(ListState)
        await page._reload()
        if uow.events:
            toasts = await self.get_state(ToastState)
            toasts._say(f"{verb} “{project.name}”", undo_id=uow.command_id)
