"""Moving, and changing priority, tags, project, title and description."""

from __future__ import annotations

import re

from todo_app.assistant.interpreter.decision import Act, Cannot, Decision, Filtered
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule
from todo_app.assistant.interpreter.targets import about, named_only, read_target
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
_ANY_LIST = re.compile(r"(?:my|the|our|a|to-?do|to do|task)+", re.IGNORECASE)
_THE = re.compile(r"(?:the|my|it|that|this)\b", re.IGNORECASE)
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


def _to_day(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    return _move(sentence, said) if read_when(said["where"], sentence) is not None else None


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
    if read_when(said["old"], sentence) is None:
        return None
    # Of many tasks, those of that day are meant.
    all_of_day = f"{said['task']} due {said['old']}"
    is_many = isinstance(read_target(said["task"], sentence), Filtered)
    return _move(sentence, {**said, "task": all_of_day} if is_many else said)


def _make_apart(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``make the dentist 4pm``, and not ``make dinner tomorrow``: what is already there."""
    apart = split_when(said["task"], sentence)
    return None if apart is None or not _THE.match(apart[0]) else _move_apart(sentence, said)


def _move_instead(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``do the slides tomorrow instead``."""
    apart = split_when(said["task"], sentence)
    return None if apart is None else _move_apart(sentence, said)


def _file(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    if said["name"].startswith("#"):
        return _tag(sentence, {"task": said["task"], "tags": said["name"]})
    name = said["name"].strip("+\"' ")
    return about(sentence, said["task"], Act("update_tasks", {"project": _project_in(name) or name}))


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


def _weigh(sentence: Sentence, said: dict[str, str]) -> Decision:
    level = "low" if said["how"].lower() == "less" else "high"
    return about(sentence, said["task"], Act("update_tasks", {"priority": level}))


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
    return None if _ANY_LIST.fullmatch(name) else name.strip("+\"' ")


def _no_project(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("update_tasks", {"project": None}))


def _rename(sentence: Sentence, said: dict[str, str]) -> Decision:
    title = said["title"].strip("\"'")
    return about(sentence, said["task"], Act("update_task", {"title": title}))


def _note(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    if said["task"].lower() in ("self", "myself"):
        return None
    return about(sentence, said["task"], Act("update_task", {"note": said["text"].strip("\"'")}))


_LEVEL = "((very|really|super|top|a|priority) )*(" + "|".join(_PRIORITIES) + ")( priority| prio)?"
_MOVE = r"(move|reschedule|postpone|push( back)?|shift|slide|nudge|kick|shove|slip|delay|defer|snooze|bump|put off|bring forward|carry over|change|set|make|re-schedule)"
_TO = r"(to|till|until|for|on|onto|into|in)"

# "add" here adds to a task, and does not add one.
BEFORE_ADDING: tuple[Rule, ...] = (
    rule(r"(add|attach|put|append) (a |the |this )?(note|comment|description) (to|on|for|in) {task}: ?{text}", _note),
    rule(r"(note|comment) (on|for|to) {task}: ?{text}", _note),
    rule(r"(add|put|attach|set|apply) (the )?(tags?|labels?) {tags} (to|on|for|onto) {task}", _tag),
    rule(r"(add|put|attach|stick|slap|apply) {tags:#.*?} (to|on|onto) {task}", _tag),
    rule(r"(add|put|attach|stick|slap|apply) (the |a |an )?{tags:\S+} (tag|label) (to|on|onto) {task}", _tag),
    rule(r"(give|let) {task} (have )?(the |a )?(tags?|labels?) {tags}", _tag),
    rule(r"give {task} (the |an? ){tags:\S+} (tag|label)", _tag),
    rule(r"{task} (should have|needs|gets|should get) (the |a )?(tags?|labels?) {tags}", _tag),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(r"(rename|retitle|re-title|reword|relabel) {task} (to|as|into) {title}", _rename),
    rule(r"(rename|retitle|call|change|edit|update) {task:[\"'].+?[\"']} (to |to say |into |as )?{title:[\"'].+?[\"']}", _rename),
    rule(r"(change|edit|update) {task} (to say|to read|so (that )?it (says|reads)) {title}", _rename),
    rule(r"{task} should (say|read) {title}", _rename),
    rule(r"{task} should (be|read|say) ?(called|named|renamed to|renamed|titled)? {title:[\"'].+[\"']}|{task2} should be (called|named|renamed to|titled) {title2}", lambda sentence, said: _rename(sentence, {"task": said.get("task") or said["task2"], "title": said.get("title") or said["title2"]})),
    rule(r"(change|edit|update|set) (the )?(title|name|wording) (of|for|on) {task} to {title}", _rename),
    rule(r"(set|change|raise|lower|drop|increase|reduce|decrease|bring|turn|bump up|bump)( up| down)? (the )?(priority|prio) (of|for|on) {task}( up| down)? to {level:" + _LEVEL + "}", _prioritise),
    rule(r"(remove|clear|drop|delete|take|unset|reset) (the )?(priority|prio) (of|from|for|on|off) {task}|no (more )?(priority|prio) (for|on) {task2}", lambda sentence, said: _no_priority(sentence, {"task": said.get("task") or said["task2"]})),
    rule(r"(raise|lower|drop|bump|increase|reduce|downgrade|upgrade|demote|promote) {task} (up |down |back )*(to|as) (an? )?{level:" + _LEVEL + "}", _prioritise),
    rule(r"(move|push|bring|turn) {task} (up |down |back )*to (an? )?{level:((very|super|top) )?(high|medium|low|top|normal) (priority|prio)|p[1-4]}", _prioritise),
    rule(r"(remove|clear) {task}'s priority", _no_priority),
    rule(r"(prioriti[sz]e|(raise|increase|bump|bump up|up) (the )?(priority|prio) (of|for|on)) {task}", _prioritise),
    rule(r"(deprioriti[sz]e|de-prioriti[sz]e|(lower|reduce|decrease|drop) the (priority|prio) (of|for|on)) {task}", _lower),
    rule(r"make {task} {how:more|less} (important|urgent)", _weigh),
    rule(r"(set|make|mark|flag|change|give|put) {task} (as |to |an? |at |with |my |the )*{level:" + _LEVEL + "}", _prioritise),
    rule(r"(i|we) (want|need|would like|'d like) {task} (to be |as )(an? |at |my )*{level:" + _LEVEL + "}", _prioritise),
    rule(r"(treat|regard|count) {task} as (an? )?{level:" + _LEVEL + "}", _prioritise),
    rule(r"(change|update|set|make) {task}'s (priority|prio) (to )?{level:" + _LEVEL + "}", _prioritise),
    rule(r"{task} (is|are|should be|has|gets|needs to be|has to be|must be|should have|should get) (an? |now |my |the )*{level:" + _LEVEL + "}", _prioritise),
    rule(r"(remove|clear|delete|drop|unset|take away|take|strip|erase|lose) (the )?(due date|date|deadline|due|due time) (of|from|for|on|off) {task}", _undated),
    rule(r"(make|set) {task} (to )?(undated|unscheduled|no (due )?date|someday)", _undated),
    rule(r"(unschedule|undate) {task}|no (more )?(due )?(date|deadline) (for|on) {task2}", lambda sentence, said: _undated(sentence, {"task": said.get("task") or said["task2"]})),
    rule(r"{task} (has|needs|should have) no (due date|date|deadline)( any ?more)?", _undated),
    rule(r"(set|change|move) (the )?(due date|date|deadline|due|time|day) (of|for|on) {task} (to|on|for) {where}", _move),
    rule(r"(set|change|move|make|update) {task}'s (due date|date|deadline|due|time|day) (to|on|for) {where}", _move),
    rule(r"(the )?(due date|deadline|date) (of|for) {task} (is|should be|must be) (now )?(on )?{where}", _move),
    rule(r"give {task} (a |the )?(due date|deadline|date) (of|on) {where}", _move),
    rule(r"(can|could) {task} be (moved to |done |on )?{where}( instead)?", _to_day),
    rule(r"(i|we) (want|need|would like|'d like) {task} (moved|pushed|postponed|rescheduled|shifted|put off|done|due)( back)? (to|until|till|on|by|for) {where}", _move),
    rule(r"(set|make) {task} (to be )?due( (to|on|by|for|at))? {where}", _move),
    rule(r"{task} (is|are|should be|must be) (now )?due( (on|by|at))? {where}", _move),
    rule(r"{task} (got|was|has been|is being|had to be|needs to be|should be|has to be|must be) (moved|pushed|postponed|rescheduled|shifted|delayed|put off|brought forward)( back| forward)? (to|until|till|for) {where}", _move),
    rule(r"{task} is now (on |at )?{where}", _move),
    rule(r"(mark|categori[sz]e|file) {task} (with|as|under|by) (the (tag|label) )?{tags:#.*}", _tag),
    rule(r"(tag|label|categori[sz]e) {task} (with|as|by) {tags}", _tag),
    rule(r"(tag|label) {task} {tags:#.*}", _tag),
    rule(r"(remove|delete|take|drop|clear) (the )?(tags?|labels?) {tags} (from|off|of) {task}", _untag),
    rule(r"(remove|take|drop|delete) {tags:#.*?} (from|off|off of) {task}", _untag),
    rule(r"(remove|take|drop|delete|strip|clear|lose) (the |my )?{tags:\S+} (tag|label) (from|off of|off|of) {task}", _untag),
    rule(r"(untag|unlabel) {task} (from|as|with) {tags}", _untag),
    rule(r"(remove|take|drop|pull|get) {task} (from|out of|off) ((its|the|their|any) project|(the |my )?{old:\S+} project)", _no_project),
    rule(r"(remove|clear) the project (of|from|for) {task}", _no_project),
    rule(r"(move|put|send) {task} (in|into|to|under) (the |my )?inbox", _no_project),
    rule(r"(move|put|assign|file|place|add) {task} (in|into|to|under) {where}", _to_project),
    rule(r"file {task} (under|in|into|away under) {name}", _file),
    rule(_MOVE + r" {task} from {old} to {where}", _move_from),
    rule(_MOVE + r" {task}( back| out| off| forward)? by {count:\d+|an?|one|two|three|four|five|six|seven} {unit:days?|weeks?}", _shift),
    rule(r"(move|push|postpone|delay|shift|put off|bump|defer|snooze) {task} (back |out |off |another |for |by )*{count:\d+|an?|one|two|three|four|five|six|seven} (more )?{unit:days?|weeks?}( later| back)?", _shift),
    rule(r"(bring|pull|move|push|put|shift|bump|carry|drag|kick) {task} (forward|back|up|out|off|ahead|over|along) " + _TO + r" {where}", _move),
    rule(_MOVE + r" {task} " + _TO + r" {where}", _move),
    rule(r"{task} can wait (to|till|until|for) {where}", _to_day),
    rule(r"{task} (belongs|goes|should be|should go) (to|in|into|under) {where}", _to_project),
    rule(r"(chuck|stick|throw|pop|shift|drop|transfer|bring|get|push|add) {task} (over )?(to|in|into|under) {where}", _to_project),
    rule(r"(set|change) ((the )?project (of|for|on) {task}|{task2}'s project) to {name}", lambda sentence, said: _file(sentence, {"task": said.get("task") or said["task2"], "name": said["name"]})),
    rule(r"(bring|pull|get|put|drag|carry|take) {task} (forward |in |over )?(to|onto|on) {where}", _to_day),
    rule(r"(schedule|plan) {task} (for|on|to) {where}", _move),
    rule(r"(make|set) {task}", _make_apart),
    rule(r"((can|could|should) (we|i) )?(do|have|tackle|handle|make|move|start) {task} instead", _move_instead),
    rule(r"(move|reschedule|postpone|push( back)?|shift|delay|defer|snooze|bump|put off|re-schedule) {task}", _move_apart),
)  # fmt: skip

# The name of a task and what it is to be, and nothing else.
BARE: tuple[Rule, ...] = (
    rule(r"{task},? {level:(high|medium|low|top) (priority|prio)|p[1-4]}", named_only(_prioritise)),
    rule(r"{level:(high|medium|low|top) (priority|prio)|p[1-4]} (for|on) {task}", named_only(_prioritise)),
    rule(r"{task},? (to|until|till) {where}", named_only(_to_day)),
)  # fmt: skip
