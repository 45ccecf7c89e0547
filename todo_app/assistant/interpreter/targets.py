"""Which tasks a sentence is about: some that were shown, all that fit, or one by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from todo_app.assistant.interpreter.decision import Act, Cannot, Chosen, Decision, Filtered, Named, Target
from todo_app.assistant.interpreter.matching import chosen_by
from todo_app.assistant.interpreter.memory import Card
from todo_app.assistant.interpreter.sentence import Sentence
from todo_app.assistant.interpreter.spans import read_filter

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "last": -1, "former": 1, "latter": -1, "top": 1, "bottom": -1, "final": -1, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8,
    "9th": 9, "10th": 10,
}  # fmt: skip
_BESIDE_WORDS = "the one ones and task tasks number no & option item just only of them those these"
_BESIDE_PLACES = frozenset(_BESIDE_WORDS.split())
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5}
_ONE = re.compile(r"it|this|that|(?:this|that|the) (?:one|task|todo|item)", re.IGNORECASE)
_ALL = re.compile(
    r"(?:all|both|each|every one)(?: of)?(?: (?:them|these|those|the tasks shown))?|them(?: all| both)?|these|those"
    r"|(?:these|those|all) (?:tasks|ones)",
    re.IGNORECASE,
)
_ALL_OF = re.compile(r"(?:everything|all|every)\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:tasks|todos|to-dos|things|ones|items|stuff)\b", re.IGNORECASE)
_WRAPPING = re.compile(
    r"(?:the |my |our )?(?:tasks? |todos? |to-dos? |items? )?(?:called |named |titled |about )?(?P<words>.+?)"
    r"(?: (?:task|todo|to-do|item|thing|one))?(?: (?:from|off|on|in) (?:my |the )?(?:to-?do )?list)?(?: (?:again|yet|now|today's))?",
    re.IGNORECASE,
)
_LONGEST_NAME = 200


def about(
    sentence: Sentence,
    words: str,
    act: Act,
) -> Decision:
    """The act on what the words call; instead a remark, when they call nothing that was shown."""
    target = read_target(words, sentence)
    if isinstance(target, str):
        return Cannot(target)
    return Act(act.tool, act.arguments, target, act.among, act.confirmed)


def named_only(
    decide: Callable[[Sentence, dict[str, str]], Decision | None],
) -> Callable[[Sentence, dict[str, str]], Decision | None]:
    """The same for what is called by a name: with few words, "all tasks, high priority" is a question."""

    def decide_named(sentence: Sentence, said: dict[str, str]) -> Decision | None:
        decision = decide(sentence, said)
        return decision if isinstance(decision, Act) and isinstance(decision.target, Named) else None

    return decide_named


def read_target(words: str, sentence: Sentence) -> Target | str:
    """What words call, or what to say when that can't be told."""
    words = words.strip(" ,:")
    quoted = _unquoted(words)
    if quoted is not None:
        return Named(quoted)
    if _ONE.fullmatch(words):
        return _one_shown(sentence.memory.shown)
    if _ALL.fullmatch(words):
        return _chosen(sentence.memory.shown) if sentence.memory.shown else _NOTHING_SHOWN
    positions = read_positions(words)
    if positions is not None:
        return _at(positions, sentence.memory.shown)
    return _bulk(words, sentence) or Named(_unwrapped(words))


def read_answer(words: str, cards: Sequence[Card]) -> Chosen | None:
    """Which of some tasks an answer to "Which one?" means."""
    if _ALL.fullmatch(words):
        return _chosen(cards)
    positions = read_positions(words)
    if positions is not None:
        found = _at(positions, cards)
        return found if isinstance(found, Chosen) else None
    ids = chosen_by(_unwrapped(words), cards)
    return Chosen(tuple(ids)) if len(ids) == 1 else None


def read_positions(words: str) -> list[int] | None:
    """Places in a list, from 1 on and from -1 backwards: ``the first two``, ``1 and 3``, ``the last one``."""
    keys = re.sub(r"[,#]", " ", words.lower()).split()
    keys = [key for key in keys if key not in _BESIDE_PLACES]
    match keys:
        case ["first", many] if many in _COUNTS:
            return list(range(1, _COUNTS[many] + 1))
        case ["last", many] if many in _COUNTS:
            return list(range(-_COUNTS[many], 0))
        case []:
            return None
    found = [_position(key) for key in keys]
    return [each for each in found if each] if all(found) else None


def _position(key: str) -> int:
    return _ORDINALS.get(key) or (int(key) if key.isdecimal() and len(key) < 3 else 0)


_NOTHING_SHOWN = "Which task do you mean? I have shown none yet: say its name, or “show my tasks”."


def _one_shown(shown: Sequence[Card]) -> Target | str:
    if not shown:
        return _NOTHING_SHOWN
    return _chosen(shown) if len(shown) == 1 else "Which one? Say “the first one”, or its name."


def _at(positions: Sequence[int], cards: Sequence[Card]) -> Target | str:
    if not cards:
        return _NOTHING_SHOWN
    if any(not -len(cards) <= each <= len(cards) for each in positions):
        return f"I have shown only {len(cards)}."
    places = [each - 1 if each > 0 else each for each in positions]
    return Chosen(tuple(dict.fromkeys(cards[place].id for place in places)))


def _chosen(cards: Sequence[Card]) -> Chosen:
    return Chosen(tuple(card.id for card in cards))


def _bulk(words: str, sentence: Sentence) -> Filtered | None:
    """``everything overdue``, ``all my #work tasks``, ``the tasks due on friday``."""
    lead = _ALL_OF.match(words)
    if lead is None and not _PLURAL.search(words):
        return None
    found = read_filter(words, sentence)
    if found is None or not (found.conditions or lead):
        return None
    return Filtered(found.query or "open")


def _unwrapped(words: str) -> str:
    match = _WRAPPING.fullmatch(words[:_LONGEST_NAME])
    found = match["words"].strip() if match else words
    return _unquoted(found) or found


def _unquoted(words: str) -> str | None:
    if len(words) > 2 and words[0] == words[-1] and words[0] in "\"'":
        return words[1:-1].strip()
    return None
