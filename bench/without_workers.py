"""Serves the app as `serve` does, but for the loops that do the workers' work: as in the distributed mode."""

from __future__ import annotations

import os

import uvicorn

from todo_app.frontend import ensure_built
from todo_app.server import REFLEX
from todo_app.settings import Settings


def main() -> None:
    """Serve until a signal comes."""
    ensure_built()
    os.environ.update(REFLEX)
    # The loops are what the app does for its lifespan.
    uvicorn.run(
        "todo_app.todo_app:app",
        factory=True,
        port=Settings(_env_file=None).port,
        lifespan="off",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
