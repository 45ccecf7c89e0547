"""The sentences under ``tests/cases``, the tasks that they are about, and what becomes of each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_DNS, UUID, uuid5
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from tests.unit.quick_add.case_files import Row
from todo_app.assistant.interpreter import (
    Act,
    Among,
    Cannot,
    Card,
    Chosen,
    Confirm,
    Filtered,
    Memory,
    Named,
    Say,
    Which,
    interpret,
)
from todo_app.assistant.interpreter.matching import groups
from todo_app.assistant.policy import must_ask
from todo_app.domain.quick_add import ReminderBefore, parse
from todo_app.domain.recurrence import format_rules

NOW = datetime.fromisoformat("2026-07-15T10:00:00+02:00")
ZONE = ZoneInfo("Europe/Berlin")

OPEN = (
    "Buy milk", "Call mum", "Call the bank", "Dentist appointment", "Pay rent", "Write report", "Book flights to Lisbon",
    "Water the plants", "Renew passport", "Send invoice to Anna", "Clean the kitchen", "Prepare slides for the meeting",
)  # fmt: skip
COMPLETED = ("Fix the bike",)
TRASH = ("Old newsletter",)
_THERE = {Among.OPEN: OPEN, Among.COMPLETED: COMPLETED, Among.TRASH: TRASH, Among.ANY: (*OPEN, *COMPLETED)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sentence comes to, in the columns of a case file."""

    answer: str
    tool: str = ""
    tasks: tuple[str, ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()


def outcome_of(row: Row) -> Outcome:
    """What becomes of the sentence of a row."""
    memory = memory_of(row["context"])
    decision = interpret(row["utterance"], now=NOW, zone=ZONE, memory=memory)
    if isinstance(decision, Say):
        return Outcome("say")
    if isinstance(decision, Cannot):
        return Outcome("cant")
    tasks, answer = _meant(decision)
    if (
        answer == "do"
        and not decision.confirmed
        and (must_ask(decision, count=len(tasks)) or _is_there_already(decision))
    ):
        answer = "ask"
    shown = tasks if answer in ("do", "ask", "which") else ()
    return Outcome(answer, decision.tool, shown, _comparable(_arguments(decision)))


def expected_of(row: Row) -> Outcome:
    """What is to become of it."""
    tasks = tuple(part.strip() for part in row["tasks"].split("|")) if row["tasks"] else ()
    arguments = json.loads(row["arguments"])
    is_act = row["answer"] not in ("say", "cant")
    return Outcome(row["answer"], row["tool"], tasks, _comparable(arguments) if is_act else ())


def changes(outcome: Outcome) -> bool:
    """Whether something is written without asking first."""
    reading = (
        "get_task",
        "list_tasks",
        "search_tasks",
        "sort_tasks",
        "overview",
        "list_tags",
        "list_projects",
    )
    return outcome.answer == "do" and outcome.tool not in reading


def memory_of(context: str) -> Memory:
    """What was said before, from ``shown: A | B``, ``which: tool {…}; A | B``, ``ask: tool {…}; A`` or ``undo``."""
    kind, _, rest = context.partition(":")
    if kind == "undo":
        return Memory(undo=uuid5(NAMESPACE_DNS, "undo"))
    if not rest:
        return Memory()
    asked, _, titles = rest.rpartition(";")
    shown = tuple(_card(title.strip()) for title in titles.split("|"))
    if kind == "shown":
        return Memory(shown=shown)
    match = re.fullmatch(r"\s*(\w+)\s*(\{.*\})?\s*", asked)
    assert match is not None, context
    act = Act(match[1], json.loads(match[2] or "{}"), Chosen(tuple(card.id for card in shown)))
    return Memory(shown=shown, pending=Which(act, shown) if kind == "which" else Confirm(act, shown))


def _card(title: str) -> Card:
    return Card(uuid5(NAMESPACE_DNS, title), title)


_TITLES: dict[UUID, str] = {_card(title).id: title for title in (*OPEN, *COMPLETED, *TRASH)}


def _is_there_already(act: Act) -> bool:
    title = _arguments(act).get("title") if act.tool == "add_task" else None
    return str(title).casefold() in {each.casefold() for each in OPEN}


def _meant(act: Act) -> tuple[tuple[str, ...], str]:
    match act.target:
        case None:
            return (), "do"
        case Chosen(ids=ids):
            return tuple(_TITLES[each] for each in ids), "do"
        case Filtered(query=query):
            return (f"[{query}]",), "do"
        case Named(words=words):
            found = groups(words, [_card(title) for title in _THERE[act.among]])
            titles = tuple(card.title for group in found for card in group)
            if not found:
                return (), "missing"
            return titles, "do" if all(len(group) == 1 for group in found) else "which"


def _arguments(act: Act) -> dict[str, JsonValue]:
    arguments = dict(act.arguments)
    line = arguments.pop("line", None)
    if line is None:
        return arguments
    said = parse(str(line), now=NOW, timezone=ZONE)
    due = said.due and "T".join(
        part for part in (str(said.due.date), said.due.time and said.due.time.strftime("%H:%M")) if part
    )
    read = {
        "title": said.title,
        "due": due,
        "priority": said.priority,
        "tags": list(said.tags),
        "project": said.project,
        "rule": format_rules(said.recurrence.rules) if said.recurrence else None,
        "reminders": [
            str(each.minutes) if isinstance(each, ReminderBefore) else each.instant.isoformat()
            for each in said.reminders
        ],
    }
    return {name: value for name, value in read.items() if value}


def _comparable(arguments: dict[str, JsonValue]) -> tuple[tuple[str, str], ...]:
    # Capitals make no difference to anybody here.
    return tuple(sorted((name, json.dumps(value).casefold()) for name, value in arguments.items()))
