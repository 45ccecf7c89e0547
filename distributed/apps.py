"""The processes that the distributed mode consists of, and how each is started."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class App:
    """One process of the app, which has a sidecar of its own."""

    name: str
    # What sidecars call it; the web processes share one.
    app_id: str
    # Of `python -m todo_app`.
    arguments: Sequence[str]

    @property
    def sidecar(self) -> str:
        """The name of its sidecar."""
        return f"{self.name}-sidecar"

    @property
    def command(self) -> list[str]:
        """How it is started."""
        return [sys.executable, "-m", "todo_app", *self.arguments]


WEB: Final = (App("web-1", "todo-web", ["serve"]), App("web-2", "todo-web", ["serve"]))
WORKERS: Final = tuple(
    App(name, f"todo-{name}", ["worker", name])
    for name in ("recurrence", "reminders", "notifications", "audit")
)
APPS: Final = (*WEB, *WORKERS)
