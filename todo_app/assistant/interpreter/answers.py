"""Answers to what the assistant has asked."""

from __future__ import annotations

import re
from dataclasses import replace

from todo_app.assistant.interpreter.decision import Chosen, Decision, Say
from todo_app.assistant.interpreter.memory import Confirm, Which
from todo_app.assistant.interpreter.sentence import Sentence
from todo_app.assistant.interpreter.talk import LEFT_ALONE
from todo_app.assistant.interpreter.targets import read_answer

_YES = re.compile(
    r"(?:y|yes|yep|yeah|yup|sure|ok|okay|of course|absolutely|definitely|confirm(?:ed)?|do it|do that|do so|go ahead|go for it"
    r"|yes,? (?:please|do it|do that|go ahead|delete (?:it|them)|i am|i'm sure|all of them)|(?:yeah|yep|sure|ok|okay),? (?:go ahead|do it)|right|correct|i'm sure|proceed)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:n|no|nope|nah|none|neither|cancel|stop|abort|never ?mind|wait|don't|do not|leave|forget)\b.*|not? .*|keep (?:it|them)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:i mean(?:t)?|the one (?:with|about|for|called|in)|it's|with|please) ", re.IGNORECASE)


def read_reply(typed: str, sentence: Sentence) -> Decision | None:
    """What an answer to the open question comes to; ``None`` when it is no answer, but a new sentence."""
    pending = sentence.memory.pending
    words = " ".join(typed.replace("\u2019", "'").split()).strip(" .!,")
    if pending is None:
        return None
    if _NO.fullmatch(words):
        return Say(LEFT_ALONE)
    if isinstance(pending, Confirm):
        return replace(pending.act, confirmed=True) if _YES.fullmatch(words) else None
    return _choice(pending, words)


def _choice(pending: Which, words: str) -> Decision | None:
    chosen: Chosen | None = read_answer(_LEAD.sub("", words), pending.cards)
    return replace(pending.act, target=chosen) if chosen is not None else None
