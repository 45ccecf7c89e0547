"""A typed sentence without its courtesies, and patterns that are tried on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from todo_app.assistant.interpreter.decision import Decision
from todo_app.assistant.interpreter.memory import Memory

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})
_COURTESY = re.compile(
    r"(?:hey|hi|hello|ok|okay|so|well|um|uh|oh|oops|now|then|also|and|please|pls|kindly|just|actually|great|right"
    r"|(?:can|could|would|will) you(?: please)?(?: just)?|i(?: woul|')d like (?:you )?to|i want (?:you )?to|i need you to|let'?s"
    r"|go ahead and|let me)\b[,!]? +(?!(?:there|punctual|assistant|it|that)$)(?=\S)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[ ,]+(?:please|pls|thanks|thank you|thx|for me)$", re.IGNORECASE)
_SLOT = re.compile(r"\{(\w+)(?::([^}]*))?\}")
_FEW, _MANY = r"\S.*?", r"\S.*"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was typed: ``text`` begins with the verb and ends without a mark."""

    text: str
    is_question: bool
    now: datetime
    zone: ZoneInfo
    memory: Memory


def read_sentence(typed: str, *, now: datetime, zone: ZoneInfo, memory: Memory) -> Sentence:
    """The sentence in what was typed."""
    line = " ".join(typed.translate(_APOSTROPHES).split())
    text = line.rstrip(" .!?")
    while (shorter := _CLOSING.sub("", text).rstrip(" .!?,")) != text:
        text = shorter
    start = 0
    while (courtesy := _COURTESY.match(text, start)) is not None:
        start = courtesy.end()
    return Sentence(text[start:], line.endswith("?"), now, zone, memory)


Decide = Callable[[Sentence, dict[str, str]], Decision | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to put something, and what it comes to; ``None`` leaves it to the rules that follow.

    Where words can be divided between slots in two ways, the first slot gets few words in the first pattern, and
    many in the second.
    """

    patterns: tuple[re.Pattern[str], re.Pattern[str]]
    decide: Decide


def rule(template: str, decide: Decide) -> Rule:
    """A rule for sentences that are like the template as a whole.

    ``{name}`` stands for any words, ``{name:a|b}`` for these, ``(a|b)`` for one of some, ``(a )?`` for what may be missing.
    """
    plain = template.replace("(", "(?:").replace("'", "'?")
    few, many = (re.compile(_with_slots(plain, any_words), re.IGNORECASE) for any_words in (_FEW, _MANY))
    return Rule((few, many), decide)


def _with_slots(plain: str, any_words: str) -> str:
    return _SLOT.sub(lambda slot: f"(?P<{slot[1]}>{slot[2] or any_words})", plain)


def decided(rules: tuple[Rule, ...], sentence: Sentence) -> Decision | None:
    """What the first rule makes of a sentence that makes something of it."""
    for each in rules:
        for pattern in each.patterns:
            match = pattern.fullmatch(sentence.text)
            if match is None:
                break
            said = {name: words.strip(" ,:") for name, words in match.groupdict().items() if words}
            decision = each.decide(sentence, said)
            if decision is not None:
                return decision
    return None
