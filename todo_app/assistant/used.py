"""What a turn by a model has cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Used:
    """The tokens of a turn, and why it ended early if it did."""

    tokens: int = 0
    problem: str = ""
