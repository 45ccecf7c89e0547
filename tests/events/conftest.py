"""An application on a database of its own, a clock that tests turn, a person, and a witness of effects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.events.scene import Clock, Scene, forget_events, sign_up
from tests.events.witness import Witness
from todo_app.bootstrap import bootstrap
from todo_app.settings import Settings


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 7, 15, 9, tzinfo=UTC))


@pytest.fixture
async def scene(settings: Settings, clock: Clock) -> AsyncIterator[Scene]:
    """A person whose registration is forgotten, so that a test sees only its own events."""
    application = bootstrap(settings, clock=clock)
    person = await sign_up(application.work)
    await forget_events(application.work)
    clock.advance(timedelta(seconds=1))
    yield Scene(application, person, clock)
    await application.close()


@pytest.fixture
def witness() -> Witness:
    return Witness()
