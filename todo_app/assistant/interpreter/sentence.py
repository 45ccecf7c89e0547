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
    r"(?:(?:i was wondering|do you think|any chance|is there any chance|it(?: woul|')d be (?:great|nice|good|lovely)|i(?: woul|')d (?:appreciate it|be grateful)),?"
    r"(?: if| that)? (?:you|u) (?:could|can|would|might)(?: please)?|is it possible to|do me a favou?r and|if you (?:could|can|would),?"
    r"|would (?:it be possible|you be able) to|when you (?:get|have) a (?:chance|moment|minute),?|i think (?:you can|we can|i(?: woul|')d like to)"
    r"|i'?m going to need you to|time to|help me(?: to)?(?= (?!plan\b|organi[sz]e\b)\S)|try to|be a dear and|by the way|btw|fyi|one more thing|quick one|alright|er|erm|hmm+"
    r"|hey|hi|hello|ok|okay|so|well|um|uh|oh|oops|now|then|also|and|please|pls|plz|kindly|just|actually|great|right"
    r"|(?:can|could|would|will) (?:you|u|ya)(?: please| kindly| maybe)?(?: just)?|maybe|perhaps|quick(?:ly)?|you (?:can|may|could)(?: now| also)?|feel free to|i(?: woul|')d like you to|i want you to|i wanna|i(?: woul|')d like (?:you )?to|i want (?:you )?to|i need you to|let'?s"
    r"|go ahead and|let me)\b[,!]? +(?!(?:there|punctual|assistant|it|that)$)(?=\S)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[ ,]+(?:please|pls|plz|thanks|thank you|thx|for me|if you can|if possible|would you|will you|would ya|will ya|ok|okay|thank u|ty|cheers|ta|real quick|right away|if you (?:could|can|would|don't mind)|when you (?:can|get a (?:chance|moment|minute))|if that's (?:ok|okay|alright)|lol|haha)$",
    re.IGNORECASE,
)
_MIND = re.compile(r"^(?:(?:would|do|d') ?(?:you|u) )?mind (?P<verb>\w+?)ing\b", re.IGNORECASE)
_VERB_WORDS = """
add call cancel change clear close complete create delete erase finish find list make mark move plan postpone
push put remind remove rename reopen repeat reschedule restore schedule search set show sort tag undo update
"""
_VERBS = frozenset(_VERB_WORDS.split())
_MISSPELLED_MIN = 5
_LONG = {
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomo": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow",
    "tommorrow": "tomorrow", "tomorrrow": "tomorrow", "tonite": "tonight", "gimme": "give me", "lemme": "let me",
}  # fmt: skip
_SHORT = re.compile(rf"\b(?:{'|'.join(_LONG)})\b", re.IGNORECASE)
_SLOT = re.compile(r"\{(\w+)(?::([^}]*))?\}")
_FEW, _MANY = r"\S.*?", r"\S.*"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was typed: ``text`` begins with the verb and ends without a mark.

    A request such as "can you …?" is no question.
    """

    text: str
    is_question: bool
    now: datetime
    zone: ZoneInfo
    memory: Memory


def read_sentence(typed: str, *, now: datetime, zone: ZoneInfo, memory: Memory) -> Sentence:
    """The sentence in what was typed."""
    line = " ".join(typed.translate(_APOSTROPHES).split())
    line = _SHORT.sub(lambda word: _LONG[word[0].lower()], line)
    text = line.rstrip(" .!?")
    while (shorter := _CLOSING.sub("", text).rstrip(" .!?,")) != text:
        text = shorter
    start = 0
    while (courtesy := _COURTESY.match(text, start)) is not None:
        start = courtesy.end()
    text = _MIND.sub(_without_minding, text[start:])
    return Sentence(_spelled(text), line.endswith("?") and not start, now, zone, memory)


def _without_minding(match: re.Match[str]) -> str:
    """``would you mind moving``: move."""
    stem = match["verb"].lower()
    forms = (stem, f"{stem}e", stem[:-1])
    return next((form for form in forms if form in _VERBS), match[0])


def _spelled(text: str) -> str:
    """The sentence with its verb spelled right, when one letter of it is wrong."""
    first, space, rest = text.partition(" ")
    if first.lower() in _VERBS or len(first) < _MISSPELLED_MIN or not rest:
        return text
    meant = [verb for verb in _VERBS if len(verb) > _MISSPELLED_MIN and _is_near(first.lower(), verb)]
    return f"{meant[0]}{space}{rest}" if len(meant) == 1 else text


def _is_near(word: str, verb: str) -> bool:
    """Whether one letter was left out, added, or replaced, or two were swapped."""
    if abs(len(word) - len(verb)) > 1 or verb.startswith(word) or word.startswith(verb):
        return False
    same = next((at for at, (one, other) in enumerate(zip(word, verb, strict=False)) if one != other), 0)
    word_end, verb_end = word[same:], verb[same:]
    return (
        word_end[1:] == verb_end[1:]
        or word_end[1:] == verb_end
        or word_end == verb_end[1:]
        or (word_end[1::-1] == verb_end[:2] and word_end[2:] == verb_end[2:])
    )


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
