"""All the tools, and how one is called: one transaction, in the name of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.errors import Invalid, NotFound
from todo_app.domain.events import Actor, ActorKind
from todo_app.domain.identity import BearerToken, Caller
from todo_app.services.bodies import reason_of
from todo_app.tools.listing import LISTING
from todo_app.tools.many_tasks import MANY_TASKS
from todo_app.tools.one_task import ONE_TASK
from todo_app.tools.overview import OVERVIEW
from todo_app.tools.projects import PROJECTS
from todo_app.tools.tags import TAGS
from todo_app.tools.taking_back import TAKING_BACK
from todo_app.tools.tool import Answer, Arguments, Tool

TOOLS: tuple[Tool, ...] = (*OVERVIEW, *LISTING, *ONE_TASK, *MANY_TASKS, *TAGS, *PROJECTS, *TAKING_BACK)
_BY_NAME = {tool.name: tool for tool in TOOLS}
_SHOWN_ERRORS = 5
_NAME = re.compile(r"[a-z_]+")
_FIND = {
    "task": "There is no task with this id. `list_tasks` and `search_tasks` find ids.",
    "change": "There is no such change to undo. Use the `undo` of the answer to the change.",
}


@dataclass(frozen=True, slots=True)
class ToolCaller:
    """Who calls a tool.

    Attributes:
        work: opens the transaction; its clock tells the time.
        caller: the person or program, established by the server; what a token may do is checked by each call.
        agent: whose name the changes bear in activity and audit; ``None`` leaves that to ``caller``, which
            for a token is its name.
        command_id: makes all changes of several calls one command, so that one undo takes back the whole.
    """

    work: Work
    caller: Caller
    agent: str | None = None
    command_id: UUID | None = None


class NoSuch(NotFound):
    """The object does not exist, or belongs to somebody else; says how to find one."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.args = (_FIND.get(what, str(self)),)


class _Rehearsed(Exception):
    """Ends a transaction that was to show what would happen."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def tool_named(name: str) -> Tool:
    """The tool with a name.

    Raises:
        Invalid: when there is none.
    """
    tool = _BY_NAME.get(name)
    if tool is None:
        raise Invalid("name", f"There is no tool “{name[:80]}”. There are {', '.join(_BY_NAME)}.")
    return tool


async def call(name: str, arguments: Mapping[str, Any], caller: ToolCaller) -> Answer:
    """Do what a tool does.

    Raises:
        DomainError: when the arguments can't be so, or the service refuses; the message says what to do.
    """
    tool = tool_named(name)
    asked = _read(tool, arguments)
    who = caller.caller
    if isinstance(who, BearerToken):
        who = replace(who, needs=tool.scope)
    try:
        if tool.is_read_only:
            async with caller.work.read(who) as uow:
                return await tool.does(uow, asked)
        return await _write(tool, asked, who, caller)
    except NotFound as error:
        raise NoSuch(error.what) from None


async def _write(tool: Tool, asked: Arguments, who: Caller, caller: ToolCaller) -> Answer:
    try:
        async with caller.work.write(who) as uow:
            _act_as(uow, caller)
            answer: Answer = await tool.does(uow, asked)
            _take_back_rehearsed(answer)
    except _Rehearsed as rehearsed:
        return rehearsed.answer
    return answer


def _take_back_rehearsed(answer: Answer) -> None:
    if answer.is_rehearsal:
        raise _Rehearsed(answer)


def _act_as(uow: UnitOfWork, caller: ToolCaller) -> None:
    if caller.agent is not None:
        uow.identity = replace(uow.identity, actor=Actor(kind=ActorKind.AGENT, name=caller.agent))
    if caller.command_id is not None:
        uow.command_id = caller.command_id


def _read(tool: Tool, arguments: Mapping[str, Any]) -> Arguments:
    try:
        return tool.arguments.model_validate(arguments)
    except ValidationError as error:
        found = error.errors(include_url=False)
        reasons = [f"{_field(each['loc'])}: {reason_of(each)}" for each in found[:_SHOWN_ERRORS]]
        raise Invalid(_field(found[0]["loc"]), " ".join(reasons)) from None


def _field(location: tuple[int | str, ...]) -> str:
    # Where a value may be of several kinds, pydantic names the kind too.
    names = [str(part) for part in location if isinstance(part, int) or _NAME.fullmatch(part)]
    return ".".join(names) or "arguments"
