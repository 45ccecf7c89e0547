"""Programs of two people."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from tests.api.conftest import Open, serve
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


@pytest.fixture
async def url(application: Application, page_folder: Path) -> AsyncIterator[str]:
    """Where the app listens."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(serve(application, page_folder), log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await running
