"""An agent that calls tools for Ada, on each kind of database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.services.conftest import Someone, ada, application, ben, clock, zone
from todo_app.domain.identity import BearerToken, Caller, Scope
from todo_app.services import tokens
from todo_app.tools.catalogue import ToolCaller, call

__all__ = ["ada", "application", "ben", "clock", "zone"]


@dataclass(frozen=True)
class Agent:
    """Somebody's program that calls tools."""

    caller: ToolCaller

    async def __call__(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool; its answer as JSON."""
        return (await call(tool, arguments, self.caller)).document()

    async def add(self, *lines: str) -> list[str]:
        """Add tasks; their ids."""
        return [(await self("add_task", line=line))["task"]["id"] for line in lines]

    async def titles(self, **wanted: Any) -> list[str]:
        """The titles that a list answers."""
        return [row["title"] for row in (await self("list_tasks", **wanted))["items"]]

    def calling_itself(self, name: str) -> Agent:
        return Agent(replace(self.caller, agent=name))


async def agent_of(person: Someone, scope: Scope = Scope.WRITE, *, name: str = "Planner") -> Agent:
    made = await person.does(lambda uow: tokens.create(uow, name, scope))
    caller: Caller = BearerToken(made.secret, Scope.READ)
    return Agent(ToolCaller(person.application.work, caller))


@pytest.fixture
async def agent(ada: Someone) -> Agent:
    return await agent_of(ada)
