"""What a benchmark finds out, and whether it is good enough."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a figure stands to its goal."""

    PASS = "pass"
    MISS = "miss"
    NO_GOAL = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; at most ``goal`` is good.

    A ``relative`` one (a ratio, a count, bytes) hardly depends on the machine, so that `--check` can
    fail on it anywhere.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    relative: bool = False

    @property
    def verdict(self) -> Verdict:
        """Whether the goal is met."""
        if self.goal is None:
            return Verdict.NO_GOAL
        return Verdict.PASS if self.value <= self.goal else Verdict.MISS

    def as_json(self) -> dict[str, object]:
        """The figure for a program."""
        return {**asdict(self), "verdict": self.verdict.value}


def p50(seconds: Sequence[float]) -> float:
    """The median in milliseconds."""
    return statistics.median(seconds) * 1000


def p95(seconds: Sequence[float]) -> float:
    """What 95 of 100 stay below, in milliseconds."""
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def p99(seconds: Sequence[float]) -> float:
    """What 99 of 100 stay below, in milliseconds."""
    return statistics.quantiles(seconds, n=100)[-1] * 1000


def table(question: str, figures: Sequence[Figure]) -> str:
    """The figures as lines under their question."""
    lines = [question]
    for figure in figures:
        goal = "" if figure.goal is None else f"<= {figure.goal:g} {figure.unit}"
        value = f"{figure.value:.4g} {figure.unit}"
        lines.append(f"  {figure.name:44}{value:>14}  {goal:>14}  {figure.verdict}".rstrip())
    return "\n".join(lines)
