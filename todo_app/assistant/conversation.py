"""The conversation: what a person types becomes an answer in pieces, and is remembered for the next turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from uuid6 import uuid7

from todo_app.assistant import changes, looking
from todo_app.assistant.answers import Done, Failed, Piece
from todo_app.assistant.interpreter import Act, Cannot, Decision, Say, interpret
from todo_app.assistant.remembering import recall, remember
from todo_app.assistant.turn import Turn
from todo_app.bootstrap import Application
from todo_app.domain.errors import DomainError
from todo_app.domain.identity import BearerToken, Caller
from todo_app.tools.catalogue import ToolCaller

NAME = "Assistant"
CONVERSATION_MAX, TEXT_MAX = 100, 4_000


async def converse(
    app: Application, caller: Caller, text: str, *, conversation: str | None = None
) -> AsyncIterator[Piece]:
    """Answer a sentence.

    Args:
        app: opens transactions, and keeps what is remembered.
        caller: the person or program, established by the server.
        text: what was typed.
        conversation: which one goes on; a new one begins without it.

    Raises:
        Unauthenticated: when the caller is unknown.
    """
    name = conversation or str(uuid7())
    work, store = app.work, app.state_store
    async with work.read(caller) as uow:
        who, now = uow.identity, uow.now
    memory = await recall(store, who.user_id, name)
    # A program's changes bear its token's name.
    agent = None if isinstance(caller, BearerToken) else NAME
    decision = interpret(text, now=now, zone=who.zone, memory=memory)
    turn = Turn(
        ToolCaller(work, caller, agent=agent, command_id=uuid7()),
        now,
        who.zone,
        replace(memory, pending=None),
        asked=memory.pending.cards if memory.pending else (),
    )
    try:
        await _do(turn, decision)
    except DomainError as error:
        turn.pieces.append(Failed(str(error)))
    for piece in turn.pieces:
        yield piece
    await remember(store, who.user_id, name, turn.memory)
    yield Done(name)


async def _do(turn: Turn, decision: Decision) -> None:
    match decision:
        case Say(text=text) | Cannot(text=text):
            turn.say(text)
        case Act(tool="list_tasks" | "search_tasks" | "sort_tasks"):
            await looking.list_tasks(turn, decision)
        case Act(tool="list_tags" | "list_projects"):
            await looking.list_names(turn, decision)
        case Act(tool="overview"):
            await looking.show_overview(turn)
        case Act(tool="get_task"):
            for card in await changes.meant(turn, decision) or []:
                await looking.show_task(turn, card)
        case Act(tool="edit_tag" | "edit_project"):
            await changes.edit_name(turn, decision)
        case Act(tool="undo"):
            await changes.undo(turn)
        case Act(tool="add_task"):
            await changes.add(turn, decision)
        case Act():
            await changes.change(turn, decision)
