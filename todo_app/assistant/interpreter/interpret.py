"""From a typed sentence to a decision."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from todo_app.assistant.interpreter import adding, asking, changing, closing, naming, repeating, talk
from todo_app.assistant.interpreter.answers import read_reply
from todo_app.assistant.interpreter.decision import Act, Among, Cannot, Decision, Named, Say
from todo_app.assistant.interpreter.memory import Memory
from todo_app.assistant.interpreter.sentence import Sentence, decided, read_sentence

LONGEST = 1_000

# What begins like a negation and is none comes first, then negations: behind them nothing changes against a "not".
_BEFORE_NEGATIONS = (
    *naming.RULES,
    *repeating.BEFORE_NEGATIONS,
    *closing.BEFORE_NEGATIONS,
    *changing.BEFORE_ADDING,
    *adding.BEFORE_NEGATIONS,
)
_RULES = (
    *asking.RULES,
    *repeating.RULES,
    *changing.RULES,
    *adding.RULES,
    *closing.RULES,
    *asking.BARE,
    *repeating.BARE,
    *changing.BARE,
)
_NOT = re.compile(
    r"\b(?:not|don't|dont|never|didn't|doesn't|haven't|hasn't|isn't|won't|shouldn't|no longer)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:add|put|move|push|set|make|mark|tick|check|cross|complete|finish|close|reopen|delete|remove|cancel|drop|postpone|reschedule"
    r"|rename|change|tag|label|remind|restore|bring|schedule|create|undo|take|give|clear|stop|shift|delay|file|i|we)\b",
    re.IGNORECASE,
)
_READING = frozenset(
    ("get_task", "list_tasks", "search_tasks", "sort_tasks", "overview", "list_tags", "list_projects")
)


def interpret(typed: str, *, now: datetime, zone: ZoneInfo, memory: Memory) -> Decision:
    """What a sentence comes to.

    Args:
        typed: what the person typed.
        now: the present instant, aware.
        zone: the zone of the person.
        memory: what the conversation remembers.
    """
    if len(typed) > LONGEST:
        return Cannot(f"That is too long for me: at most {LONGEST:,} characters.")
    sentence = read_sentence(typed, now=now, zone=zone, memory=memory)
    if not sentence.text:
        return Say(talk.CAN)
    return (
        read_reply(typed, sentence)
        or decided(_BEFORE_NEGATIONS, sentence)
        or decided(talk.RULES, sentence)
        or decided(talk.NEGATIONS, sentence)
        or _unless_asked(_unless_negated(decided(_RULES, sentence), sentence.text), sentence)
        or talk.not_understood(sentence)
    )


def interpret_reply(typed: str, *, now: datetime, zone: ZoneInfo, memory: Memory) -> Decision | None:
    """What an answer to the open question comes to; ``None`` when there is no question, or this is no answer."""
    if len(typed) > LONGEST:
        return None
    return read_reply(typed, read_sentence(typed, now=now, zone=zone, memory=memory))


def _unless_asked(decision: Decision | None, sentence: Sentence) -> Decision | None:
    """No change by a question: ``the report is done?`` shows the report."""
    is_change = isinstance(decision, Act) and decision.tool not in _READING
    if not is_change or not sentence.is_question or _ORDER.match(sentence.text):
        return decision
    assert isinstance(decision, Act)  # noqa: S101  # for mypy
    if decision.target is None:
        return Say(f"I take that for a question, so I have changed nothing. {talk.CAN}")
    return Act("get_task", target=decision.target, among=Among.ANY)


def _unless_negated(decision: Decision | None, text: str) -> Decision | None:
    """No change on a sentence with a "not" in it that is nothing but a part of a name in quotes."""
    if not isinstance(decision, Act) or decision.tool in _READING or not _NOT.search(text):
        return decision
    quoted = isinstance(decision.target, Named) and re.search(r"[\"'].*\b(?:not|never|don't)\b.*[\"']", text)
    is_reopening = decision.tool in ("reopen_tasks", "update_task")
    return (
        decision if quoted or is_reopening else Say(f"I heard a “not”, so I have changed nothing. {talk.CAN}")
    )
