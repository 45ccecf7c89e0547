"""What every invocation promises; each adapter runs it with one that knows the consumer ``witness``."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy.exc import OperationalError

from tests.events.scene import Scene
from tests.events.witness import Witness
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import Event
from todo_app.events.consumers import Consumer
from todo_app.events.lanes import Unreachable
from todo_app.invocation.port import EffectFailed, Invocation

AWAY = "away"


def consumers(witness: Witness) -> list[Consumer]:
    """Those that the one under test must know."""
    return [witness.consumer, Consumer(AWAY, witness.consumer.types, _is_away)]


async def _is_away(uow: UnitOfWork, events: Sequence[Event]) -> None:
    raise OperationalError("SELECT 1", {}, ConnectionError("server closed the connection"))


class InvocationSuite:
    """Needs the fixtures ``invocation``, ``scene`` and ``witness``."""

    async def test_effects_are_made_once(
        self, invocation: Invocation, scene: Scene, witness: Witness
    ) -> None:
        task = await scene.task_with_events(3)
        first, second, third = await scene.events()

        early = await invocation.execute("witness", [third])
        done = await invocation.execute("witness", [first, second, third])
        again = await invocation.execute("witness", [second])

        assert (early.ready, early.early) == ([], [third])
        assert (done.ready, done.early, done.over) == ([first, second, third], [], [])
        assert again.over == [second]
        assert await witness.seen(scene.work) == {task: [1, 2, 3]}
        assert await scene.inbox("witness") == {first.id, second.id, third.id}

    async def test_what_goes_wrong_is_told_and_nothing_has_happened(
        self, invocation: Invocation, scene: Scene, witness: Witness
    ) -> None:
        await scene.task_with_events(2)
        first, second = await scene.events()
        witness.poison = {second.id}

        with pytest.raises(EffectFailed, match="Poisoned"):
            await invocation.execute("witness", [first, second])

        assert await witness.seen(scene.work) == {}
        assert await scene.inbox("witness") == set()

    async def test_a_database_that_is_away_is_no_fault_of_the_events(
        self, invocation: Invocation, scene: Scene
    ) -> None:
        await scene.add()

        with pytest.raises(Unreachable):
            await invocation.execute(AWAY, await scene.events())

    async def test_nobody_can_be_asked_for_nothing_known(self, invocation: Invocation) -> None:
        with pytest.raises(KeyError):
            await invocation.execute("nobody", [])
