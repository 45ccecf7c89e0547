"""Who speaks to the MCP server: a program with a token."""

from __future__ import annotations

from dataclasses import dataclass, replace

from todo_app.db.unit_of_work import Work
from todo_app.domain.errors import Forbidden
from todo_app.domain.identity import BearerToken, Scope
from todo_app.tools.catalogue import ToolCaller


@dataclass(frozen=True, slots=True)
class Guest:
    """A program whose token was good when its message came; each transaction looks it up again."""

    caller: ToolCaller
    may_write: bool


async def welcome(work: Work, token: BearerToken) -> Guest:
    """The program behind a token.

    Raises:
        Unauthenticated: when the token is unknown, was revoked, or has expired.
    """
    caller = ToolCaller(work, replace(token, needs=Scope.READ))
    try:
        async with work.read(replace(token, needs=Scope.WRITE)):
            return Guest(caller, may_write=True)
    except Forbidden:
        return Guest(caller, may_write=False)
