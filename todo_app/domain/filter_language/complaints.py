"""What to say of words that are no condition."""

from __future__ import annotations

from difflib import get_close_matches

from todo_app.domain.filter_language.lexer import Kind, Lexeme
from todo_app.domain.filter_language.unreadable import Unreadable
from todo_app.domain.filter_language.vocabulary import CONDITIONS, DATED

EXAMPLE = "#work & (p1 | overdue)"
_SHOWN_MAX = 40
_OPERATORS_IN_WORDS = {"and": "&", "or": "|", "not": "!"}
_BEGINS_A_TERM = ("#", "+", "!")
_HEADS = sorted(DATED, key=len, reverse=True)
# No condition of the language has more words.
_LONGEST_CONDITION = max(len(words.split()) for words in CONDITIONS)


def shown(text: str) -> str:
    """The text, cut to what a message has room for."""
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"


def missing_operator(text: str, position: int) -> Unreadable:
    """Two conditions with nothing between them."""
    word = text[position:].split(maxsplit=1)[0]
    return Unreadable(position, f"Write & (and) or | (or) before “{shown(word)}”.")


def missing_condition(text: str, lexeme: Lexeme, before: Lexeme | None) -> Unreadable:
    """An operator or the end where a condition should stand."""
    if before is None:
        return Unreadable(lexeme.start, f"Write a condition before “{lexeme.kind}”, as in “{EXAMPLE}”.")
    sign = text[before.start : before.end]
    if lexeme.kind is before.kind:
        return Unreadable(lexeme.start, f"Write “{sign}” once, as in “{EXAMPLE}”.")
    example = f"#work {sign} p1" if before.kind in (Kind.AND, Kind.OR) else EXAMPLE
    return Unreadable(lexeme.start, f"Write a condition behind “{sign}”, as in “{example}”.")


def no_date(lexeme: Lexeme, head: str, phrase: str, *, year: int) -> Unreadable:
    """Words behind a colon that name no date."""
    said = f"“{shown(phrase)}” is no date." if phrase else "The date is missing."
    return Unreadable(
        lexeme.start, f"{said} Try “{head}: friday”, “{head}: -7 days” or “{head}: {year}-12-24”."
    )


def unknown(text: str, lexeme: Lexeme) -> Unreadable:
    """Words that the language does not know."""
    key = lexeme.content.lower()
    words = key.split()
    behind = _behind_condition(text, lexeme, words)
    if behind is not None:
        return missing_operator(text, behind)
    return Unreadable(
        lexeme.start, _advice(key, words) or f"“{shown(lexeme.content)}” is no condition. {_near(key)}"
    )


def _advice(key: str, words: list[str]) -> str | None:
    for word in words:
        if word in _OPERATORS_IN_WORDS:
            return f"Write {_OPERATORS_IN_WORDS[word]} for “{word}”, as in “{EXAMPLE}”."
    for head in _HEADS:
        if key.startswith(f"{head} ") and ":" not in key:
            return f"Write a colon before the date: “{head}: {shown(key[len(head) + 1 :])}”."
    return None


def _near(key: str) -> str:
    near = get_close_matches(shown(key), [*CONDITIONS, *(f"{head}:" for head in _HEADS)], n=1, cutoff=0.7)
    if near:
        return f"Did you mean “{near[0]}”?"
    return "Try #tag, +project, p1, overdue, “due before: friday”, or put a text to search for in quotes."


def _behind_condition(text: str, lexeme: Lexeme, words: list[str]) -> int | None:
    """Where a second condition begins, when the words begin with a first one."""
    at = lexeme.start
    for count in range(1, min(_LONGEST_CONDITION, len(words) - 1) + 1):
        at = _start_of_next_word(text, at)
        rest = words[count]
        if " ".join(words[:count]) in CONDITIONS and (rest in CONDITIONS or rest.startswith(_BEGINS_A_TERM)):
            return at
    return None


def _start_of_next_word(text: str, at: int) -> int:
    while not text[at].isspace():
        at += 1
    while text[at].isspace():
        at += 1
    return at
