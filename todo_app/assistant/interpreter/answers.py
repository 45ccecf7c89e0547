"""Answers to what the assistant has asked."""

from __future__ import annotations

import re
from dataclasses import replace

from todo_app.assistant.interpreter.decision import Chosen, Decision, Say
from todo_app.assistant.interpreter.memory import Confirm, Which
from todo_app.assistant.interpreter.sentence import Sentence
from todo_app.assistant.interpreter.talk import LEFT_ALONE
from todo_app.assistant.interpreter.targets import read_answer

_AGREED = r"(?:y|yes|yep|yeah|yup|ya|aye|sure(?: thing)?|ok|okay|fine|alright|all right|of course|absolutely|definitely|right|correct|exactly)"
_GO_ON = (
    r"(?:do it|do that|do so|please do|go ahead|go on|go for it|confirm(?:ed)?|proceed|continue|make it so|i am sure|i'm sure"
    r"|(?:delete|remove|complete|move|change|add) (?:it|them|that|those|all)(?: all)?)"
)
_YES = re.compile(
    rf"(?:{_AGREED}|{_GO_ON}|{_AGREED},? (?:{_AGREED}|{_GO_ON}|i am|all of them|that's right|why not))",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:n|no|nope|nah|none|neither|cancel|stop|abort|never ?mind|wait|don't|do not|leave|forget)\b.*|not? .*|keep .*|(?:better|rather|maybe|perhaps) not.*|i'd rather not.*|(?:i )?changed my mind.*|hold on.*|hang on.*",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:i mean(?:t)?|the one (?:with|about|for|called|in)|it's|with|please) ", re.IGNORECASE)


_FILLERS = re.compile(
    r"^(?:(?:hm+|um+|uh|er+m?|oh|well|so|hey|actually|i think|i guess)\b[,. ]*)+(?=\S)", re.IGNORECASE
)
_CLOSING = re.compile(
    r"(?<=\w)(?:[, ]+(?:please|pls|plz|thanks|thank you|thx|obviously|of course|i think|then))+$",
    re.IGNORECASE,
)


def read_reply(typed: str, sentence: Sentence) -> Decision | None:
    """What an answer to the open question comes to; ``None`` when it is no answer, but a new sentence."""
    pending = sentence.memory.pending
    words = _FILLERS.sub("", " ".join(typed.replace("\u2019", "'").split()).strip(" .!?,"))
    words = _CLOSING.sub("", words)
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
