"""Adding tasks: the rest of the line is read as quick add reads it."""

from __future__ import annotations

import re

from todo_app.assistant.interpreter.decision import Act, Cannot, Decision
from todo_app.assistant.interpreter.repeating import ADVERBS, recurrence_text
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule
from todo_app.assistant.interpreter.targets import about
from todo_app.assistant.interpreter.whens import read_when
from todo_app.domain.quick_add import parse

_TO_LIST = re.compile(
    r" (?:to|on|onto|in|into) (?:my|the|our) (?:(?:to-?do|task|tasks|todo) )?(?:list|lists|tasks|todos|to-dos|agenda|inbox)$",
    re.IGNORECASE,
)
_TO_PROJECT = re.compile(
    r" (?:to|in|into|under) (?:the |my )?(?:project \"?(?P<a>[^\"]+?)\"?|(?P<b>[\w-]+(?: [\w-]+)?) project)$",
    re.IGNORECASE,
)
_WITH_PRIORITY = re.compile(
    r"(?:,? (?:with|as|at)(?: an?)?|,) (?P<level>high|medium|low) priority$", re.IGNORECASE
)
# Quick add reads the day alone.
_DUE = re.compile(r",? due(?: on| by)?(?= (?P<when>[^,]+)$)", re.IGNORECASE)
_LEVELS = {"high": "p1", "medium": "p2", "low": "p3"}
_NOT_HERE = re.compile(
    r"(?:a |an |the |new |another )*(?:tag|label|project|filter|user|subtask)s?\b|have (?:\w+ed|paid|bought|sent|written|done|been)\b",
    re.IGNORECASE,
)


