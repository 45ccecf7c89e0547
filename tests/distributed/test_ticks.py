"""Ticks by the cron bindings of a real sidecar, through the gate that its app has."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.types import ASGIApp

from tests.conformance.ticks_suite import TicksSuite
from tests.distributed.sidecars import local_component, run_sidecar, some_tokens
from todo_app.api.sidecar_gate import SidecarGate
from todo_app.server import listen
from todo_app.ticks.bindings import ticks_router
from todo_app.ticks.port import Ticks


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[int]:
    """The port of loopback at which the app answers while the block lasts."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def ticking(folder: Path) -> AsyncIterator[Ticks]:
    """Ticks of an app beside its sidecar."""
    ticks, tokens = Ticks(), some_tokens()
    app = FastAPI()
    app.include_router(ticks_router(ticks), prefix="/events")
    gated = SidecarGate(app, SecretStr(tokens.app))
    async with serving(gated) as port, contextlib.AsyncExitStack() as stack:
        binding = local_component("cron-reminders.yaml")
        sidecar = run_sidecar(folder, "todo-reminders", [binding], app_port=port, tokens=tokens)
        # Starting it blocks, and it asks the app meanwhile.
        await asyncio.to_thread(sidecar.__enter__)
        stack.push(sidecar.__exit__)
        yield ticks


class TestBindings(TicksSuite):
    @pytest.fixture
    async def ticks(self, tmp_path: Path) -> AsyncIterator[Ticks]:
        async with ticking(tmp_path) as ticks:
            yield ticks
