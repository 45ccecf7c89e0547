"""What a turn changes: the tasks that are meant, asking first where that is due, and the call of the tool."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from pydantic import JsonValue

from todo_app.assistant import wording
from todo_app.assistant.finding import candidates, named, passing
from todo_app.assistant.interpreter import Act, Among, Card, Chosen, Filtered, Named
from todo_app.assistant.looking import tasks_in_words
from todo_app.assistant.policy import MANY, must_ask
from todo_app.assistant.turn import Turn
from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add import parse
from todo_app.domain.text import fold
from todo_app.services.tasks import SELECTION_MAX
from todo_app.tools.catalogue import call
from todo_app.tools.many_tasks import Many
from todo_app.tools.naming import Edited
from todo_app.tools.one_task import Found, OneTask
from todo_app.tools.taking_back import Undone

_CLOCK = re.compile(r"\d\d:\d\d")
_COUNT = re.compile(r"expected_count: (\d+)")
_ONE_BY_ONE = ("update_task", "set_reminders", "set_recurrence")
_WHERE = {Among.COMPLETED: "completed task", Among.TRASH: "task in the trash"}


async def meant(turn: Turn, act: Act) -> list[Card] | None:
    """The tasks that an act is about; ``None`` when the turn has said instead why it can't tell."""
    match act.target:
        case Chosen(ids=ids):
            titles = turn.titles()
            return [Card(each, titles.get(each, "a task")) for each in ids]
        case Filtered():
            return await _found_by(turn, act, act.target)
        case Named(words=words):
            return await _called(turn, act, words)
        case None:
            return []


async def _called(turn: Turn, act: Act, words: str) -> list[Card] | None:
    groups = await named(words, act.among, turn.caller)
    unclear = next((group for group in groups if len(group) > 1), None)
    if not groups:
        turn.say(f"I found no {_WHERE.get(act.among, 'task')} called “{words}”.")
        return None
    if unclear is not None:
        await turn.ask_which(act, unclear)
        return None
    return [group[0] for group in groups]


async def _found_by(turn: Turn, act: Act, target: Filtered) -> list[Card] | None:
    query = target.query
    if act.among is Among.COMPLETED and "completed" not in query:
        query = f"completed & {query}"
    cards = await passing(query, turn.caller, at_most=SELECTION_MAX)
    if cards is None:
        turn.say(f"Those are more than {SELECTION_MAX} tasks; I change at most so many at once.")
    elif not cards:
        turn.say("I found no such task.")
    return cards or None


async def change(turn: Turn, act: Act) -> None:
    """Change tasks, after a question where one is due."""
    cards = await meant(turn, act)
    if cards is None:
        return
    if must_ask(act, count=len(cards)) and not act.confirmed:
        settled = replace(act, target=Chosen(tuple(card.id for card in cards)))
        turn.ask_first(settled, cards, wording.question(act, [card.title for card in cards]))
        return
    undo = await _call_for(turn, act, cards)
    if undo is None:
        turn.say("That is so already: nothing has changed.")
    else:
        turn.tell(act.tool, wording.told(act, [card.title for card in cards]), undo)
    await turn.show(cards)


async def _call_for(turn: Turn, act: Act, cards: Sequence[Card]) -> str | None:
    """Call the tool for all the tasks; what takes it back, ``None`` when nothing was to change."""
    if act.tool in _ONE_BY_ONE or "later_by_days" in act.arguments or _is_time(act):
        undos = [await _call_for_one(turn, act, card) for card in cards]
        return next((undo for undo in undos if undo is not None), None)
    arguments: dict[str, JsonValue] = {**act.arguments, "ids": [str(card.id) for card in cards]}
    if len(cards) > MANY:
        arguments |= {"confirm": True, "expected_count": len(cards)}
    answer = await call(act.tool, arguments, turn.caller)
    assert isinstance(answer, Many)  # noqa: S101  # what these tools answer
    return answer.undo


async def _call_for_one(turn: Turn, act: Act, card: Card) -> str | None:
    if act.tool == "reschedule_tasks":
        due = await _due_of(turn, act, card)
        answer = await call(act.tool, {"ids": [str(card.id)], "due": due}, turn.caller)
        assert isinstance(answer, Many)  # noqa: S101  # what this tool answers
        return answer.undo
    one = await call(act.tool, {"id": str(card.id), **await _fields(turn, act, card)}, turn.caller)
    assert isinstance(one, OneTask)  # noqa: S101  # what these tools answer
    return one.undo


