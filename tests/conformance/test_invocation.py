"""Effects by a function call."""

from __future__ import annotations

import pytest

from tests.conformance.invocation_suite import InvocationSuite, consumers
from tests.events.conftest import clock, scene, witness  # noqa: F401  # fixtures
from tests.events.scene import Scene
from tests.events.witness import Witness
from todo_app.invocation.local import LocalInvocation


class TestLocal(InvocationSuite):
    @pytest.fixture
    def invocation(self, scene: Scene, witness: Witness) -> LocalInvocation:  # noqa: F811
        return LocalInvocation(scene.work, consumers(witness))
