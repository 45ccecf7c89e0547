"""``/projects``."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import WRITER, Answer, Command, answer_json
from todo_app.api.v1.parameters import LIMIT, Cursor, Limit
from todo_app.api.v1.routers import v1_router
from todo_app.api.v1.versions import IfMatch, etag, refuse_stale, versioned, versions_of
from todo_app.db.models import Project
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services import projects
from todo_app.services.cursors import cursor_of, text_place
from todo_app.services.task_document import instant

_NAME_MAX = 200


class ProjectDocument(TypedDict):
    """A project, and how many open tasks it holds, subtasks not counted."""

    id: str
    name: str
    tasks: int
    created_at: str
    version: int


class ProjectPage(TypedDict):
    """A stretch of the projects, by name."""

    items: list[ProjectDocument]
    next_cursor: str | None


class ProjectFields(Body):
    """A new project, or its new name."""

    name: Text = Field(max_length=_NAME_MAX, examples=["Flat"])


router = v1_router("projects")


@router.get("/projects", response_model=ProjectPage)
async def list_projects(limit: Limit = LIMIT, cursor: Cursor = None, look: Look = READER) -> Response:
    async with look.read() as uow:
        found = await uow.projects.page(start=text_place(cursor, "projects"), limit=limit + 1)
        counts = await uow.tasks.counts.all()
    following = cursor_of("projects", found[limit].name_folded) if len(found) > limit else None
    items = [_document(project, counts) for project in found[:limit]]
    return answer_json(ProjectPage(items=items, next_cursor=following))


@router.post("/projects", status_code=201, response_model=ProjectDocument)
async def add_a_project(body: ProjectFields, request: Request, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        project = await projects.create(uow, body.name)
        return await _project(uow, project.id, status=201, location=f"{request.url.path}/{project.id}")

    return await command.run(act)


@router.get("/projects/{project_id}", response_model=ProjectDocument)
async def read_a_project(project_id: UUID, look: Look = READER) -> Response:
    async with look.read() as uow:
        found = await _found(uow, project_id)
    return answer_json(found, headers={"ETag": etag(found["version"])})


@router.patch("/projects/{project_id}", response_model=ProjectDocument)
async def rename_a_project(
    project_id: UUID, body: ProjectFields, if_match: IfMatch = None, command: Command = WRITER
) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        refuse_stale("project", await _found(uow, project_id), versions_of(if_match))
        await projects.rename(uow, project_id, body.name)
        return await _project(uow, project_id)

    return await command.run(act)


@router.delete("/projects/{project_id}", status_code=204)
async def delete_a_project(project_id: UUID, if_match: IfMatch = None, command: Command = WRITER) -> Response:
    """Delete a project; its tasks go to the trash."""

    async def act(uow: UnitOfWork) -> Answer:
        refuse_stale("project", await _found(uow, project_id), versions_of(if_match))
        await projects.delete(uow, project_id)
        return Answer(status=204)

    return await command.run(act)


async def _project(uow: UnitOfWork, project_id: UUID, *, status: int = 200, location: str = "") -> Answer:
    await uow.flush()
    return versioned(await _found(uow, project_id), status=status, location=location)


async def _found(uow: UnitOfWork, project_id: UUID) -> ProjectDocument:
    return _document(await uow.projects.get(project_id), await uow.tasks.counts.all())


def _document(project: Project, counts: dict[str, int]) -> ProjectDocument:
    return ProjectDocument(
        id=str(project.id),
        name=project.name,
        tasks=counts.get(f"project:{project.id}", 0),
        created_at=instant(project.created_at) or "",
        version=project.version,
    )
