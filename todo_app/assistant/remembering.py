"""Keeping what a conversation remembers in the state store, so that any process can go on with it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, JsonValue

from todo_app.assistant.interpreter import Act, Among, Card, Chosen, Confirm, Memory, Which
from todo_app.state_store.port import StateStore

REMEMBERED_FOR = timedelta(hours=12)
_SHOWN_MAX, _SAID_MAX, _TEXT_MAX = 100, 6, 2_000


class _Card(BaseModel):
    id: UUID
    title: str


class _Pending(BaseModel):
    kind: Literal["which", "confirm"]
    tool: str
    arguments: dict[str, JsonValue]
    among: Among
    ids: list[UUID] | None
    cards: list[_Card]


class _Memory(BaseModel):
    shown: list[_Card] = []
    pending: _Pending | None = None
    undo: UUID | None = None
    said: list[tuple[str, str]] = []


async def recall(store: StateStore, user_id: UUID, conversation: str) -> Memory:
    """What a person's conversation remembers; nothing when it is new, or was long ago."""
    stored = await store.get(_key(user_id, conversation))
    if stored is None:
        return Memory()
    kept = _Memory.model_validate(stored.value)
    return Memory(
        _cards(kept.shown), _pending(kept.pending) if kept.pending else None, kept.undo, tuple(kept.said)
    )


async def remember(store: StateStore, user_id: UUID, conversation: str, memory: Memory) -> None:
    """Keep what a conversation remembers for the next turn."""
    kept = _Memory(
        shown=[_Card(id=card.id, title=card.title) for card in memory.shown[:_SHOWN_MAX]],
        pending=_kept(memory.pending) if memory.pending else None,
        undo=memory.undo,
        said=[(said[:_TEXT_MAX], answered[:_TEXT_MAX]) for said, answered in memory.said[-_SAID_MAX:]],
    )
    await store.set(_key(user_id, conversation), kept.model_dump(mode="json"), ttl=REMEMBERED_FOR)


def _key(user_id: UUID, conversation: str) -> str:
    # A digest: the name of a conversation is whatever a program sends.
    return f"assistant:{user_id}:{hashlib.sha256(conversation.encode()).hexdigest()[:32]}"


def _cards(kept: list[_Card]) -> tuple[Card, ...]:
    return tuple(Card(card.id, card.title) for card in kept)


def _pending(kept: _Pending) -> Which | Confirm:
    target = Chosen(tuple(kept.ids)) if kept.ids is not None else None
    act = Act(kept.tool, kept.arguments, target, kept.among)
    kind = Which if kept.kind == "which" else Confirm
    return kind(act, _cards(kept.cards))


def _kept(pending: Which | Confirm) -> _Pending:
    act = pending.act
    return _Pending(
        kind="which" if isinstance(pending, Which) else "confirm",
        tool=act.tool,
        arguments=dict(act.arguments),
        among=act.among,
        ids=list(act.target.ids) if isinstance(act.target, Chosen) else None,
        cards=[_Card(id=card.id, title=card.title) for card in pending.cards],
    )
