"""Moving, and changing priority, tags, project, title and description."""

from __future__ import annotations

import re

from todo_app.assistant.interpreter.decision import Act, Cannot, Decision
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule
from todo_app.assistant.interpreter.targets import about
from todo_app.assistant.interpreter.whens import read_when, split_when
from todo_app.domain.quick_add.vocabulary import number

_PRIORITIES: dict[str, str | None] = {
    "high": "high", "highest": "high", "top": "high", "urgent": "high", "important": "high", "critical": "high", "p1": "high",
    "medium": "medium", "normal": "medium", "mid": "medium", "p2": "medium", "low": "low",
    "lowest": "low", "unimportant": "low", "p3": "low", "none": None, "no": None, "p4": None, "nothing": None,
}  # fmt: skip
_NO_DATE = re.compile(
    r"(?:no|without a?|someday|some day|nothing|undated|never)(?: (?:due )?(?:date|deadline))?", re.IGNORECASE
)
_PROJECT = re.compile(
    r"(?:the |my )?(?:project|list) (?P<a>.+)|(?:the |my )?(?P<b>.+) (?:project|list)|\+(?P<c>.+)",
    re.IGNORECASE,
)
_TAGS = re.compile(r", ?(?:and )?| and | & | (?=#)", re.IGNORECASE)


