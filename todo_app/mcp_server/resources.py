"""What a program can attach to a conversation: today, the projects, and the tasks of one."""

from __future__ import annotations

from uuid import UUID

import mcp_types as types
from mcp.shared.exceptions import MCPError

from todo_app.domain.errors import DomainError, NotFound
from todo_app.tools.catalogue import ToolCaller, call
from todo_app.tools.listing import LIMIT_MAX
from todo_app.tools.naming import NAMES_MAX
from todo_app.tools.tool import Answer

_TODAY, _PROJECTS = "punctual://today", "punctual://projects"
_JSON = "application/json"

RESOURCES = (
    types.Resource(
        name="today",
        title="Today",
        uri=_TODAY,
        description="What is overdue and due today.",
        mime_type=_JSON,
    ),
    types.Resource(
        name="projects",
        title="Projects",
        uri=_PROJECTS,
        description="All projects, with how many open tasks each holds.",
        mime_type=_JSON,
    ),
)
TEMPLATES = (
    types.ResourceTemplate(
        name="project",
        title="Tasks of a project",
        uri_template=f"{_PROJECTS}/{{id}}",
        description="The open tasks of a project, by due date.",
        mime_type=_JSON,
    ),
)


async def read(uri: str, caller: ToolCaller) -> Answer:
    """What a resource holds now.

    Raises:
        MCPError: when there is no such resource.
    """
    try:
        if uri == _TODAY:
            return await call("list_tasks", {"view": "today", "limit": LIMIT_MAX}, caller)
        if uri == _PROJECTS:
            return await call("list_projects", {"limit": NAMES_MAX}, caller)
        if uri.startswith(f"{_PROJECTS}/"):
            name = await _name_of(uri.removeprefix(f"{_PROJECTS}/"), caller)
            return await call("list_tasks", {"project": name, "limit": LIMIT_MAX}, caller)
    except DomainError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from None
    raise MCPError(types.INVALID_PARAMS, f"There is no resource {uri[:200]}.")


async def _name_of(project_id: str, caller: ToolCaller) -> str:
    try:
        wanted = UUID(project_id)
    except ValueError:
        raise NotFound("project") from None
    async with caller.work.read(caller.caller) as uow:
        return (await uow.projects.get(wanted)).name
