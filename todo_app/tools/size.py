"""How long an answer is for those who read it in tokens."""

from __future__ import annotations

import re

# What any tokeniser in use makes of these is no more than is counted here: three letters or digits in a
# row, each mark by itself, and two for every character beyond ASCII.
_PIECES = re.compile(r"[A-Za-z]{1,3}|[0-9]{1,3}|[^\x00-\x7f]|[^\sA-Za-z0-9]|\s{2,}")


def tokens_at_most(text: str) -> int:
    """More tokens than a text has for a model, without any model's own tokeniser."""
    return sum(1 if piece.isascii() else 2 for piece in _PIECES.findall(text))
