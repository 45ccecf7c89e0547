"""Ticks by the cron bindings of a real sidecar, through the gate that its app has."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from tests.conformance.ticks_suite import TicksSuite
from tests.distributed.sidecars import local_component, run_sidecar, some_tokens
from tests.fixtures.served import port_of, served
from todo_app.api.sidecar_gate import SidecarGate
from todo_app.ticks.bindings import ticks_router
from todo_app.ticks.port import Ticks


@contextlib.asynccontextmanager
async def ticking(folder: Path) -> AsyncIterator[Ticks]:
    """Ticks of an app beside its sidecar."""
    ticks, tokens = Ticks(), some_tokens()
    app = FastAPI()
    app.include_router(ticks_router(ticks), prefix="/events")
    gated = SidecarGate(app, SecretStr(tokens.app))
    async with served(gated) as url, contextlib.AsyncExitStack() as stack:
        binding = local_component("cron-reminders.yaml")
        sidecar = run_sidecar(folder, "todo-reminders", [binding], app_port=port_of(url), tokens=tokens)
        # Starting it blocks, and it asks the app meanwhile.
        await asyncio.to_thread(sidecar.__enter__)
        stack.push(sidecar.__exit__)
        yield ticks


class TestBindings(TicksSuite):
    @pytest.fixture
    async def ticks(self, tmp_path: Path) -> AsyncIterator[Ticks]:
        async with ticking(tmp_path) as ticks:
            yield ticks
