"""Questions: lists, searches, one task, an overview."""

from __future__ import annotations

import re

from todo_app.assistant.interpreter.decision import Act, Among, Decision
from todo_app.assistant.interpreter.sentence import Rule, Sentence, rule
from todo_app.assistant.interpreter.spans import Found, sift
from todo_app.assistant.interpreter.targets import about

_SORTS = {
    "due": "due", "due date": "due", "date": "due", "deadline": "due", "priority": "priority", "importance": "priority",
    "title": "title", "name": "title", "alphabetically": "title", "alphabet": "title", "created": "created", "age": "created",
    "creation date": "created", "newest": "created", "oldest": "created",
}  # fmt: skip
_ABOUT_TASKS = re.compile(
    r"\b(?:tasks?|to-?dos?|to do|list|everything|all|anything|any|due|items?|agenda|schedule|plate|left)\b",
    re.IGNORECASE,
)
_VIEWS = {"trash": "trash", "bin": "trash", "deleted": "trash", "inbox": "inbox", "upcoming": "upcoming"}


def _overview(sentence: Sentence, said: dict[str, str]) -> Decision:
    return Act("overview")


def _list(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    words = said.get("rest", sentence.text)
    found = sift(words, sentence)
    if not found.left and not found.conditions and not _ABOUT_TASKS.search(words):
        return None
    return _listed(found)


def _bare(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``next week``, ``#work tomorrow``."""
    found = sift(said["words"], sentence)
    return _listed(found) if found.conditions and found.conditions != ("completed",) else None


def _show(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """What is shown by conditions is listed; what else is named is searched for."""
    found = sift(said["rest"], sentence)
    if _listed(found) is not None:
        return _listed(found)
    if not found.conditions:
        return _search(sentence, said)
    return None


def _listed(found: Found) -> Decision | None:
    if len(found.left) == 1 and found.left[0].lower().strip(",") in _VIEWS and not found.conditions:
        return Act("list_tasks", {"view": _VIEWS[found.left[0].lower().strip(",")]})
    if found.left:
        return None
    view = {(): "all", ("today",): "today", ("completed",): "completed"}.get(found.conditions)
    return Act("list_tasks", {"view": view} if view else {"filter": found.query})


def _search(sentence: Sentence, said: dict[str, str]) -> Decision:
    return Act("search_tasks", {"query": _plain(said["rest"])})


def _plain(words: str) -> str:
    words = re.sub(
        r"^(?:(?:for|about|the|my|a|an|any|all|tasks?|notes?|anything|with|on|in|like) )+",
        "",
        words,
        flags=re.IGNORECASE,
    )
    words = re.sub(r" (?:tasks?|todos?)$", "", words, flags=re.IGNORECASE)
    return words.strip("\"' ")


def _sort(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    order = _SORTS.get(said["order"].lower())
    if order is None:
        return None
    found = sift(said.get("rest", ""), sentence)
    if found.left:
        return None
    return Act("sort_tasks", {"by": order} | ({"filter": found.query} if found.query else {}))


def _one(sentence: Sentence, said: dict[str, str]) -> Decision:
    return about(sentence, said["task"], Act("get_task", among=Among.ANY))


def _tool(name: str) -> Rule:
    what = name.removeprefix("list_")
    decide = Act(name)
    return rule(
        rf"((show|list|see|display|get|give me)( me)?( all)?( of)?( my| the)? {what}|(what|which) {what}( do i have| are there| have i( got)?| exist)?|what are my {what}|my {what}|{what})",
        lambda sentence, said: decide,
    )


def _found(sentence: Sentence, said: dict[str, str]) -> Decision:
    words = said.get("rest") or said["rest2"]
    found = sift(words, sentence)
    listed = _listed(found) if found.conditions else None
    return listed or _search(sentence, {"rest": words})


def _asked_for(sentence: Sentence, said: dict[str, str]) -> Decision:
    words = said.get("rest") or said["rest2"]
    words = re.sub(
        r"^(?:that|the|my) (?:task|todo|one) (?:about|for|with|called) ", "", words, flags=re.IGNORECASE
    )
    return _found(sentence, {"rest": words})


def _done_yet(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    if said.get("task") is None:
        found = sift(sentence.text, sentence)
        if not found.left:
            return _listed(found)
    words = re.sub(r" (?:yet|already)$", "", said.get("task") or said["task2"], flags=re.IGNORECASE)
    return about(sentence, words, Act("get_task", among=Among.ANY))


_SHOWING = r"((show|list|display|see|view|find|filter|pull up|bring up)( me)?|(give|get) me)( just| only)?"

RULES: tuple[Rule, ...] = (
    rule(r"(plan|organi[sz]e|help me plan|review) (my|the) (day|week|morning|today)|plan (today|this week)", _overview),
    rule(r"(give me )?(an? |the |my )?(overview|summary|status|weekly review|daily review|briefing|stats)( of (my|the) (tasks|day|week|list))?", _overview),
    rule(r"how('s| is| does) my (day|week|list|plan)( look(ing)?)?( like)?( today)?|what('s| is| does) my (day|week) (look )?like|how busy am i( today)?", _overview),
    rule(r"what (should|shall|can|must) i (do|work on|start with|tackle|focus on)( first| next| now| today)*", _overview),
    rule(r"how (many|much)( open| unfinished)?( tasks| todos| to-dos| things| work| stuff)?( (do i|i) (still )?have( left| open| to do)*| are (there|left|open|still open)| left| open| remaining)*( in total)?", _overview),
    _tool("list_tags"),
    _tool("list_projects"),
    rule(r"(sort|order|rank|arrange)( all)?( of)?( my| the)?( {rest})? by {order}", _sort),
    rule(r"(sort|order) (my )?(tasks )?{order}", _sort),
    rule(_SHOWING + r" subtasks (of|for|under) {task}", _one),
    rule(r"(show|give|tell)( me)? (the )?(details|subtasks|reminders|description|notes?) (of|for|about|on|to) {task}|(details|info) (of|for|on|about) {task2}", lambda sentence, said: _one(sentence, {"task": said.get("task") or said["task2"]})),
    rule(r"tell me (more )?about {task}|open( up)?( task)? {task2}", lambda sentence, said: _one(sentence, {"task": said.get("task") or said["task2"]})),
    rule(r"(when|what day|what time|what date)( is|'s| are| was| will|do i have to do|does) {task} (due|next|repeat|happen|coming up|scheduled)( next| again| for| be due)?", _one),
    rule(r"when (is|are) the next {task}|when (do|should|must|will) i (have to |need to )?{task2}( next| again)?|when's {task3}", lambda sentence, said: _one(sentence, {"task": re.sub(r" (?:next|again|due)$", "", said.get("task") or said.get("task2") or said["task3"])})),
    rule(r"when (is|are) {task}", _one),
    rule(r"how often (do|does|should|must|will) (i )?(have to |need to )?{task}( repeat)?", lambda sentence, said: _one(sentence, {"task": said["task"].removesuffix(" repeat")})),
    rule(r"(is|did i|have i|has) {task} (done|completed|finished|already|yet)|(did|have) i (already )?{task2}", _done_yet),
    rule(r"(search|look|hunt)( my tasks)?( for| up)? {rest}|find( me)? {rest2}", _found),
    rule(r"where('s| is| are) {rest}|(do i have|is there|are there|have i got|got) (anything|something|a task|any tasks?|tasks|a todo|any todos?)( in my list)? (about|for|with|on|regarding|named|called|mentioning) {rest2}", _asked_for),
    rule(_SHOWING + " {rest}", _show),
    rule(r"what('s|s| is|is)?( is)? (coming|next)( up)?", lambda sentence, said: Act("list_tasks", {"view": "upcoming"})),
    rule(r"(what|which|what's|any|anything|are there|is there|do i have|have i|am i|what've|my|today|tomorrow|overdue|everything|all|inbox|upcoming|how many|how much)( {words})?", _list),
)  # fmt: skip

# When nothing else fits: a filter alone.
BARE: tuple[Rule, ...] = (rule(r"{words}", _bare),)