async def _fields(turn: Turn, act: Act, card: Card) -> dict[str, JsonValue]:
    match dict(act.arguments):
        case {"text": text}:
            return {"recurrence": text}
        case {"minutes_before": list(minutes)}:
            return {"reminders": [{"minutes_before": each} for each in minutes]}
        case {"at": list(moments)}:
            return {"reminders": [str(each).replace("T", " ") for each in moments]}
        case {"note": note}:
            found = await _read(turn, card)
            if found.task.description_continues_at is not None:
                raise Invalid("description", "This task's description is too long for me to add to.")
            return {"description": f"{found.task.description}\n\n{note}".strip()}
        case fields:
            return fields


def _is_time(act: Act) -> bool:
    due = act.arguments.get("due")
    return act.tool == "reschedule_tasks" and isinstance(due, str) and bool(_CLOCK.fullmatch(due))


async def _due_of(turn: Turn, act: Act, card: Card) -> str:
    """The new due date of a task that keeps its day, or moves on from it."""
    due = (await _read(turn, card)).task.due
    if "later_by_days" in act.arguments:
        if due is None:
            raise Invalid("due", f"“{card.title}” has no date. Say to which day: “move it to friday”.")
        day = date.fromisoformat(due.date) + timedelta(days=int(str(act.arguments["later_by_days"])))
        return f"{day}T{due.time}" if due.time else str(day)
    day = date.fromisoformat(due.date) if due else turn.now.astimezone(turn.zone).date()
    return f"{day}T{act.arguments['due']}"


async def _read(turn: Turn, card: Card) -> Found:
    found = await call("get_task", {"id": str(card.id)}, turn.caller)
    assert isinstance(found, Found)  # noqa: S101  # what this tool answers
    return found


async def add(turn: Turn, act: Act) -> None:
    """Add a task, or a subtask; one that is there already after a question."""
    line = str(act.arguments["line"])
    there = None if act.confirmed or act.target else await _already(turn, line)
    if there is not None:
        turn.ask_first(act, [there], f"You have “{there.title}” already. Add another one? (yes or no)")
        return
    parents = await meant(turn, act)
    if parents is None:
        return
    if len(parents) > 1:
        turn.say("A subtask belongs to one task. Name just one, please.")
        return
    below: dict[str, JsonValue] = {"parent_id": str(parents[0].id)} if parents else {}
    answer = await call("add_task", {"line": line, **below}, turn.caller)
    assert isinstance(answer, OneTask)  # noqa: S101  # what this tool answers
    to = f" to “{parents[0].title}”" if parents else ""
    due = f", due {wording.due_in_words(answer.task.due)}" if answer.task.due else ""
    repeats = f", repeating {answer.task.recurrence.text}" if answer.task.recurrence else ""
    turn.tell("add_task", f"Added “{answer.task.title}”{to}{due}{repeats}.", answer.undo)
    await turn.show([Card(UUID(answer.task.id), answer.task.title)])


async def _already(turn: Turn, line: str) -> Card | None:
    title = fold(parse(line, now=turn.now, timezone=turn.zone).title)
    found = await candidates(title, Among.OPEN, turn.caller)
    return next((card for card in found if fold(card.title) == title), None)


async def edit_name(turn: Turn, act: Act) -> None:
    """Make, rename or delete a tag or project."""
    if must_ask(act, count=1) and not act.confirmed:
        what = act.tool.removeprefix("edit_")
        turn.ask_first(act, (), f"Delete the {what} “{act.arguments['name']}”? (yes or no)")
        return
    answer = await call(act.tool, act.arguments, turn.caller)
    assert isinstance(answer, Edited)  # noqa: S101  # what these tools answer
    if answer.dry_run and (counted := _COUNT.search(answer.message)):
        confirmed = {**act.arguments, "confirm": True, "expected_count": int(counted[1])}
        answer = await call(act.tool, confirmed, turn.caller)
        assert isinstance(answer, Edited)  # noqa: S101  # what these tools answer
    turn.tell(act.tool, answer.message, answer.undo)


async def undo(turn: Turn) -> None:
    """Take back what this conversation changed last."""
    answer = await call("undo", {"id": str(turn.memory.undo)}, turn.caller)
    assert isinstance(answer, Undone)  # noqa: S101  # what this tool answers
    turn.tell(
        "undo", f"Done: took back {tasks_in_words(answer.undone).replace('task', 'change')}.", answer.undo
    )
