"""The assistant's panel: what was said, the tasks that were answered, and what can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from time import monotonic
from typing import TypedDict
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import reflex as rx
from reflex_base.event import EventSpec

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.tabs import open_tabs
from todo_app.assistant.answers import Asked, Changed, Done, Failed, Piece, Tasks, Text
from todo_app.assistant.conversation import TEXT_MAX, converse
from todo_app.bootstrap import current
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.labels import due_label, due_state
from todo_app.domain.task import Due
from todo_app.services import tasks, undo
from todo_app.services.task_document import TaskDocument, documents

# Reflex sends a changed var whole.
_MESSAGES_MAX = 20
_SHOWN_EVERY_SECONDS = 0.1


class Card(TypedDict):
    """A task in an answer, as it is now."""

    id: str
    title: str
    done: bool
    priority: str
    due: str
    due_state: str
    about: str


class Message(TypedDict):
    """Something that was said, by the person or to them."""

    key: str
    mine: bool
    text: str
    changes: list[str]
    undo: str
    cards: list[Card]
    choices: list[str]
    failed: bool


class AssistantState(Handlers, rx.State):
    """The conversation of one tab, the newest messages of it."""

    is_open: bool = False
    messages: list[Message] = []
    busy: bool = False
    # How many sentences have arrived here: the line that they were typed in waits for that.
    accepted: int = 0

    _conversation: str = ""
    # What the choices under the last answer stand for.
    _kind: str = ""

    @rx.event
    async def toggle(self) -> EventSpec | None:
        """Open the panel in the place of an open task, or close it."""
        self.is_open = not self.is_open
        page = await self.get_state(ListState)
        if not self.is_open or not (await page._wanted()).task_id:
            return None
        return await page._go_to_task("")

    @rx.event
    def close(self) -> None:
        """Close the panel; the conversation stays."""
        self.is_open = False

    @rx.event
    def begin_anew(self) -> None:
        """Forget the conversation."""
        self.messages, self._conversation, self._kind = [], "", ""
        self._note_cards()

    @rx.event(background=True)
    async def send(self, text: str) -> None:
        """Say something. A model may take a minute to answer, in which everything else goes on."""
        async with self:
            self.accepted += 1
        await self._converse(text, shown=text)

    @rx.event(background=True)
    async def choose(self, choice: str) -> None:
        """Answer the question that is open with one of its choices."""
        async with self:
            choices = self.messages[-1]["choices"] if self.messages else []
            is_which = self._kind == "which"
        if choice in choices:
            await self._converse(str(choices.index(choice) + 1) if is_which else choice, shown=choice)

    @rx.event
    async def take_back(self, command_id: str) -> None:
        """Undo all that one answer has changed."""
        async with self._write() as uow:
            await undo.undo(uow, parse_id(command_id, what="change"))
        self.messages = [
            {**each, "undo": "", "changes": [*each["changes"], "Undone."]}
            if each["undo"] == command_id
            else each
            for each in self.messages
        ]
        await (await self.get_state(ListState))._reload_all()

    @rx.event
    async def complete(self, task_id: str) -> None:
        """Complete the task of a card."""
        async with self._write() as uow:
            [done] = await tasks.complete(uow, [parse_id(task_id)])
        await (await self.get_state(ListState))._show_change(uow, f"Completed “{done.title}”")
        self._tick(task_id, done=True)

    @rx.event
    async def reopen(self, task_id: str) -> None:
        """Make the task of a card open again."""
        async with self._write() as uow:
            [opened] = await tasks.reopen(uow, [parse_id(task_id)])
        await (await self.get_state(ListState))._show_change(uow, f"Reopened “{opened.title}”")
        self._tick(task_id, done=False)

    @rx.event
    async def open_task(self, task_id: str) -> EventSpec:
        """Show the task of a card with everything about it."""
        page = await self.get_state(ListState)
        if not page.list_name:
            return rx.redirect(f"/all?task={parse_id(task_id)}")
        return await page._go_to_task(task_id)

    async def _converse(self, said: str, *, shown: str) -> None:
        answer, shown_at = _message(), 0.0
        async with self:
            caller, conversation = self._caller(), self._conversation or None
            async with self._read() as uow:
                draw = _drawing(uow.now, uow.identity.zone)
            before: list[Message] = [{**each, "choices": []} for each in self.messages]
            question: Message = {**_message(), "mine": True, "text": shown[:TEXT_MAX].strip()}
            self.messages = [*before, question, answer][-_MESSAGES_MAX:]
            self.busy = True
        try:
            async for piece in converse(current(), caller, said, conversation=conversation):
                answer = _with(answer, piece, draw)
                if isinstance(piece, Text) and monotonic() - shown_at < _SHOWN_EVERY_SECONDS:
                    continue
                shown_at = monotonic()
                async with self:
                    self._show(answer, piece)
        finally:
            async with self:
                self.busy = False

    def _show(self, answer: Message, piece: Piece) -> None:
        """Show an answer as far as it has come, unless the conversation has been forgotten meanwhile."""
        if all(each["key"] != answer["key"] for each in self.messages):
            return
        self.messages = [_newer(each, answer) for each in self.messages]
        self._note_cards()
        if isinstance(piece, Asked):
            self._kind = piece.kind
        elif isinstance(piece, Done):
            self._conversation = piece.conversation

    async def _catch_up(self) -> None:
        """Show on the cards what changed while there was no connection, and let them follow from now on."""
        # Noted first: what changes while they are read is news.
        self._note_cards()
        if ids := self._card_ids():
            async with self._read() as uow:
                cards = await cards_of(uow, ids)
            self._redraw(cards)

    def _note_cards(self) -> None:
        """Let live sync know which tasks are shown, so that it reads those alone."""
        open_tabs.note_cards(self.router.session.client_token, self._card_ids())

    def _card_ids(self) -> frozenset[UUID]:
        return frozenset(UUID(card["id"]) for each in self.messages for card in each["cards"])

    def _redraw(self, cards: Mapping[str, Card]) -> None:
        """Show tasks as they are now."""
        drawn: list[Message] = [
            {**each, "cards": [cards.get(card["id"], card) for card in each["cards"]]}
            for each in self.messages
        ]
        if drawn != self.messages:
            self.messages = drawn

    def _tick(self, task_id: str, *, done: bool) -> None:
        def ticked(card: Card) -> Card:
            return {**card, "done": done} if card["id"] == task_id else card

        self.messages = [
            {**each, "cards": [ticked(card) for card in each["cards"]]} for each in self.messages
        ]


async def cards_of(uow: UnitOfWork, task_ids: Collection[UUID]) -> dict[str, Card]:
    """The cards of those of the tasks that exist, by their ids."""
    draw = _drawing(uow.now, uow.identity.zone)
    return {found["id"]: draw(found) for found in await documents(uow, task_ids)}


def _newer(shown: Message, answer: Message) -> Message:
    """What is shown of an answer that has gone on; cards may have been drawn anew since it named them."""
    if shown["key"] != answer["key"]:
        return shown
    is_same = [card["id"] for card in shown["cards"]] == [card["id"] for card in answer["cards"]]
    return {**answer, "cards": shown["cards"] if is_same else answer["cards"]}


def _with(answer: Message, piece: Piece, draw: Callable[[TaskDocument], Card]) -> Message:
    match piece:
        case Text(text=text):
            return {**answer, "text": answer["text"] + text}
        case Failed(text=text):
            return {**answer, "text": f"{answer['text']} {text}".strip(), "failed": True}
        case Tasks(tasks=found):
            return {**answer, "cards": [*answer["cards"], *map(draw, found)]}
        case Changed(text=text, undo=command):
            return {**answer, "changes": [*answer["changes"], text], "undo": command}
        case Asked(kind=kind, choices=choices):
            # Each is named once: as a choice.
            return {**answer, "choices": list(choices), "cards": [] if kind == "which" else answer["cards"]}
        case Done():
            return answer


def _message() -> Message:
    return Message(
        key=uuid4().hex[:8], mine=False, text="", changes=[], undo="", cards=[], choices=[], failed=False
    )


def _drawing(now: datetime, zone: ZoneInfo) -> Callable[[TaskDocument], Card]:
    """Makes cards of tasks, as somebody in a zone reads them."""

    def draw(task: TaskDocument) -> Card:
        due, is_done = _due(task), task["status"] == "completed"
        names = [f"#{name}" for name in task["tags"]] + ([f"+{task['project']}"] if task["project"] else [])
        repeats = [task["recurrence"]["text"]] if task["recurrence"] else []
        return Card(
            id=task["id"],
            title=task["title"],
            done=is_done,
            priority=task["priority"] or "none",
            due=due_label(due, now=now, zone=zone) if due else "",
            due_state=due_state(due, now=now, zone=zone) if due and not is_done else "",
            about=" · ".join([*repeats, *names, *(["in the trash"] if task["deleted_at"] else [])]),
        )

    return draw


def _due(task: TaskDocument) -> Due | None:
    due = task["due"]
    if due is None:
        return None
    clock = time.fromisoformat(due["time"]) if due["time"] else None
    return Due(date.fromisoformat(due["date"]), clock, due["timezone"])
