"""What frames every page: the account, and the sidebar with its projects, tags, filters and counts."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from state.pictures import ShowsPicture, SidebarItem, SidebarPicture
from todo_app.db.models import Project, SavedFilter, Tag


class ShellState(ShowsPicture, rx.State):
    """The same for every view of one user."""

    email: str = ""
    timezone: str = ""
    is_operator: bool = False
    counts: dict[str, str] = {}
    projects: list[SidebarItem] = []
    tags: list[SidebarItem] = []
    filters: list[SidebarItem] = []

    _projects: dict[UUID, Project] = {}
    _tags: dict[UUID, Tag] = {}
    _filters: dict[UUID, SavedFilter] = {}

    def _show(self, picture: SidebarPicture) -> None:
        self._show_picture(picture)
        self._projects, self._tags = picture.projects_by_id, picture.tags_by_id
        self._filters = picture.filters_by_id

    def _names(self) -> dict[str, str]:
        """What projects and tags are called, by id."""
        projects = {str(project.id): project.name for project in self._projects.values()}
        return projects | {str(tag.id): tag.name for tag in self._tags.values()}
