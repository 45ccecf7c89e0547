"""Manual order: text keys between which there is always room for another one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fractional_indexing import FIError, generate_n_keys_between, validate_order_key

from todo_app.domain.errors import Invalid

RANK_MAX = 200
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# In a fractional-indexing key the first letter says how long the integer part is: h = 8 digits.
_INTEGER_DIGITS = 8
_HEAD = "h"
_ID_DIGITS = 22


def rank_at(now: datetime, task_id: UUID) -> str:
    """The rank of a new task: after every earlier one, without asking the database for the last."""
    milliseconds = int(now.timestamp() * 1000)
    # Ids of version 7 rise, so they order what is added at one instant. A key must not end in a zero.
    return _HEAD + _base62(milliseconds, _INTEGER_DIGITS) + _base62(task_id.int, _ID_DIGITS) + "V"


def rank_between(before: str | None, after: str | None) -> str:
    """A rank between two others; ``None`` is the start or the end of the list.

    Raises:
        Invalid: when the two are not in order, as after somebody else's move.
    """
    return ranks_between(before, after, count=1)[0]


def ranks_between(before: str | None, after: str | None, *, count: int) -> list[str]:
    """Several ranks between two others, in order.

    Raises:
        Invalid: when the two are not in order, as after somebody else's move.
    """
    try:
        for rank in (before, after):
            if rank is not None:
                validate_order_key(rank, _DIGITS)
        return [str(rank) for rank in generate_n_keys_between(before, after, count, _DIGITS)]
    except FIError:
        raise Invalid("order", "The list was reordered in the meantime. Try again.") from None


def is_rank(text: str) -> bool:
    """Whether a text can be a rank."""
    if len(text) > RANK_MAX:
        return False
    try:
        validate_order_key(text, _DIGITS)
    except FIError:
        return False
    return True


def _base62(number: int, digits: int) -> str:
    text = ""
    for _ in range(digits):
        number, digit = divmod(number, 62)
        text = _DIGITS[digit] + text
    return text
