"""What people do with projects: create, rename, delete with their tasks."""

from __future__ import annotations

from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import Project
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NameTaken
from todo_app.domain.events import Change, ProjectCreated, ProjectDeleted, ProjectRestored, ProjectUpdated
from todo_app.domain.filter_language.lexer import Kind
from todo_app.domain.text import clean_name, fold
from todo_app.services import filters, tasks


async def create(uow: UnitOfWork, name: str) -> Project:
    """A new project.

    Raises:
        Invalid: when the name can't be so.
        NameTaken: when a project is so called, in any case.
    """
    name = clean_name(name, what="project")
    await _refuse_taken(uow, name)
    new = Project(id=uuid7(), user_id=uow.user_id, name=name, name_folded=fold(name), created_at=uow.now)
    project = await uow.projects.add(new)
    if project is None:
        raise NameTaken("project", name)
    uow.record(project.id, project.version, ProjectCreated(name=name))
    return project


async def ensure(uow: UnitOfWork, name: str) -> Project:
    """The project with this name in any case; created when there is none.

    Raises:
        Invalid: when the name can't be so.
    """
    name = clean_name(name, what="project")
    found = await uow.projects.named(name)
    if found is not None:
        return found
    try:
        return await create(uow, name)
    except NameTaken:  # by somebody who committed since we looked
        return await uow.projects.named(name) or await create(uow, name)


async def rename(uow: UnitOfWork, project_id: UUID, name: str) -> Project:
    """Give a project another name.

    Raises:
        Invalid: when the name can't be so.
        NameTaken: when another project is so called.
        NotFound: when there is no such project.
    """
    project = await uow.projects.get(project_id)
    name = clean_name(name, what="project")
    await _refuse_taken(uow, name, but=project)
    before = project.name
    change_name(uow, project, name)
    await filters.follow_renamed(uow, Kind.PROJECT, old=before, new=name)
    return project


async def restore(uow: UnitOfWork, project: Project) -> None:
    """Bring back a deleted project; its tasks come back by themselves.

    Raises:
        NameTaken: when another project is so called by now.
    """
    await _refuse_taken(uow, project.name, but=project)
    project.deleted_at = None
    project.version += 1
    uow.record(project.id, project.version, ProjectRestored(name=project.name))


async def delete(uow: UnitOfWork, project_id: UUID) -> Project:
    """Delete a project; its tasks go to the trash.

    Raises:
        NotFound: when there is no such project.
    """
    project = await uow.projects.get(project_id)
    tasks.trash(uow, await uow.tasks.many(await uow.tasks.ids_of_project(project.id)))
    mark_deleted(uow, project)
    return project


def mark_deleted(uow: UnitOfWork, project: Project) -> None:
    """Delete a loaded project, and nothing else."""
    project.deleted_at = uow.now
    project.version += 1
    uow.record(project.id, project.version, ProjectDeleted(name=project.name))


def change_name(uow: UnitOfWork, project: Project, name: str) -> None:
    """Set the name of a loaded project and record it; the name it has already is no change."""
    before, project.name, project.name_folded = project.name, name, fold(name)
    if before == name:
        return
    project.version += 1
    changes = [Change(field="name", before=before, after=name)]
    uow.record(project.id, project.version, ProjectUpdated(name=name, changes=changes))


async def _refuse_taken(uow: UnitOfWork, name: str, *, but: Project | None = None) -> None:
    taken = await uow.projects.named(name)
    if taken is not None and (but is None or taken.id != but.id):
        raise NameTaken("project", taken.name)
