"""Text in, tree out: ``!`` binds closer than ``&``, and ``&`` closer than ``|``."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from todo_app.domain.filter_language.complaints import (
    EXAMPLE,
    missing_condition,
    missing_operator,
    no_date,
    unknown,
)
from todo_app.domain.filter_language.lexer import Kind, Lexeme, lexemes_of
from todo_app.domain.filter_language.names import Name
from todo_app.domain.filter_language.spans import read_span
from todo_app.domain.filter_language.tree import (
    Condition,
    Dated,
    Expression,
    Holds,
    InProject,
    Not,
    Tagged,
    all_of,
    any_of,
)
from todo_app.domain.filter_language.unreadable import Unreadable
from todo_app.domain.filter_language.vocabulary import CONDITIONS, DATED, SEARCH
from todo_app.domain.text import words_of

TEXT_MAX = 1_000
DEPTH_MAX = 50
TERMS_MAX = 100


def parse_filter(text: str, *, now: datetime, timezone: ZoneInfo) -> Expression:
    """Read a filter.

    Args:
        text: the filter as typed.
        now: the present instant, aware, from which its dates are counted.
        timezone: the zone of the person, which decides what today is.

    Raises:
        Unreadable: when it is none, with the position and what to write instead; an empty one is none.
    """
    if len(text) > TEXT_MAX:
        raise Unreadable(TEXT_MAX, f"The filter has {len(text):,} characters; at most {TEXT_MAX:,} fit.")
    return _Parser(text, now, timezone).whole()


class _Parser:
    """Reads lexemes from left to right, each once."""

    def __init__(self, text: str, now: datetime, timezone: ZoneInfo) -> None:
        self._text = text
        self._now = now
        self._timezone = timezone
        self._lexemes = lexemes_of(text)
        self._at = 0
        self._depth = 0
        self._terms = 0

    def whole(self) -> Expression:
        if self._next().kind is Kind.END:
            raise Unreadable(0, f"Write a condition, as in “{EXAMPLE}”.")
        expression = self._any()
        if self._next().kind is Kind.CLOSE:
            raise Unreadable(
                self._next().start, "This “)” closes nothing. Take it away, or write “(” before it."
            )
        if self._next().kind is not Kind.END:
            raise missing_operator(self._text, self._next().start)
        return expression

    def _next(self) -> Lexeme:
        return self._lexemes[self._at]

    def _take(self) -> Lexeme:
        lexeme = self._next()
        self._at += 1
        return lexeme

    def _takes(self, kind: Kind) -> bool:
        if self._next().kind is not kind:
            return False
        self._at += 1
        return True

    def _any(self) -> Expression:
        operands = [self._all()]
        while self._takes(Kind.OR):
            operands.append(self._all())
        return any_of(operands)

    def _all(self) -> Expression:
        operands = [self._one()]
        while self._takes(Kind.AND):
            operands.append(self._one())
        return all_of(operands)

    def _one(self) -> Expression:
        lexeme = self._next()
        if lexeme.kind not in (Kind.NOT, Kind.OPEN):
            return self._condition()
        self._at += 1
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Unreadable(
                lexeme.start, f"More than {DEPTH_MAX} “(” and “!” inside each other can't be read."
            )
        expression = Not(self._one()) if lexeme.kind is Kind.NOT else self._in_parentheses(lexeme)
        self._depth -= 1
        return expression

    def _in_parentheses(self, opening: Lexeme) -> Expression:
        if self._next().kind is Kind.CLOSE:
            raise Unreadable(self._next().start, f"Write a condition between “(” and “)”, as in “{EXAMPLE}”.")
        expression = self._any()
        if self._takes(Kind.CLOSE):
            return expression
        if self._next().kind is Kind.END:
            raise Unreadable(
                opening.start, f"The “(” at position {opening.start + 1} is not closed. Write “)” at its end."
            )
        raise missing_operator(self._text, self._next().start)

    def _condition(self) -> Condition:
        lexeme = self._take()
        self._terms += 1
        if self._terms > TERMS_MAX:
            raise Unreadable(lexeme.start, f"A filter has at most {TERMS_MAX} conditions. Split it into two.")
        match lexeme.kind:
            case Kind.TAG:
                return Tagged(Name.read(lexeme.content))
            case Kind.PROJECT:
                return InProject(Name.read(lexeme.content))
            case Kind.QUOTED:
                return self._search(lexeme, lexeme.content)
            case Kind.WORDS:
                return self._words(lexeme)
            case _:
                raise missing_condition(
                    self._text, lexeme, self._lexemes[self._at - 2] if self._at > 1 else None
                )

    def _words(self, lexeme: Lexeme) -> Condition:
        key = lexeme.content.lower()
        if key in CONDITIONS:
            return CONDITIONS[key]
        head, colon, rest = (part.strip() for part in key.partition(":"))
        if colon and head == SEARCH:
            quoted = not rest and self._next().kind is Kind.QUOTED
            return self._search(
                lexeme, self._take().content if quoted else lexeme.content.partition(":")[2].strip()
            )
        if colon and head in DATED:
            return self._dated(lexeme, head, rest)
        raise unknown(self._text, lexeme)

    def _search(self, lexeme: Lexeme, words: str) -> Holds:
        if not words_of(words):
            raise Unreadable(lexeme.start, 'Write a word to search for, as in “search: "report"”.')
        return Holds(words)

    def _dated(self, lexeme: Lexeme, head: str, phrase: str) -> Dated:
        moment, relation = DATED[head]
        span = read_span(phrase, now=self._now, timezone=self._timezone)
        if span is None:
            raise no_date(lexeme, head, phrase, year=self._now.year)
        return Dated(moment, relation, phrase, span)
