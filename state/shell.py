"""What frames every page: the account, the projects and tags of the sidebar, the counts beside the lists."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from state.handlers import Handlers
from state.rows import Labels
from todo_app.db.models import Project, Tag
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import Identity
from todo_app.domain.views import View
from todo_app.services import lists

COUNT_SHOWN_MAX = 99
COUNTED_LISTS = ("today", "inbox", "all", "trash")


@dataclass(frozen=True)
class SidebarItem:
    """A project or tag in the sidebar."""

    id: str
    name: str
    count: str
    color: str = ""


@dataclass(frozen=True)
class Sidebar:
    """What the sidebar shows, as read in one transaction."""

    counts: dict[str, int]
    projects: dict[UUID, Project]
    tags: dict[UUID, Tag]


class ShellState(Handlers, rx.State):
    """The same for every view of one user."""

    email: str = ""
    timezone: str = ""
    is_operator: bool = False
    counts: dict[str, str] = {}
    projects: list[SidebarItem] = []
    tags: list[SidebarItem] = []

    _projects: dict[UUID, Project] = {}
    _tags: dict[UUID, Tag] = {}

    def _show_sidebar(self, identity: Identity, sidebar: Sidebar) -> None:
        self._projects, self._tags = sidebar.projects, sidebar.tags
        counts = {name: _shown(sidebar.counts.get(name, 0)) for name in COUNTED_LISTS}
        projects = [
            SidebarItem(str(project.id), project.name, _shown(sidebar.counts.get(f"project:{project.id}", 0)))
            for project in sidebar.projects.values()
        ]
        tags = [
            SidebarItem(str(tag.id), tag.name, _shown(sidebar.counts.get(f"tag:{tag.id}", 0)), tag.color)
            for tag in sidebar.tags.values()
        ]
        self._assign(
            email=identity.email,
            timezone=identity.timezone,
            is_operator=identity.is_operator,
            counts=counts,
            projects=projects,
            tags=tags,
        )

    def _names(self) -> dict[str, str]:
        """What projects and tags are called, by id."""
        projects = {str(project.id): project.name for project in self._projects.values()}
        return projects | {str(tag.id): tag.name for tag in self._tags.values()}

    def _labels(self, view: View, uow: UnitOfWork) -> Labels:
        return Labels(
            view=view, now=uow.now, zone=uow.identity.zone, projects=self._projects, tags=self._tags
        )


async def load_sidebar(uow: UnitOfWork) -> Sidebar:
    """Read what the sidebar shows."""
    return Sidebar(
        counts=await lists.counts(uow),
        projects={project.id: project for project in await uow.projects.all()},
        tags={tag.id: tag for tag in await uow.tags.all()},
    )


def _shown(count: int) -> str:
    if count <= 0:
        return ""
    return str(count) if count <= COUNT_SHOWN_MAX else f"{COUNT_SHOWN_MAX}+"
