"""The tools for projects."""

from __future__ import annotations

from todo_app.db.models import Project
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.identity import Scope
from todo_app.services import projects
from todo_app.services.bodies import Text
from todo_app.services.cursors import cursor_of, text_place
from todo_app.tools.naming import Deleting, Edited, Paging, new_name_of, rehearsed
from todo_app.tools.size import fitting
from todo_app.tools.tool import Answer, Tool


class ProjectRow(Answer):
    """A project, and how many open tasks it holds, subtasks not counted."""

    id: str
    name: str
    tasks: int


class Projects(Answer):
    """A stretch of the projects, by name."""

    items: list[ProjectRow]
    next_cursor: str | None = None


class ProjectEdit(Deleting):
    """What is to become of a project."""


async def list_projects(uow: UnitOfWork, asked: Paging) -> Projects:
    """The projects."""
    found = await uow.projects.page(start=text_place(asked.cursor, "projects"), limit=asked.limit + 1)
    counts = await uow.tasks.counts.all()
    items = [
        ProjectRow(id=str(each.id), name=each.name, tasks=counts.get(f"project:{each.id}", 0))
        for each in found[: asked.limit]
    ]
    items = items[: fitting(items)]
    following = cursor_of("projects", found[len(items)].name_folded) if len(found) > len(items) else None
    return Projects(items=items, next_cursor=following)


async def edit_project(uow: UnitOfWork, asked: ProjectEdit) -> Edited:
    """Make a project, or give it another name, or put it away with its tasks."""
    if asked.action == "create":
        project = await projects.create(uow, asked.name)
        return _edited(uow, f"Created the project “{project.name}”.")
    project = await named(uow, asked.name)
    if asked.action == "rename":
        await projects.rename(uow, project.id, new_name_of(asked))
        return _edited(uow, f"The project is called “{project.name}” now.")
    tasks = len(await uow.tasks.ids_of_project(project.id))
    if rehearsed(asked, tasks):
        return Edited(
            dry_run=True,
            message=f"Nothing has changed yet: {tasks} tasks of “{project.name}” would go to the trash. "
            f"Call it again with confirm: true and expected_count: {tasks}, when the person wants that.",
        )
    await projects.delete(uow, project.id)
    return _edited(uow, f"Deleted the project “{project.name}”; its {tasks} tasks lie in the trash.")


async def named(uow: UnitOfWork, name: Text) -> Project:
    """The project with this name.

    Raises:
        Invalid: when there is none.
    """
    found = await uow.projects.named(name)
    if found is None:
        raise Invalid("name", f"There is no project “{name[:80]}”. `list_projects` names them all.")
    return found


def _edited(uow: UnitOfWork, message: str) -> Edited:
    return Edited(dry_run=False, message=message, undo=str(uow.command_id) if uow.events else None)


PROJECTS = (
    Tool(
        name="list_projects",
        title="List projects",
        description="All projects by name, with how many open tasks each holds.",
        arguments=Paging,
        answer=Projects,
        scope=Scope.READ,
        does=list_projects,
    ),
    Tool(
        name="edit_project",
        title="Edit a project",
        description="Create, rename or delete a project. Deleting one puts its tasks into the trash, and has "
        "to be confirmed with their count when there are more than 5. Answers an id for `undo`.",
        arguments=ProjectEdit,
        answer=Edited,
        scope=Scope.WRITE,
        does=edit_project,
        is_destructive=True,
        is_idempotent=False,
    ),
)
