"""Keeping a filter true when a tag or project that it names is called something else."""

from __future__ import annotations

from todo_app.domain.filter_language.lexer import Kind, lexemes_of
from todo_app.domain.filter_language.names import Name
from todo_app.domain.filter_language.unreadable import Unreadable
from todo_app.domain.text import fold


def with_renamed(text: str, kind: Kind, *, old: str, new: str) -> str:
    """The filter with the new name wherever it names the old one, otherwise as it was written.

    Args:
        text: the filter.
        kind: ``Kind.TAG`` or ``Kind.PROJECT``.
        old: the name that is given up; found in any case. What has a star names nothing in particular.
        new: the name in its place.
    """
    try:
        lexemes = lexemes_of(text)
    except Unreadable:
        return text
    parts, at = [], 0
    for lexeme in lexemes:
        name = Name.read(lexeme.content)
        if lexeme.kind is kind and name.is_exact and name.folded == (fold(old),):
            parts += [text[at : lexeme.start], f"{kind}{Name.of(new)}"]
            at = lexeme.end
    return "".join([*parts, text[at:]])
