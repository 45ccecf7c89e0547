"""Programs of two people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.conftest import Open, serve
from tests.api.v1.program import Program
from tests.fixtures.served import served
from todo_app.bootstrap import Application


@pytest.fixture
async def program(application: Application, open_browser: Open) -> Program:
    """One that may write for Ada."""
    return await Program.of(open_browser(), application, "ada@example.org")


@pytest.fixture
async def other(application: Application, open_browser: Open, program: Program) -> Program:
    """One that may write for Ben."""
    return await Program.of(open_browser(), application, "ben@example.org")


@pytest.fixture
async def url(application: Application, page_folder: Path) -> AsyncIterator[str]:
    """Where the app listens."""
    async with served(serve(application, page_folder)) as address:
        yield address
