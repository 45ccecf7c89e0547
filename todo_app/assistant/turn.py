"""One turn of a conversation: what it works with, what it says, and what it leaves for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from todo_app.assistant.answers import Asked, Changed, Piece, Tasks, Text
from todo_app.assistant.interpreter import Act, Card, Confirm, Memory, Which
from todo_app.services.task_document import documents
from todo_app.tools.catalogue import ToolCaller

CARDS_MAX, CHOICES_MAX = 20, 10


@dataclass(slots=True)
class Turn:
    """A turn under way.

    Attributes:
        caller: in whose name tools are called; all that the turn changes is one command.
        now: the present instant.
        zone: the zone of the person.
        memory: what the conversation remembers.
        asked: the tasks of the question that was open.
        pieces: what is answered, so far.
    """

    caller: ToolCaller
    now: datetime
    zone: ZoneInfo
    memory: Memory
    asked: tuple[Card, ...] = ()
    pieces: list[Piece] = field(default_factory=list)
    _has_changed: bool = False

    def titles(self) -> dict[UUID, str]:
        """What the tasks are called that words such as “it” or “yes” can mean."""
        return {card.id: card.title for card in (*self.memory.shown, *self.asked)}

    @property
    def has_acted(self) -> bool:
        """Whether something was changed, or a question asked about it."""
        return self._has_changed or self.memory.pending is not None

    def drain(self) -> list[Piece]:
        """What was answered since the last time."""
        drained, self.pieces = self.pieces, []
        return drained

    def say(self, text: str) -> None:
        """Answer words."""
        self.pieces.append(Text(text))

    def tell(self, tool: str, text: str, undo: str | None) -> None:
        """Answer what was done; without ``undo`` there was nothing to do."""
        if undo is None:
            self.say(text)
            return
        self._has_changed = True
        self.pieces.append(Changed(tool, text, undo))
        self.memory = replace(self.memory, undo=UUID(undo))

    async def show(self, cards: Sequence[Card]) -> None:
        """Answer task cards; from now on, words such as “the second one” mean these."""
        async with self.caller.work.read(self.caller.caller) as uow:
            found = await documents(uow, [card.id for card in cards[:CARDS_MAX]])
        self.memory = replace(
            self.memory, shown=tuple(Card(UUID(each["id"]), each["title"]) for each in found)
        )
        if found:
            self.pieces.append(Tasks(tuple(found)))

    async def ask_which(self, act: Act, cards: Sequence[Card]) -> None:
        """Ask which of some tasks is meant."""
        choices = tuple(cards[:CHOICES_MAX])
        more = (
            f" These are the first {CHOICES_MAX}; its whole name finds any."
            if len(cards) > CHOICES_MAX
            else ""
        )
        self.say(f"Which one do you mean?{more}")
        await self.show(choices)
        self.memory = replace(self.memory, pending=Which(act, choices))
        self.pieces.append(Asked("which", tuple(card.title for card in choices)))

    def ask_first(self, act: Act, cards: Sequence[Card], text: str) -> None:
        """Ask whether to really do something."""
        self.say(text)
        self.memory = replace(self.memory, pending=Confirm(act, tuple(cards)))
        self.pieces.append(Asked("confirm", ("yes", "no")))
