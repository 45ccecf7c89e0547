"""How long an answer is for those who read it in tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel

# What the rows of one answer come to at most; with what is around them it stays below 25,000.
ROWS_TOKENS_MAX = 20_000
# What any tokeniser in use makes of these is no more than is counted here: three letters or digits in a
# row, each mark by itself, and two for every character beyond ASCII.
_PIECES = re.compile(r"[A-Za-z]{1,3}|[0-9]{1,3}|[^\x00-\x7f]|[^\sA-Za-z0-9]|\s{2,}")


def tokens_at_most(text: str) -> int:
    """More tokens than a text has for a model, without any model's own tokeniser."""
    return sum(map(_cost, _PIECES.findall(text)))


def fitting(rows: Sequence[BaseModel], *, tokens: int = ROWS_TOKENS_MAX) -> int:
    """How many of the rows fit into an answer, at least one."""
    for number, row in enumerate(rows):
        tokens -= tokens_at_most(row.model_dump_json(exclude_none=True)) + 1
        if tokens < 0:
            return max(1, number)
    return len(rows)


def beginning(text: str, *, tokens: int) -> str:
    """As much of a text as certainly has no more than so many tokens."""
    for piece in _PIECES.finditer(text):
        tokens -= _cost(piece[0])
        if tokens < 0:
            return text[: piece.start()]
    return text


def _cost(piece: str) -> int:
    return 1 if piece.isascii() else 2
