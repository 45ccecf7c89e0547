"""Completing, reopening, deleting and restoring."""

from __future__ import annotations

import re
from collections.abc import Callable

from todo_app.assistant.interpreter.decision import Act, Among, Decision, Named
from todo_app.assistant.interpreter.matching import base_forms
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule
from todo_app.assistant.interpreter.targets import about

_COMPLETE = Act("complete_tasks")
_REOPEN = Act("reopen_tasks", among=Among.COMPLETED)
_DELETE = Act("delete_tasks")
_RESTORE = Act("restore_tasks", among=Among.TRASH)
_NO_TASKS = re.compile(r"(?:the |my )?(?:trash|bin|account|password|all data)", re.IGNORECASE)


def _to(act: Act) -> Callable[[Sentence, dict[str, str]], Decision | None]:
    return lambda sentence, said: about(sentence, said["task"], act)


def _delete(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    return None if _NO_TASKS.fullmatch(said["task"]) else about(sentence, said["task"], _DELETE)


def _did(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``I called mum``: the task that says so in the present."""
    verb, *rest = said["task"].split()
    if not rest or not base_forms(verb.lower()):
        return None
    shown = about(sentence, " ".join(rest), _COMPLETE)
    is_shown = isinstance(shown, Act) and not isinstance(shown.target, Named)
    return shown if is_shown else Act("complete_tasks", target=Named(said["task"]))


def _was_done(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``the rent is paid``."""
    task, verb = said.get("task") or said["task2"], said.get("verb") or said["verb2"]
    return _did(sentence, {"task": f"{verb} {task}"}) if len(verb.split()) == 1 else None


_DONE = r"(done|complete|completed|finished|ticked off|checked off|closed|sorted|taken care of|over with)"
_NOT_DONE = r"(not done|undone|not (yet )?(done|complete|completed|finished)|incomplete|uncompleted|unfinished|open|unchecked|to do)"

# These hold a word that is a negation elsewhere, or a verb that moves.
BEFORE_NEGATIONS: tuple[Rule, ...] = (
    rule(r"(put|move|throw) {task} (in|into|to) (the )?(trash|bin)", _delete),
    rule(r"(i|we) (don't|do not|no longer) need( to)? {task}( any ?more)?", _delete),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(r"mark as " + _DONE, lambda sentence, said: about(sentence, "it", _COMPLETE)),
    rule(r"(mark|set|flag|make) {task} (back )?(as )?(to )?" + _NOT_DONE + "( again)?", _to(_REOPEN)),
    rule(r"(reopen|re-open|uncomplete|un-complete|uncheck|un-check|untick|un-tick|unmark|unfinish) {task}", _to(_REOPEN)),
    rule(r"{task} (is|are|was|were|isn't|is not) (actually )?(not (done|finished|complete|completed)|isn't done|undone)( yet| after all)?", _to(_REOPEN)),
    rule(r"open {task} again", _to(_REOPEN)),
    rule(r"(mark|set|check|tick|cross|flag|get|got|put) {task} (as |to |off as )?" + _DONE, _to(_COMPLETE)),
    rule(r"mark (as )?" + _DONE + r":? {task}", _to(_COMPLETE)),
    rule(r"(check|tick|cross|strike) {task} off( (my|the) (to-?do )?list)?", _to(_COMPLETE)),
    rule(r"(check off|tick off|cross off|cross out|strike off|complete:?|finish:?|close|tick|wrap up|done with|done:?|finished( with)?|completed|i('m| am) (done|finished)( with)?|all done with) {task}", _to(_COMPLETE)),
    rule(r"(i|we)('ve| have)? (just |already |finally )?(finished|completed|done|did|got done with|finished with|dealt with|took care of|taken care of) {task}( already| today)?", _to(_COMPLETE)),
    rule(r"{task} (is|are|has been|have been|was|were|got)( now| all| already| finally)* " + _DONE + "( now| already)?", _to(_COMPLETE)),
    rule(r"(it's|that's|this is) (all )?" + _DONE, lambda sentence, said: about(sentence, "it", _COMPLETE)),
    rule(r"{task}'s (now |all |already )?" + _DONE, _to(_COMPLETE)),
    rule(r"{task}:? done", _to(_COMPLETE)),
    rule(r"mark {task} as {verb}|{task2} (is|are|has been|have been|was|were|got) (now |already |finally )?{verb2}", _was_done),
    rule(r"(i|we)('ve| have)? (just |already |finally )?{task}", _did),
    rule(r"(just |already |finally )?{task}", _did),
    rule(r"(delete|remove|cancel|erase|trash|bin|discard|scrap|drop|kill|get rid of|throw (away|out)|chuck|ditch|clear( out)?|wipe) {task}", _delete),
    rule(r"(restore|undelete|un-delete|recover|bring back|get back|rescue|retrieve) {task}( from (the )?(trash|bin))?", _to(_RESTORE)),
    rule(r"(put|get|bring|move|take) {task} (back )?(out of|from) (the )?(trash|bin)", _to(_RESTORE)),
    rule(r"(bring|get) {task} back", _to(_RESTORE)),
)  # fmt: skip
