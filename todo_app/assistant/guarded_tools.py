"""The tools as a model may call them: what deletes, or changes many tasks, waits for the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from todo_app.assistant import wording
from todo_app.assistant.finding import passing
from todo_app.assistant.interpreter import Act, Card, Chosen
from todo_app.assistant.policy import MANY, must_ask
from todo_app.assistant.turn import Turn
from todo_app.domain.errors import DomainError, Invalid
from todo_app.services.task_document import documents
from todo_app.services.tasks import SELECTION_MAX
from todo_app.tools.catalogue import call, tool_named
from todo_app.tools.listing import Rows
from todo_app.tools.many_tasks import MANY_TASKS
from todo_app.tools.naming import Edited
from todo_app.tools.one_task import Found, OneTask
from todo_app.tools.tool import Answer, Written

ADDED_MAX = 20
_MANY_TASKS = frozenset(tool.name for tool in MANY_TASKS)
_SELECTING = ("ids", "filter", "confirm", "expected_count")
_ASKED = (
    "Nothing has changed. The person has been asked and answers in their next message; end your turn now."
)


@dataclass(slots=True)
class GuardedTools:
    """The tools of one turn.

    Attributes:
        turn: what is said and remembered.
        changed: the existing tasks that were changed so far.
        touched: tasks to show, the changed ones or else those that were listed last.
    """

    turn: Turn
    changed: set[str] = field(default_factory=set)
    touched: list[Card] = field(default_factory=list)
    added: int = 0
    is_asking: bool = False

    async def call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What a tool answers, as data; a refusal is answered too, so that the model can do better."""
        try:
            return {"data": await self._call(name, dict(arguments))}
        except DomainError as error:
            return {"error": str(error)}

    async def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        if tool_named(name).is_read_only:
            answer = await call(name, arguments, self.turn.caller)
            self._note(answer)
            return answer.document()
        if self.is_asking:
            return _ASKED
        if name in _MANY_TASKS:
            return await self._change_many(name, arguments)
        act = Act(name, arguments)
        if must_ask(act, count=1):
            what = name.removeprefix("edit_")
            return self._ask(act, (), f"Delete the {what} “{arguments.get('name')}”? (yes or no)")
        return await self._change_one(name, arguments)

    async def _change_many(self, name: str, arguments: dict[str, Any]) -> Any:
        cards = await self._chosen(arguments)
        rest = {key: value for key, value in arguments.items() if key not in _SELECTING}
        act = Act(name, rest, Chosen(tuple(card.id for card in cards)))
        after = self.changed | {str(card.id) for card in cards}
        if must_ask(act, count=len(after)):
            return self._ask(act, cards, wording.question(act, [card.title for card in cards]))
        answer = await call(name, {**rest, "ids": [str(card.id) for card in cards]}, self.turn.caller)
        assert isinstance(answer, Written)  # noqa: S101  # what these tools answer
        self.changed = after
        self._tell(name, wording.told(act, [card.title for card in cards]), answer.undo, cards)
        return answer.document()

    async def _change_one(self, name: str, arguments: dict[str, Any]) -> Any:
        if name == "undo" and arguments.get("id") != str(self.turn.memory.undo):
            raise Invalid("id", "Only the last change of this conversation can be undone here.")
        is_new = name == "add_task"
        if is_new and self.added >= ADDED_MAX:
            raise Invalid("title", f"That are {ADDED_MAX} new tasks in one turn. Ask the person to go on.")
        after = self.changed | ({str(arguments["id"])} if "id" in arguments else set())
        if len(after) > MANY:
            raise Invalid("id", f"That are more than {MANY} tasks in one turn. Ask the person to go on.")
        answer = await call(name, arguments, self.turn.caller)
        assert isinstance(answer, Written)  # noqa: S101  # what these tools answer
        self.changed, self.added = after, self.added + is_new
        if isinstance(answer, OneTask):
            card = Card(UUID(answer.task.id), answer.task.title)
            self._tell(name, f"{'Added' if is_new else 'Changed'} “{card.title}”.", answer.undo, [card])
        else:
            text = answer.message if isinstance(answer, Edited) else "Took back the last change."
            self._tell(name, text, answer.undo, [])
        return answer.document()

    async def _chosen(self, arguments: Mapping[str, Any]) -> list[Card]:
        ids, query = arguments.get("ids"), arguments.get("filter")
        if isinstance(query, str) and ids is None:
            found = await passing(query, self.turn.caller, at_most=SELECTION_MAX)
            if not found:
                raise Invalid("filter", f"This finds no task, or more than {SELECTION_MAX}.")
            return found
        if not isinstance(ids, list) or not ids or query is not None:
            raise Invalid("ids", "Name the tasks either by “ids” or by a “filter”.")
        return await self._named(ids)

    async def _named(self, ids: Sequence[object]) -> list[Card]:
        try:
            wanted = list(dict.fromkeys(UUID(str(each)) for each in ids))
        except ValueError:
            raise Invalid("ids", "These are no ids. `list_tasks` and `search_tasks` find them.") from None
        async with self.turn.caller.work.read(self.turn.caller.caller) as uow:
            found = {each["id"]: each["title"] for each in await documents(uow, wanted[:SELECTION_MAX])}
        if len(found) < len(wanted):
            raise Invalid("ids", "Some of these tasks do not exist.")
        return [Card(each, found[str(each)]) for each in wanted]

    def _ask(self, act: Act, cards: Sequence[Card], text: str) -> str:
        self.is_asking = True
        self.touched = list(cards)
        self.turn.ask_first(act, cards, text)
        return _ASKED

    def _tell(self, tool: str, text: str, undo: str | None, cards: Sequence[Card]) -> None:
        if undo is None:
            return
        self.turn.tell(tool, text, undo)
        known = {card.id for card in self.touched} if len(self.changed) + self.added > 1 else set()
        kept = [card for card in self.touched if card.id in known and (str(card.id) in self.changed)]
        self.touched = [*kept, *(card for card in cards if card.id not in {each.id for each in kept})]

    def _note(self, answer: Answer) -> None:
        if self.changed or self.added or self.is_asking:
            return
        if isinstance(answer, Rows):
            self.touched = [Card(UUID(row.id), row.title) for row in answer.items]
        elif isinstance(answer, Found):
            self.touched = [Card(UUID(answer.task.id), answer.task.title)]
