"""Who may call which tool: its owner with a token that is enough; nobody else, with whatever ids.

A tool that is new and not in the table fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.security.lives import Life, belongings, everything, live
from tests.state.people import Person, log_in
from todo_app.bootstrap import Application
from todo_app.domain.errors import DomainError, Forbidden, Invalid, NotFound, Unauthenticated
from todo_app.domain.identity import BearerToken, Scope
from todo_app.services import tokens
from todo_app.tools.catalogue import TOOLS, ToolCaller, call


@dataclass(frozen=True)
class Case:
    """How the owner calls a tool, and how it is refused to somebody else; ``None``: it shows them nothing."""

    arguments: Callable[[Life], dict[str, Any]]
    to_others: type[DomainError] | None = NotFound


def _ids(life: Life) -> list[str]:
    return [str(life.task)]


CASES = {
    "overview": Case(lambda _: {}, None),
    "list_tasks": Case(lambda life: {"project": f"{life.word} project", "tags": [f"{life.word}-tag"]}, None),
    "search_tasks": Case(lambda life: {"query": life.word}, None),
    "sort_tasks": Case(lambda life: {"by": "title", "filter": f"#{life.word}-tag"}, None),
    "get_task": Case(lambda life: {"id": str(life.task)}),
    "add_task": Case(lambda life: {"title": "New", "parent_id": str(life.task)}),
    "update_task": Case(lambda life: {"id": str(life.task), "title": "Changed"}),
    "set_reminders": Case(lambda life: {"id": str(life.task), "reminders": ["1 hour before"]}),
    "set_recurrence": Case(lambda life: {"id": str(life.task), "recurrence": "every day"}),
    "update_tasks": Case(lambda life: {"ids": _ids(life), "priority": "high"}),
    "complete_tasks": Case(lambda life: {"ids": _ids(life)}),
    "reopen_tasks": Case(lambda life: {"ids": _ids(life)}),
    "reschedule_tasks": Case(lambda life: {"ids": _ids(life), "due": "in 3 days"}),
    "delete_tasks": Case(lambda life: {"ids": _ids(life)}),
    "restore_tasks": Case(lambda life: {"ids": [str(life.trashed)]}),
    "list_tags": Case(lambda _: {}, None),
    "edit_tag": Case(lambda life: {"action": "delete", "name": f"{life.word}-tag"}, Invalid),
    "list_projects": Case(lambda _: {}, None),
    "edit_project": Case(lambda life: {"action": "delete", "name": f"{life.word} project"}, Invalid),
    "undo": Case(lambda life: {"id": str(life.command)}),
}
WRITING = [tool.name for tool in TOOLS if tool.scope is Scope.WRITE]


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: that queries are bound to their user is shown on both for each repository."""
    return sqlite_database


@pytest.fixture
async def adas(ada: Person) -> Life:
    return await live(ada, "zebrafinch")


def test_every_tool_has_an_entry() -> None:
    assert [tool.name for tool in TOOLS if tool.name not in CASES] == []
    assert len(CASES) == len(TOOLS)


async def test_the_owners_program_may_with_the_scope_that_the_tool_needs(application: Application) -> None:
    for number, tool in enumerate(TOOLS):
        life = await live(await log_in(application, f"owner{number}@example.org"), f"owner{number}")
        program = await _program(life.person, tool.scope)
        answer = await call(tool.name, CASES[tool.name].arguments(life), program)
        assert answer.document()


async def test_a_token_whose_scope_is_not_enough_may_not(application: Application, adas: Life) -> None:
    program = await _program(adas.person, Scope.READ)
    before = await everything(application)
    for name in WRITING:
        with pytest.raises(Forbidden):
            await call(name, CASES[name].arguments(adas), program)
    assert await everything(application) == before


async def test_nobody_may_without_a_good_token(application: Application, adas: Life) -> None:
    before = await everything(application)
    nobody = ToolCaller(application.work, BearerToken("punctual_nonsense", Scope.READ))
    for name, case in CASES.items():
        with pytest.raises(Unauthenticated):
            await call(name, case.arguments(adas), nobody)
    assert await everything(application) == before


async def test_somebody_elses_program_finds_and_changes_nothing(adas: Life, ben: Person) -> None:
    program = await _program(ben, Scope.WRITE)
    before = await belongings(adas)
    shown: dict[str, list[str]] = {}
    refused: dict[str, type[DomainError] | None] = {}
    for name, case in CASES.items():
        arguments = case.arguments(adas)
        try:
            told, refused[name] = str((await call(name, arguments, program)).document()), None
        except DomainError as error:
            told, refused[name] = str(error), NotFound if isinstance(error, NotFound) else type(error)
        found = [mark for mark in adas.marks() if mark in told and mark not in str(arguments)]
        if found:
            shown[name] = found
    assert refused == {name: case.to_others for name, case in CASES.items()}
    assert shown == {}
    assert await belongings(adas) == before


async def test_nobody_can_say_for_whom_a_tool_works(adas: Life, ben: Person) -> None:
    program = await _program(ben, Scope.WRITE)
    named: dict[str, UUID] = {"user_id": adas.person.identity.user_id}
    for name, case in CASES.items():
        with pytest.raises(Invalid, match="no such field"):
            await call(
                name, {**case.arguments(adas), **{key: str(each) for key, each in named.items()}}, program
            )


async def _program(person: Person, scope: Scope) -> ToolCaller:
    async with person.application.work.write(person.identity) as uow:
        secret = (await tokens.create(uow, "Planner", scope)).secret
    return ToolCaller(person.application.work, BearerToken(secret, Scope.READ))