def _add(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    line = as_line(_without_due(said["line"], sentence))
    return Act("add_task", {"line": line}) if line and not _NOT_HERE.match(said["line"]) else None


def _without_due(words: str, sentence: Sentence) -> str:
    """``a present for Tom, due July 25``: a word that only says that a date follows."""
    due = _DUE.search(words)
    is_date = due is not None and read_when(due["when"], sentence) is not None
    return words[: due.start()] + words[due.end() :] if due is not None and is_date else words


def as_line(words: str) -> str:
    """A quick-add line: where the words say list, project or priority in full, with the signs for them."""
    line = _TO_LIST.sub("", words).strip(" ,:")
    project = _TO_PROJECT.search(line)
    if project is not None:
        name = project["a"] or project["b"]
        line = f'{line[: project.start()]} +"{name}"' if " " in name else f"{line[: project.start()]} +{name}"
    level = _WITH_PRIORITY.search(line)
    if level is not None:
        line = f"{line[: level.start()]} {_LEVELS[level['level'].lower()]}"
    return _unquoted(line)


def _unquoted(line: str) -> str:
    """Quotes around a title say where it ends; only inside the line are they part of it."""
    inside = line[1:-1]
    if len(line) > 2 and line[0] == line[-1] and line[0] in "\"'" and line[0] not in inside:
        return inside
    return line


def _remind(sentence: Sentence, said: dict[str, str]) -> Decision:
    """A task with a reminder when it is due; on a day alone it rings at nine in the morning."""
    line = as_line(said["line"])
    if said.get("when"):
        line = f"{line} {said['when']}"
    found = parse(line, now=sentence.now, timezone=sentence.zone)
    if found.reminders or found.due is None:
        return Act("add_task", {"line": line})
    if found.due.time is not None:
        return Act("add_task", {"line": f"{line} !0 min before"})
    return Act("add_task", {"line": f"{line} !{found.due.date} 9am"})


def _remind_when(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``remind me tomorrow at 9 to call mum``, ``remind me every monday to …``."""
    words = said["when"]
    is_time = read_when(words, sentence) is not None or words.lower().startswith(("every ", "in "))
    if not is_time:
        return None
    # A time behind what is to be done belongs to the day before it.
    day_first = re.fullmatch(
        r"(?P<line>.+?) (?P<time>at \d{1,2}(?::\d\d)?(?: ?[ap]m)?)", said["line"], re.IGNORECASE
    )
    if day_first is not None:
        return _remind(sentence, {"line": day_first["line"], "when": f"{words} {day_first['time']}"})
    return _remind(sentence, said)


def _on_day(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``put “wash the car” on my list for saturday``."""
    if read_when(said["when"], sentence) is None:
        return None
    when = re.sub(r"^(?:for|on|by|due) ", "", said["when"], flags=re.IGNORECASE)
    return Act("add_task", {"line": f"{as_line(said['line'])} {when}"})


def _repeated(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``add a weekly task to water the plants``, ``every monday i need to …``."""
    phrase = recurrence_text(said["when"], sentence)
    return None if phrase is None else Act("add_task", {"line": f"{as_line(said['line'])} {phrase}"})


def _subtask(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("add_task", {"line": _unquoted(said["line"])}))


def _nothing(sentence: Sentence, said: dict[str, str]) -> Decision:
    return Cannot("What should the task say? For example: “add buy milk tomorrow #home”.")


_VERB = r"(add|create|make|set up|insert|new|put|write down|jot down|note down|note|log|record|capture|start|enter)"
_KIND = r"((a|an|the|another|one|one more|my|this)( new| recurring| repeating| quick)? |new )?(task|todo|to-do|to do|item|reminder|entry)"
_LIST = r"(my|the|our) ((to-?do|to do|task|todo|shopping) )?(list|lists|todos|to-dos|tasks|agenda|inbox)"
_ME_FORGET = r"(don't|do not|never|dont) (let me |make me |i )?forget"

# These begin like negations, and are none.
BEFORE_NEGATIONS: tuple[Rule, ...] = (
    rule(_VERB + " " + _KIND, _nothing),
    rule(r"add|new", _nothing),
    rule(_ME_FORGET + r" (that )?(i (have|need|must) )?(to )?(about )?{line}", _remind),
    rule(r"(remind|tell|ping|nudge|alert) me (to|that) {line}", _remind),
    rule(r"(remind|tell|ping|nudge|alert) me {when} (to|that i (have|need) to|about) {line}", _remind_when),
    rule(r"{when},? (remind|ping|nudge|alert) me (to|that|about) {line}", _remind_when),
    rule(r"(set|add|create)( up)? (a |an )?(reminder|alarm) (to|that i) {line}", _remind),
    rule(r"(add|create|make|put) (a |another |the )?(new )?subtasks? (called |named )?{line} (to|under|for|of|in|on) {task}", _subtask),
    rule(r"(add|create|make|put) {line} as (a )?(new )?subtasks? (of|to|under|for) {task}", _subtask),
    rule(r"(add|create|make|put) {line} under (the )?(task) {task}", _subtask),
    rule(_VERB + " " + _KIND + r"( (to|called|named|titled|saying|that says|about|for|:))?:? {line}", _add),
    rule(r"(add|create|new|insert) ?:? (in|to) my list:? {line}", _add),
    rule(r"(add|put|stick|throw|get|pop|chuck|include) {line} (on|onto|in|into|to) " + _LIST + r",? {when:(for|on|by|due|today|tomorrow|this|next) ?.*}", _on_day),
    rule(r"(i|we) (need|want|would like|'d like) (a |an |another )?(new )?(reminder|alarm|alert) to {line}", _remind),
    rule(r"(i|we) (need|want|would like|'d like) (a |an |another )?(new )?(task|todo|to-do|item|entry) (to|for|called|saying|that says) {line}", _add),
    rule(r"(add|create|make|set up|set|new) (a |an )?(new )?{when:" + "|".join(ADVERBS) + r"} (task|todo|to-do|chore|habit|reminder)( (to|for|called|named)|:) {line}", _repeated),
    rule(r"{when:(every|each) .*?},? (i|we) (need|have|must|should|ought)( to)? {line}", _repeated),
    rule(r"{when},? (i|we) (need to|have to|must|should|ought to|gotta|got to) {line}", _on_day),
    rule(r"(put|write|note|jot|add|enter) {line} (down )?as an?( new)? (task|todo|to-do|item)", _add),
    rule(r"(make|take) (a |an )?(note|reminder) (to|that (i|we) (have to|need to|must|should)) {line}", _add),
    rule(r"(add|put) (this|it|that|the following|to (my|the) (to-?do )?list|one)( to my list| on my list)?: {line}", _add),
    rule(r"(don't|do not) forget:? {line}|remind me: {line2}", lambda sentence, said: _remind(sentence, {"line": said.get("line") or said["line2"]})),
    rule(r"(slot in|book in|squeeze in|block out time (to|for)|find time (to|for)) {line}", _add),
    rule(r"save {line} as an? (new )?(task|todo|to-do)", _add),
    rule(r"(new|next|another|one more)( one| task| thing)?: {line}", _add),
    rule(r"make sure (i|we|to|that i|that we) {line}", _add),
    rule(r"(note|reminder|memo) to (self|myself):? {line}", _add),
    rule(r"(jot|write|note|get|put) (this|it|that) down( for me)?:? {line}", _add),
    rule(r"(pencil in|add in|pop in|jot in) {line}", _add),
    rule(_KIND + r" ?: {line}", _add),
    rule(r"(add|insert|jot down|write down|note down|capture|new):? {line}", _add),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(r"(put|stick|throw|get|pop|chuck) {line} (on|onto|in|into|to) " + _LIST + r"", _add),
    rule(r"(i|we)(( really| also| still| probably)* (have to|need to|must|should|gotta|got to|ought to|have got to)|'ve( really| also| still)? (got to|gotta)) (remember to )?{line}", _add),
    rule(r"(need to|have to|gotta|got to|must|should) (remember to )?{line}", _add),
    rule(r"(create|note|log|record|enter):? {line}", _add),
    rule(r"(todo|to-do|to do|task) {line}", _add),
    rule(r"schedule {line}", _add),
    rule(r"remember (to|that (i|we) (have to|need to|must|should)) {line}", _add),
)  # fmt: skip
