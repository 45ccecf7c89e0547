"""What `doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined; ``remedy`` is what to do when it is not in order."""

    subject: str
    health: Health
    says: str
    remedy: str = ""


def ok(subject: str, says: str) -> Finding:
    """It is in order."""
    return Finding(subject, Health.OK, says)


def warning(subject: str, says: str, remedy: str) -> Finding:
    """It works, but not for long or not well."""
    return Finding(subject, Health.WARNING, says, remedy)


def failed(subject: str, says: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(subject, Health.FAILED, says, remedy)
