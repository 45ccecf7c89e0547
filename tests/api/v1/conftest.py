"""Programs of two people."""

from __future__ import annotations

import pytest

from tests.api.conftest import Open
from tests.api.v1.program import Program
from todo_app.bootstrap import Application


@pytest.fixture
async def program(application: Application, open_browser: Open) -> Program:
    """One that may write for Ada."""
    return await Program.of(open_browser(), application, "ada@example.org")


@pytest.fixture
async def other(application: Application, open_browser: Open, program: Program) -> Program:
    """One that may write for Ben."""
    return await Program.of(open_browser(), application, "ben@example.org")
