"""Which of some tasks words mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from todo_app.assistant.interpreter.memory import Card
from todo_app.domain.text import fold, words_of

_EMPTY_WORDS = """
a an the my our your to for of on in at with about it that this one ones task tasks todo todos item
thing and from please
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_IRREGULAR = {
    "bought": "buy", "paid": "pay", "sent": "send", "wrote": "write", "written": "write", "made": "make",
    "took": "take", "taken": "take", "got": "get", "fed": "feed", "met": "meet", "did": "do", "done": "do",
    "gave": "give", "given": "give", "went": "go", "brought": "bring", "built": "build", "found": "find",
    "ran": "run", "told": "tell", "spoke": "speak", "swept": "sweep", "threw": "throw",
    "drew": "draw", "chose": "choose", "hung": "hang", }  # fmt: skip
_ENDING_MIN, _STEM_MIN = 4, 3
_BETWEEN = re.compile(r", ?(?:and )?| and | & |;")
_MOST = 10


def pick(words: str, cards: Iterable[Card]) -> list[Card]:
    """The tasks that words call: those with just this title, else those whose title holds all the words."""
    cards = list(cards)
    whole = fold(words)
    exact = [card for card in cards if fold(card.title) == whole]
    if exact:
        return exact
    wanted = content_words(words)
    return [card for card in cards if wanted and _holds(card.title, wanted)]


def groups(words: str, cards: Sequence[Card]) -> list[list[Card]]:
    """The tasks that words call, one group for each thing that is named; a group of several is ambiguous.

    ``milk and rent`` names two things, unless a task is called so; nothing is left of a list with a thing that no task has.
    """
    for parts in readings(words):
        found = [pick(part, cards) for part in parts]
        if all(found):
            return found
    return []


def readings(words: str) -> list[list[str]]:
    """Words as the name of one task, and as the names of several."""
    several = [part.strip() for part in _BETWEEN.split(words) if part.strip()]
    return [[words], several] if 1 < len(several) <= _MOST else [[words]]


def chosen_by(words: str, cards: Sequence[Card]) -> list[UUID]:
    """The ids of those that words call, from among some that were shown."""
    return [card.id for card in pick(words, cards)]


def content_words(words: str) -> list[str]:
    """The folded words that tell one task from another; all of them when there are no others."""
    found = words_of(words.replace("'s", ""))
    return [word for word in found if word not in _EMPTY] or found


def search_words(words: str) -> list[str]:
    """Beginnings by which a search finds every task whose title ``pick`` could take."""
    return [_beginning(word) for word in content_words(words)]


def _beginning(word: str) -> str:
    forms = base_forms(word) or _gerund_bases(word)
    if forms:
        # What all forms have in common, as "plan" of "planned" and "plann".
        return min((*forms, word), key=len)
    return word[:-1] if word.endswith("s") and len(word) > 2 else word


def base_forms(word: str) -> tuple[str, ...]:
    """The words that a past form can come from, as ``call`` for ``called``; none for a word that is no such form."""
    if word in _IRREGULAR:
        return (_IRREGULAR[word],)
    if word.endswith("eed") or not word.endswith("ed") or len(word) < _ENDING_MIN:
        return ()
    stem = word[:-2]
    forms = [stem, f"{stem}e"]
    if len(stem) > 2 and stem[-1] == stem[-2]:
        forms.append(stem[:-1])
    if stem.endswith("i"):
        forms.append(f"{stem[:-1]}y")
    return tuple(forms)


def _gerund_bases(word: str) -> tuple[str, ...]:
    """The words that a form in "-ing" can come from, as ``write`` for ``writing``."""
    stem = word.removesuffix("ing")
    if stem == word or len(stem) < _STEM_MIN:
        return ()
    shorter = (stem[:-1],) if stem[-1] == stem[-2] else ()
    return (stem, f"{stem}e", *shorter)


def _holds(title: str, wanted: Sequence[str]) -> bool:
    there = words_of(title)
    return all(any(_is_form(word, each) for each in there) for word in wanted)


def _is_form(word: str, titled: str) -> bool:
    """Whether a word of a title begins with the word, or is the same in the plural or the present."""
    return (
        titled.startswith(word)
        or (word.endswith("s") and titled == word[:-1])
        or titled in (*base_forms(word), *_gerund_bases(word))
    )
