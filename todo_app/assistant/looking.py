"""Answers to questions: lists, one task, how things stand."""

from __future__ import annotations

from uuid import UUID

from todo_app.assistant.finding import cards_of
from todo_app.assistant.interpreter import Act, Card
from todo_app.assistant.turn import CARDS_MAX, Turn
from todo_app.assistant.wording import due_in_words
from todo_app.tools.catalogue import call
from todo_app.tools.listing import Rows
from todo_app.tools.one_task import Found
from todo_app.tools.overview import Overview
from todo_app.tools.projects import Projects
from todo_app.tools.tags import Tags

_FIRST_SHOWN = 5
_NOTHING = {
    "overdue": "Nothing is overdue.",
    "today": "Nothing is due today.",
    "trash": "The trash is empty.",
}


async def list_tasks(turn: Turn, act: Act) -> None:
    """Some tasks."""
    answer = await call(act.tool, {**act.arguments, "limit": CARDS_MAX}, turn.caller)
    cards = cards_of(answer)
    is_more = isinstance(answer, Rows) and answer.next_cursor is not None
    asked = str(act.arguments.get("view") or act.arguments.get("filter", ""))
    if not cards:
        turn.say(_NOTHING.get(asked, "I found no such task."))
    elif is_more:
        turn.say(f"These are the first {len(cards)} tasks:")
    else:
        turn.say(f"{tasks_in_words(len(cards))}:")
    await turn.show(cards)


async def show_overview(turn: Turn) -> None:
    """How things stand, and what comes first."""
    found = await call("overview", {}, turn.caller)
    assert isinstance(found, Overview)  # noqa: S101  # what this tool answers
    turn.say(
        f"You have {tasks_in_words(found.open_tasks)} to do: {found.overdue.count} overdue, "
        f"{found.due_today.count} due today, {found.next_7_days.count} in the next 7 days."
    )
    first = [*found.overdue.items, *found.due_today.items, *found.next_7_days.items][:_FIRST_SHOWN]
    if first:
        turn.say(" These come first:")
    await turn.show([Card(UUID(row.id), row.title) for row in first])


async def list_names(turn: Turn, act: Act) -> None:
    """The tags or the projects."""
    found = await call(act.tool, {}, turn.caller)
    assert isinstance(found, Tags | Projects)  # noqa: S101  # what these tools answer
    sign, what = ("#", "tags") if isinstance(found, Tags) else ("+", "projects")
    names = ", ".join(f"{sign}{row.name} ({row.tasks})" for row in found.items)
    turn.say(f"Your {what}, with their open tasks: {names}." if names else f"You have no {what} yet.")


async def show_task(turn: Turn, card: Card) -> None:
    """One task: when it is due, how it repeats, its subtasks."""
    found = await call("get_task", {"id": str(card.id)}, turn.caller)
    assert isinstance(found, Found)  # noqa: S101  # what this tool answers
    task = found.task
    said = [f"“{task.title}” is {'done' if task.status == 'completed' else _when(found)}."]
    if task.recurrence is not None:
        said.append(f"It repeats {task.recurrence.text}.")
    if found.next_dates:
        said.append(f"After that: {', '.join(due_in_words(due) for due in found.next_dates[:2])}.")
    if found.subtasks:
        said.append(f"Subtasks: {', '.join(each.title for each in found.subtasks)}.")
    turn.say(" ".join(said))
    await turn.show([card])


def tasks_in_words(count: int) -> str:
    """``1 task``, ``2 tasks``."""
    return "1 task" if count == 1 else f"{count} tasks"


def _when(found: Found) -> str:
    return f"due {due_in_words(found.task.due)}" if found.task.due else "not due at any time"
