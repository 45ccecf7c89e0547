"""Finding the tasks that a sentence means."""

from __future__ import annotations

from uuid import UUID

from todo_app.assistant.interpreter import Among, Card, pick
from todo_app.assistant.interpreter.matching import readings, search_words
from todo_app.tools.catalogue import ToolCaller, call
from todo_app.tools.listing import Rows

_CANDIDATES = 100
_STATUS = {Among.OPEN: "open", Among.COMPLETED: "completed"}


async def named(words: str, among: Among, caller: ToolCaller) -> list[list[Card]]:
    """The tasks that words call, a group for each thing that is named; several in one are ambiguous.

    Nothing when one of the things is no task.
    """
    for parts in readings(words):
        found = [pick(part, await candidates(part, among, caller)) for part in parts]
        if all(found):
            return found
    return []


async def candidates(words: str, among: Among, caller: ToolCaller) -> list[Card]:
    """Tasks that could be called so: those in which all the words begin some word, or all in the trash."""
    if among is Among.TRASH:
        # The search does not look there.
        return cards_of(await call("list_tasks", {"view": "trash", "limit": _CANDIDATES}, caller))
    sought = " ".join(search_words(words))
    if not sought:
        return []
    conditions = {"filter": f'search: "{sought}"', "limit": _CANDIDATES}
    kinds = [_STATUS[among]] if among in _STATUS else ["open", "completed"]
    found: list[Card] = []
    for status in kinds:
        found += cards_of(await call("list_tasks", {**conditions, "status": status}, caller))
    return found


async def passing(query: str, caller: ToolCaller, *, at_most: int) -> list[Card] | None:
    """All tasks that a filter finds; ``None`` when they are more than that."""
    found: list[Card] = []
    cursor: str | None = None
    while len(found) <= at_most:
        asked = {"filter": query, "limit": _CANDIDATES} | ({"cursor": cursor} if cursor else {})
        answer = await call("list_tasks", asked, caller)
        assert isinstance(answer, Rows)  # noqa: S101  # what this tool answers
        found += cards_of(answer)
        cursor = answer.next_cursor
        if cursor is None:
            break
    return found if len(found) <= at_most else None


def cards_of(answer: object) -> list[Card]:
    """The tasks of a list."""
    assert isinstance(answer, Rows)  # noqa: S101  # what the tools that list answer
    return [Card(UUID(row.id), row.title) for row in answer.items]
