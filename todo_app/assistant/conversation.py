"""The conversation: what a person types becomes an answer in pieces, and is remembered for the next turn."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

from uuid6 import uuid7

from todo_app.assistant import changes, looking
from todo_app.assistant.answers import Changed, Done, Failed, Piece, Text
from todo_app.assistant.interpreter import Act, Cannot, Decision, Memory, Say, interpret, interpret_reply
from todo_app.assistant.remembering import recall, remember
from todo_app.assistant.spending import spend, spent
from todo_app.assistant.turn import Turn
from todo_app.assistant.used import Used
from todo_app.bootstrap import Application
from todo_app.domain.errors import DomainError
from todo_app.domain.identity import BearerToken, Caller
from todo_app.tools.catalogue import ToolCaller

logger = logging.getLogger(__name__)

NAME = "Assistant"
CONVERSATION_MAX, TEXT_MAX = 100, 4_000


async def converse(
    app: Application,
    caller: Caller,
    text: str,
    *,
    conversation: str | None = None,
    command_id: UUID | None = None,
) -> AsyncIterator[Piece]:
    """Answer a sentence.

    Args:
        app: opens transactions, and keeps what is remembered.
        caller: the person or program, established by the server.
        text: what was typed.
        conversation: which one goes on; a new one begins without it.
        command_id: what takes back all that the turn changes; a new one without it.

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
    turn = Turn(
        ToolCaller(work, caller, agent=agent, command_id=command_id or uuid7()),
        now,
        who.zone,
        replace(memory, pending=None),
        asked=memory.pending.cards if memory.pending else (),
    )
    answered: list[str] = []
    async for piece in _answer(app, turn, text, memory, who.user_id):
        if isinstance(piece, Text | Changed):
            answered.append(piece.text)
        yield piece
    said = (*memory.said, (text, " ".join(answered) or "…"))
    await remember(store, who.user_id, name, replace(turn.memory, said=said))
    yield Done(name)


async def _answer(
    app: Application, turn: Turn, text: str, memory: Memory, user_id: UUID
) -> AsyncIterator[Piece]:
    """By the model when there is one that answers, else by the interpreter, which also reads replies."""
    decision = interpret_reply(text, now=turn.now, zone=turn.zone, memory=memory)
    if decision is None and app.settings.llm_model:
        used = Used()
        async for piece in _by_model(app, turn, text, user_id, used):
            yield piece
        if not used.problem:
            return
        if turn.has_acted:
            return
        yield Text("I answer without the language model, which is not available now. ")
    decision = decision or interpret(text, now=turn.now, zone=turn.zone, memory=memory)
    try:
        await _do(turn, decision)
    except DomainError as error:
        turn.pieces.append(Failed(str(error)))
    for piece in turn.drain():
        yield piece


async def _by_model(
    app: Application, turn: Turn, text: str, user_id: UUID, used: Used
) -> AsyncIterator[Piece]:
    # What it needs takes time to load, and most do without.
    from todo_app.assistant import agent

    day, limit = turn.now.date(), app.settings.llm_tokens_per_day
    left = limit - await spent(app.state_store, user_id, day)
    if left <= 0:
        used.problem = "The tokens of today are used up."
        return
    async for piece in agent.answer(turn, text, app.settings, tokens_left=left, used=used):
        yield piece
    if used.problem:
        logger.warning("The language model did not answer: %s", used.problem)
    if used.tokens:
        await spend(app.state_store, user_id, day, used.tokens)


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
