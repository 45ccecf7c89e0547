"""The bus inside one process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conformance.bus_suite import AT_ONCE, BusSuite, Running
from tests.events.conftest import scene  # noqa: F401  # a fixture
from tests.events.scene import Scene
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.supervisor import Supervisor


class TestEmbedded(BusSuite):
    @pytest.fixture
    def bus(self, scene: Scene) -> EmbeddedBus:  # noqa: F811
        return EmbeddedBus(scene.work, retries=AT_ONCE)

    @pytest.fixture
    def running(self) -> Running:
        return _running


@asynccontextmanager
async def _running(bus: EmbeddedBus) -> AsyncIterator[None]:
    async with Supervisor().running(bus.loops()):
        yield
