"""Which parts of a title a search has found."""

from __future__ import annotations

from todo_app.domain.text import fold_with_positions, words_of


def highlight(title: str, query: str) -> list[tuple[str, bool]]:
    """The title in pieces, each with whether a word of the query begins there and spans it."""
    folded = fold_with_positions(title)
    text = "".join(character for character, _ in folded)
    marked = [False] * len(title)
    for word in words_of(query):
        start = text.find(word)
        while start != -1:
            if start == 0 or not text[start - 1].isalnum():
                for _, index in folded[start : start + len(word)]:
                    marked[index] = True
            start = text.find(word, start + 1)
    return _pieces(title, marked)


def _pieces(title: str, marked: list[bool]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for character, mark in zip(title, marked, strict=True):
        if pieces and pieces[-1][1] is mark:
            pieces[-1] = (pieces[-1][0] + character, mark)
        else:
            pieces.append((character, mark))
    return pieces
