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


def _not_done(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``the bike isn't fixed after all``."""
    verbs = base_forms(said["verb"].lower())
    return about(sentence, f"{said['verb']} {said['task']}", _REOPEN) if verbs else None


def _was_done(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``the rent is paid``."""
    task, verb = said.get("task") or said["task2"], said.get("verb") or said["verb2"]
    return _did(sentence, {"task": f"{verb} {task}"}) if len(verb.split()) == 1 else None


_DONE = r"(all done|done|done and dusted|complete|completed|finished|ticked off|checked off|closed|sorted|taken care of|over with)"
_NOT_DONE = r"(not done|undone|not (yet )?(done|complete|completed|finished)|incomplete|uncompleted|unfinished|open|unchecked|unticked|to do|still open|not fixed)"

# These hold a word that is a negation elsewhere, or a verb that moves.
BEFORE_NEGATIONS: tuple[Rule, ...] = (
    rule(r"(put|move|throw) {task} (in|into|to) (the )?(trash|bin)", _delete),
    rule(r"(i|we) (don't|do not|no longer|won't) (need|want)( to)? {task}( any ?more| any longer)?,?( so| and)?( you can)?( please| just)? (delete|remove|cancel|scrap|drop|bin|trash|erase|get rid of) (it|that|this)( please)?", _delete),
    rule(r"(i|we) (don't|do not|no longer) need( to)? {task}( any ?more| any longer)?", _delete),
    rule(r"(never ?mind|forget)( about)? {task},? (just |please )?(delete|remove|cancel|scrap|drop|bin|trash|erase|get rid of) (it|that|this)", _delete),
    rule(r"{task} (is|was|has been|got|'s)( now| been)? (cancell?ed|called off|scrapped|obsolete)", _delete),
    rule(r"{task} (isn't|is not|is no longer|aren't|are no longer) (happening|needed|necessary|required|relevant|on)( any ?more| any longer)?(,? (so )?(please )?(delete|remove|cancel|scrap|drop) (it|that|them))?", _delete),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    rule(r"mark as " + _DONE, lambda sentence, said: about(sentence, "it", _COMPLETE)),
    rule(r"(mark|set|flag|make) {task} (back )?(as )?(to )?" + _NOT_DONE + "( again)?", _to(_REOPEN)),
    rule(r"(reopen|re-open|uncomplete|un-complete|uncheck|un-check|untick|un-tick|unmark|unfinish) {task}", _to(_REOPEN)),
    rule(r"{task} (is|are|was|were|isn't|is not) (actually )?(not (done|finished|complete|completed)|isn't done|undone)( yet| after all)?", _to(_REOPEN)),
    rule(r"(i|we) (marked|ticked|checked|completed|closed|finished) {task} (off )?((as )?(done|complete|completed|finished) )?(by (mistake|accident)|too (early|soon)|accidentally)", _to(_REOPEN)),
    rule(r"{task} (is|are|should be) still (open|to do|undone|unfinished)|{task2} (needs|has) to be (done|redone) again|(redo) {task3}", lambda sentence, said: about(sentence, said.get("task") or said.get("task2") or said["task3"], _REOPEN)),
    rule(r"(put|bring|move|add) {task} back (on|onto|to|in|into) (my|the) ((to-?do|todo|task) )?(list|open tasks|open ones|tasks)", _to(_REOPEN)),
    rule(r"open {task} again|(bring|put|set|move|switch) {task2} back to (open|to-?do|undone|unfinished)", lambda sentence, said: about(sentence, said.get("task") or said["task2"], _REOPEN)),
    rule(r"{task} (isn't|is not|wasn't|was not|aren't|are not) (really |actually )?{verb:\w+(ed|id|nt|ought|t|n)}( yet| after all)", _not_done),
    rule(r"(mark|set|check|tick|cross|flag|get|got|put) {task} (as |to |off as )?" + _DONE, _to(_COMPLETE)),
    rule(r"mark (as )?" + _DONE + r":? {task}", _to(_COMPLETE)),
    rule(r"(count|consider|put|treat) {task} (down )?as (done|finished|complete|completed)|{task2} can be (ticked|checked|crossed) off|{task3} can be (closed|completed|marked (as )?done)", lambda sentence, said: about(sentence, said.get("task") or said.get("task2") or said["task3"], _COMPLETE)),
    rule(r"(check|tick|cross|strike|scratch|knock) {task} off( (my|the) (to-?do )?list)?", _to(_COMPLETE)),
    rule(r"(check off|tick off|cross off|cross out|strike off|strike out|knock off|scratch off|i'm through with|through with|wrapped up|wrap up|handled|sorted|complete:?|finish:?|close|tick|wrap up|done with|done:?|finished( with)?|completed|i('m| am) (done|finished)( with)?|all done with) {task}", _to(_COMPLETE)),
    rule(r"(i|we)('ve| have)? (just |already |finally )?(finished up|finished|completed|done|did|handled|sorted( out)?|ticked off|checked off|crossed off|wrapped up|got done with|got through|finished up with|finished with|dealt with|took care of|taken care of) {task}( already| today)?", _to(_COMPLETE)),
    rule(r"{task} (is|are|has been|have been|was|were|got)( now| all| already| finally)* " + _DONE + "( now| already)?", _to(_COMPLETE)),
    rule(r"(it's|that's|this is) (all )?" + _DONE, lambda sentence, said: about(sentence, "it", _COMPLETE)),
    rule(r"{task}'s (now |all |already )?" + _DONE, _to(_COMPLETE)),
    rule(r"that's (the |my )?{task} " + _DONE, _to(_COMPLETE)),
    rule(r"{task}:? done", _to(_COMPLETE)),
    rule(r"mark {task} as {verb}|{task2} (is|are|has been|have been|was|were|got) (now |already |finally )?{verb2}", _was_done),
    rule(r"that's (the |my )?{task} {verb:\w+}|{task2}'s (now |already |finally )?{verb2:\w+}", _was_done),
    rule(r"(just |already |finally )?did {task}( already| today)?", _to(_COMPLETE)),
    rule(r"(i|we)('ve| have)? (just |already |finally )?{task}( already| today| just now| this morning| yesterday| now| finally| earlier| last night)?", _did),
    rule(r"(just |already |finally )?{task}( already| today| just now| this morning| yesterday| now| finally| earlier| last night)?", _did),
    rule(r"{task} (now |already |finally )?{verb:\w+}", _was_done),
    rule(r"{task} can (go|be (deleted|removed|cancell?ed|dropped))", _delete),
    rule(r"forget about {task}", lambda sentence, said: None if said["task"].lower() in ("it", "that", "this") else _delete(sentence, said)),
    rule(r"take {task} off( of)? (my|the) ((to-?do|todo|task) )?(list|plate)", _delete),
    rule(r"(delete|remove|cancel|erase|trash|bin|discard|scrap|drop|kill|get rid of|throw (away|out)|chuck|ditch|clear( out)?|wipe) {task}", _delete),
    rule(r"(i|we) (deleted|removed|binned|trashed|threw away|threw out) {task} (by (mistake|accident)|accidentally)", _to(_RESTORE)),
    rule(r"(undo|reverse|take back) the (deletion|removal|deleting) of {task}", _to(_RESTORE)),
    rule(r"(restore|undelete|un-bin|untrash|un-delete|recover|bring back|get back|rescue|retrieve) {task}( from (the )?(trash|bin))?", _to(_RESTORE)),
    rule(r"(put|get|bring|move|take|pull|fetch|dig) {task} (back )?(out of|from) (the )?(trash|bin)", _to(_RESTORE)),
    rule(r"(bring|get|give me|i (want|need)|(can|could|may) i have) {task} back( again)?( please)?", _to(_RESTORE)),
)  # fmt: skip
