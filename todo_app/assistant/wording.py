"""The sentences with which the assistant asks for a yes and tells what it has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from todo_app.assistant.interpreter import Act
from todo_app.tools.rows import Due

_TITLES_SHOWN = 3
_VERBS = {
    "complete_tasks": ("Complete", "Completed"),
    "reopen_tasks": ("Reopen", "Reopened"),
    "delete_tasks": ("Delete", "Deleted"),
    "restore_tasks": ("Restore", "Restored"),
}


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What is done: before, and after it was done, and what follows the names of the tasks."""

    ask: str
    told: str
    rest: str = ""


def question(act: Act, titles: Sequence[str]) -> str:
    """Whether to do it."""
    phrase = _phrase(act)
    return f"{phrase.ask} {_named(titles)}{phrase.rest}? (yes or no)"


def told(act: Act, titles: Sequence[str]) -> str:
    """That it is done."""
    phrase = _phrase(act)
    return f"{phrase.told} {_named(titles)}{phrase.rest}."


def day_in_words(due: str) -> str:
    """A day, maybe with a time, as ``2026-07-17T15:00``: Friday 17 July, 15:00; other words stay."""
    day, _, clock = due.partition("T")
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return due
    words = f"{found:%A} {found.day} {found:%B}"
    return f"{words}, {clock}" if clock else words


def due_in_words(due: Due) -> str:
    """When a task is due."""
    words = day_in_words(f"{due.date}T{due.time}" if due.time else due.date)
    return f"{words} ({due.timezone})" if due.timezone else words


def _phrase(act: Act) -> _Phrase:
    if act.arguments.get("skip"):
        return _Phrase("Skip", "Skipped")
    if act.tool in _VERBS:
        ask, done = _VERBS[act.tool]
        return _Phrase(ask, done)
    match act.tool:
        case "reschedule_tasks":
            return _moved(act)
        case "set_recurrence":
            return _repeated(act.arguments["text"])
        case "set_reminders":
            return _reminded(act)
        case _:
            return _updated(act) if len(act.arguments) == 1 else _updated_much(act)


def _moved(act: Act) -> _Phrase:
    if "later_by_days" in act.arguments:
        days = act.arguments["later_by_days"]
        return _Phrase("Move", "Moved", f" by {days} {'day' if days == 1 else 'days'}")
    due = act.arguments["due"]
    if due is None:
        return _Phrase("Take the date off", "Took the date off")
    text = str(due)
    return _Phrase("Move", "Moved", f" to {day_in_words(text)}")


def _repeated(text: JsonValue) -> _Phrase:
    if text is None:
        return _Phrase("Stop repeating", "Stopped repeating")
    return _Phrase("Repeat", "Set", f" to repeat {text}")


def _reminded(act: Act) -> _Phrase:
    minutes, at = act.arguments.get("minutes_before"), act.arguments.get("at")
    if isinstance(at, list):
        return _Phrase("Remind of", "I will remind you of", f" on {day_in_words(str(at[0]))}")
    if isinstance(minutes, list) and minutes:
        return _Phrase("Remind of", "I will remind you of", f" {_length(int(str(minutes[0])))} before")
    return _Phrase("Remove the reminders of", "Removed the reminders of")


def _length(minutes: int) -> str:
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes and minutes % size == 0:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{minutes} min"


def _updated(act: Act) -> _Phrase:
    match dict(act.arguments):
        case {"priority": None}:
            return _Phrase("Remove the priority of", "Removed the priority of")
        case {"priority": level}:
            return _Phrase("Give", "Gave", f" {level} priority")
        case {"due": _}:
            return _moved(act)
        case {"add_tags": list(tags)}:
            return _Phrase("Tag", "Tagged", f" with {_tags(tags)}")
        case {"remove_tags": list(tags)}:
            return _Phrase(f"Remove {_tags(tags)} from", f"Removed {_tags(tags)} from")
        case {"project": None}:
            return _Phrase("Take", "Took", " out of the project")
        case {"project": project}:
            return _Phrase("Put", "Put", f" into the project {project}")
        case {"title": title}:
            return _Phrase("Rename", "Renamed", f" to “{title}”")
        case {"note": _}:
            return _Phrase("Add a note to", "Added a note to")
        case _:
            return _Phrase("Change", "Changed")


def _updated_much(act: Act) -> _Phrase:
    values = ", ".join(
        f"{name.replace('_', ' ')}: {value or 'none'}" for name, value in act.arguments.items()
    )
    return _Phrase("Change", "Changed", f" ({values})")


def _tags(names: Sequence[JsonValue]) -> str:
    return ", ".join(f"#{name}" for name in names)


def _named(titles: Sequence[str]) -> str:
    quoted = [f"“{title}”" for title in titles[:_TITLES_SHOWN]]
    more = len(titles) - len(quoted)
    if more:
        return f"{len(titles)} tasks ({', '.join(quoted)} and {more} more)"
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
