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
    r"\b(?:tasks?|to-?dos?|to do|list|everything|all|anything|any|due|items?|agenda|schedule|plate|left|open|outstanding|pending|unfinished|remaining|do i have|have i got)\b",
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


def _bare_rest(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    return _bare(sentence, {"words": said["rest"]})


def _view(sentence: Sentence, said: dict[str, str]) -> Decision:
    return Act(
        "list_tasks",
        {
            "view": _VIEWS[
                next(said[each] for each in ("view", "view2", "view3", "view4") if each in said).lower()
            ]
        },
    )


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
        r"^(?:(?:for|about|the|my|a|an|any|all|tasks?|todos?|notes?|anything|everything|something|things?|stuff|items?|entry|entries|ones?|that|which|mentions?|mentioning|has|have|says|called|containing|related to|to do with|with|on|in|like) )+",
        "",
        words,
        flags=re.IGNORECASE,
    )
    words = re.sub(r" (?:tasks?|todos?|in (?:it|them))$", "", words, flags=re.IGNORECASE)
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


def _one_of(sentence: Sentence, said: dict[str, str]) -> Decision:
    return _one(sentence, {"task": next(words for name, words in said.items() if name.startswith("task"))})


def _tool(name: str) -> Rule:
    what = {"list_tags": "(tags|labels)", "list_projects": "projects"}[name]
    decide = Act(name)
    return rule(
        rf"((show|list|see|display|get|give me|tell me)( me)?( all)?( of)?( my| the)? {what}|(what|which) {what}( do i have| are there| have i( got)?| i have| i've got| do i use| am i using| have i used| are in use| do we have| exist)?|what are (all )?(my|the) {what}|(all )?my {what}|{what}|what (do i have|have i got) for {what})",
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


def _mentioned(sentence: Sentence, said: dict[str, str]) -> Decision | None:
    """``what have I got on friday`` is a list, ``… on the bank`` a search."""
    return _found(sentence, {"rest": next(words for name, words in said.items() if name.startswith("rest"))})


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
    rule(r"((give|show|get) me )?((an?|the|my|quick|brief|short|daily|weekly|little) )*(overview|summary|status|status update|recap|rundown|weekly review|daily review|briefing|stats|agenda)( (of|for|on) ((my|the|this) )?(tasks|day|week|list|today|everything|things))?", _overview),
    rule(r"(summari[sz]e|recap|run through|walk me through) ((my|the|this) )?(tasks|day|week|list|today|todos|everything)", _overview),
    rule(r"how('s| is| does) (my )?(day|week|list|plan|today)( look(ing)?)?( like)?( today)?|how am i doing( today| this week)?|how do things (look|stand)|where am i( at)?|what's going on|what's my situation|(give me |what's )?the (big picture|lowdown|rundown)|(catch me up|brief me|fill me in)( on (today|my day|everything|things))?|where do (i|things) stand|where (should|do|shall) i (start|begin)|what now|what('s| is| does) my (day|week) (look )?like|how busy am i( today)?", _overview),
    rule(r"what (should|shall|can|must) i (be )?(do|doing|working on|work on|start with|tackle|focus on)( first| next| now| today)*", _overview),
    rule(r"how (many|much)( open| unfinished)?( tasks| todos| to-dos| things| work| stuff)?( (do i|i) (still )?have( left| open| to do)*| are (there|left|open|still open)| left| open| remaining)*( in total)?", _overview),
    rule(r"(open|check|go to|look (in|into|at)|take me to|switch to|see)( up)? (my |the )?{view:inbox|trash|bin|upcoming}|what('s| is|'s sitting| did i put| is sitting| ended up| have i put| do i have| have i got)? (in|to) (my |the )?{view3:inbox|trash|bin}|peek (in|into|at) (my |the )?{view4:inbox|trash|bin}|{view2:trash|bin|inbox|upcoming}( list| view)?", _view),
    rule(r"((which|what|my|the|all|show|list|see)( me)?( my| the)? )*(recently )?deleted( tasks| things| items| ones| stuff)?|(what|which)( tasks| ones| things)? (did i|have i|i've|i) (just |recently )?(delete|deleted|throw away|thrown away|threw away|throw out|thrown out|bin|binned|trash|trashed|remove|removed)( recently)?", lambda sentence, said: Act("list_tasks", {"view": "trash"})),
    rule(r"(what does|how does|how's|how is|what's) {rest} look(ing)?( like)?", _bare_rest),
    _tool("list_tags"),
    _tool("list_projects"),
    rule(r"(sort|order|rank|arrange)( all)?( of)?( my| the)?( {rest})? by {order}", _sort),
    rule(r"(sort|order|rank|arrange)(( my| the| all| these)?( tasks| todos| to-dos| list| to-do list| everything| things))?( by)? {order}( first)?", _sort),
    rule(_SHOWING + r"( {rest})?,? (sorted|ordered|ranked|arranged|in order) (by|of) {order}", _sort),
    rule(r"(is|are) there (any )?mention of {rest}|(any )?mention of {rest2}|(check|see) (if|whether) (i have|there's|there is|i've got) (anything |something |a task |any tasks? )?(about|for|on|with|called|mentioning) {rest3}|dig up {rest4}|(what do i have|what have i got|got anything|what's there|have i got anything|do i have anything) (about|on|regarding) {rest5}", _mentioned),
    rule(_SHOWING + r" subtasks (of|for|under) {task}", _one),
    rule(r"(show|give|tell)( me)? (the )?(details|subtasks|reminders|description|notes?) (of|for|about|on|to) {task}|((the )?(details|info|information) (of|for|on|about)) {task2}", lambda sentence, said: _one(sentence, {"task": said.get("task") or said["task2"]})),
    rule(r"(tell me|what do you know|what do i have noted|remind me what i wrote) (more )?about {task}|(open( up)?|describe)( task)? {task2}", lambda sentence, said: _one(sentence, {"task": said.get("task") or said["task2"]})),
    rule(r"(when|what day|what time|what date)( is|'s| are| was| will|do i have to do|does) {task} (due|next|repeat|happen|coming up|scheduled)( next| again| for| be due)?", _one),
    rule(r"when (is|are) the next {task}|when (do|should|must|will) i (have to |need to )?{task2}( next| again)?|when's {task3}", lambda sentence, said: _one(sentence, {"task": re.sub(r" (?:next|again|due)$", "", said.get("task") or said.get("task2") or said["task3"])})),
    rule(r"{task} details|what's {task2} about|what is {task3} about", lambda sentence, said: _one(sentence, {"task": said.get("task") or said.get("task2") or said["task3"]})),
    rule(r"what (day|time|date)( is|'s| are) {task}|what's {task2}'s (due date|deadline|date|priority|status)|remind me when {task3} (is|are)( due)?|when exactly (is|are) {task4}|what's up with {task5}|(what are|show me|give me) (the )?(details|more|particulars) (of|on|for|about) {task6}|has {task7} been (done|completed|finished)( yet)?", _one_of),
    rule(r"when (is|are) {task}|(what's|what is|when's) the (due date|deadline|date|due day|priority|status) (of|for|on) {task2}|how long (do i have|have i got) (for|to) {task3}", lambda sentence, said: _one(sentence, {"task": said.get("task") or said.get("task2") or said["task3"]})),
    rule(r"how often (do|does|should|must|will) (i )?(have to |need to )?{task}( repeat)?", lambda sentence, said: _one(sentence, {"task": said["task"].removesuffix(" repeat")})),
    rule(r"(is|did i|have i|has) {task} (done|completed|finished|already|yet)|(did|have) i (already )?(finish(ed)? |completed? |done? )?{task2}", _done_yet),
    rule(r"(search|look|hunt)( my tasks)?( for| up)? {rest}|find( me)? {rest2}", _found),
    rule(r"where('s| is| are| did i (put|write|leave)| have i put) {rest}|(do i have|is there|are there|have i got|got) (anything|something|a task|any tasks?|tasks|a todo|any todos?)( in my list)? (about|for|with|on|regarding|named|called|mentioning) {rest2}", _asked_for),
    rule(r"(which |what |any |the |all |my )*(tasks?|todos?|anything|things|items) (with|containing|that (mentions?|contains?|has|have)|mentioning) the words? {rest}( in (it|them))?", _search),
    rule(_SHOWING + " {rest}", _show),
    rule(r"(count( up)?|(am|are) (i|we) (free|busy|booked)) {rest}", _list),
    rule(r"what('s|s| is|is)?( is)? (coming|next|up)( up| next)?", lambda sentence, said: Act("list_tasks", {"view": "upcoming"})),
    rule(r"(what|which|what's|whats|what've|any|anything|got anything|got any|have we|do we have|how's|are there|is there|do i have|have i|am i|what've|my|today|tomorrow|overdue|everything|all|inbox|upcoming|how many|how much)( {words})?", _list),
    rule(r"(any|anything|something|(any|some) (tasks?|todos?|notes?|items?)) (about|regarding|on|with|mentioning|for|to do with) {rest}", _found),
    rule(r"list", _list),
)  # fmt: skip

# When nothing else fits: a filter alone.
BARE: tuple[Rule, ...] = (rule(r"{words}", _bare),)