def _move(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """To a day when that is one, else to a project that is called so in as many words."""
    where = said["where"]
    project = _project_in(where)
    if project is not None:
        return about(sentence, said["task"], Act("update_tasks", {"project": project}))
    if _NO_DATE.fullmatch(where):
        return _undated(sentence, said)
    when = read_when(where, sentence)
    if when is None:
        return None
    return about(sentence, said["task"], Act("reschedule_tasks", {"due": when.text}))


def _move_apart(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``reschedule dentist next friday``: what is at the end is the day."""
    apart = split_when(said["task"], sentence)
    if apart is None:
        return Cannot(
            "To which day? Say, for example, “move dentist to friday”. To put it into a project, say “move dentist to project Home”."
        )
    task = re.sub(r" (?:to|till|until|on|for|by)$", "", apart[0])
    return about(sentence, task, Act("reschedule_tasks", {"due": apart[1].text}))


def _move_from(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    return _move(sentence, said) if read_when(said["old"], sentence) is not None else None


def _shift(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """Later by so many days than it is due now."""
    count = number(said["count"].lower())
    if not count:
        return None
    days = count * (7 if said["unit"].lower().startswith("week") else 1)
    return about(sentence, said["task"], Act("reschedule_tasks", {"later_by_days": days}))


def _undated(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("reschedule_tasks", {"due": None}))


def _prioritise(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    words = said.get("level", "high").lower().split()
    level = next((word for word in words if word in _PRIORITIES), "high")
    return about(sentence, said["task"], Act("update_tasks", {"priority": _PRIORITIES[level]}))


def _lower(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("update_tasks", {"priority": "low"}))


def _no_priority(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("update_tasks", {"priority": None}))


def _tag(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    return about(sentence, said["task"], Act("update_tasks", {"add_tags": [*_tags(said["tags"])]}))


def _untag(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    return about(sentence, said["task"], Act("update_tasks", {"remove_tags": [*_tags(said["tags"])]}))


def _tags(words: str) -> list[str]:
    names = (name.strip("#\"', ") for name in _TAGS.split(words))
    return [name for name in names if name]


def _to_project(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    project = _project_in(said["where"])
    if project is None:
        return None
    return about(sentence, said["task"], Act("update_tasks", {"project": project}))


def _project_in(words: str) -> str | None:
    match = _PROJECT.fullmatch(words.strip("\"'"))
    if match is None:
        return None
    name = next(part for part in match.groups() if part)
    return name.strip("+\"' ")


def _no_project(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("update_tasks", {"project": None}))


def _rename(sentence: Sentence, said: dict[str, str]) -> Decision:
    title = said["title"].strip("\"'")
    return about(sentence, said["task"], Act("update_task", {"title": title}))


def _note(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("update_task", {"note": said["text"].strip("\"'")}))


_LEVEL = "((very|really|super|top|a|priority) )*(" + "|".join(_PRIORITIES) + ")( priority| prio)?"
_MOVE = r"(move|reschedule|postpone|push( back)?|shift|delay|defer|snooze|bump|put off|bring forward|carry over|change|set|make|re-schedule)"
_TO = r"(to|till|until|for|on|onto|into|in)"

# "add" here adds to a task, and does not add one.
BEFORE_ADDING: tuple[Rule, ...] = (
    rule(r"(add|attach|put|append) (a |the |this )?(note|comment|description) (to|on|for|in) {task}: ?{text}", _note),
    rule(r"(note|comment) (on|for|to) {task}: ?{text}", _note),
    rule(r"(add|put|attach|set|apply) (the )?(tags?|labels?) {tags} (to|on|for|onto) {task}", _tag),
    rule(r"(add|put|attach) {tags:#.*?} (to|on|onto) {task}", _tag),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(r"(rename|retitle|re-title) {task} (to|as|into) {title}", _rename),
    rule(r"change (the )?(title|name|wording) of {task} to {title}", _rename),
    rule(r"(set|change|raise|lower|drop|increase|bump up|bump) (the )?(priority|prio) (of|for|on) {task} to {level:" + _LEVEL + "}", _prioritise),
    rule(r"(remove|clear|drop|delete) (the )?(priority|prio) (of|from|for|on) {task}", _no_priority),
    rule(r"(remove|clear) {task}'s priority", _no_priority),
    rule(r"(prioriti[sz]e|(raise|increase) (the )?priority (of|for|on)) {task}", _prioritise),
    rule(r"(deprioriti[sz]e|de-prioriti[sz]e|lower the priority (of|for|on)) {task}", _lower),
    rule(r"(set|make|mark|flag|change|give|put) {task} (as |to |an? |at |with )*{level:" + _LEVEL + "}", _prioritise),
    rule(r"{task} (is|are|should be|has|gets) (an? |now )*{level:" + _LEVEL + "}", _prioritise),
    rule(r"(remove|clear|delete|drop|unset|take away) (the )?(due date|date|deadline|due|due time) (of|from|for|on|off) {task}", _undated),
    rule(r"(make|set) {task} (to )?(undated|unscheduled|no (due )?date|someday)", _undated),
    rule(r"(unschedule|undate) {task}", _undated),
    rule(r"(set|change|move) (the )?(due date|date|deadline|due|time|day) (of|for|on) {task} (to|on|for) {where}", _move),
    rule(r"(set|make) {task} (to be )?due( (to|on|by|for|at))? {where}", _move),
    rule(r"{task} (is|are|should be|must be) (now )?due( (on|by|at))? {where}", _move),
    rule(r"(tag|label) {task} (with|as|by) {tags}", _tag),
    rule(r"(tag|label) {task} {tags:#.*}", _tag),
    rule(r"(remove|delete|take|drop|clear) (the )?(tags?|labels?) {tags} (from|off|of) {task}", _untag),
    rule(r"(remove|take|drop|delete) {tags:#.*?} (from|off|off of) {task}", _untag),
    rule(r"(untag|unlabel) {task} (from|as|with) {tags}", _untag),
    rule(r"(remove|take|drop) {task} (from|out of|off) (its|the|their|any) project", _no_project),
    rule(r"(remove|clear) the project (of|from|for) {task}", _no_project),
    rule(r"(move|put|send) {task} (in|into|to|under) (the |my )?inbox", _no_project),
    rule(r"(move|put|assign|file|place|add) {task} (in|into|to|under) {where}", _to_project),
    rule(_MOVE + r" {task} from {old} to {where}", _move_from),
    rule(_MOVE + r" {task} by {count:\d+|an?|one|two|three|four} {unit:days?|weeks?}", _shift),
    rule(_MOVE + r" {task} " + _TO + r" {where}", _move),
    rule(r"(schedule|plan) {task} (for|on|to) {where}", _move),
    rule(r"(move|reschedule|postpone|push( back)?|shift|delay|defer|snooze|bump|put off|re-schedule) {task}", _move_apart),
)  # fmt: skip
