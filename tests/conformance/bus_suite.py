"""What every bus promises; each adapter runs it with a bus of its own, on a database of its own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.events.scene import Clock, Scene
from tests.events.witness import Witness
from todo_app.domain.events import Event
from todo_app.events.bus import Bus
from todo_app.events.consumers import Judgement, process
from todo_app.events.lanes import Retries
from todo_app.services import dead_letters

Running = Callable[[Bus], AbstractAsyncContextManager[object]]

AT_ONCE = Retries(pauses=(0.0, 0.0))
PATIENCE_SECONDS = 30.0


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: when it does not in time.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():  # noqa: ASYNC110  # a database tells nobody
            await asyncio.sleep(0.02)


class BusSuite:
    """Needs ``scene``, ``bus``, which tries ``AT_ONCE`` again, and ``running``, which lets one carry events."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock(datetime(2026, 7, 15, 9, tzinfo=UTC))

    async def test_each_consumer_gets_the_types_it_wants_in_order(
        self, bus: Bus, running: Running, scene: Scene
    ) -> None:
        everything, additions = Witness("everything"), Witness("additions", ["task.created"])
        bus.subscribe(everything.consumer)
        bus.subscribe(additions.consumer)
        tasks = [await scene.task_with_events(count) for count in (1, 3, 5)]

        async with running(bus):
            assert await bus.publish(await scene.events()) == []

            wanted = {task: list(range(1, count + 1)) for task, count in zip(tasks, (1, 3, 5), strict=True)}
            await eventually(lambda: _saw(everything, scene, wanted))
            await eventually(lambda: _saw(additions, scene, {task: [1] for task in tasks}))

    async def test_what_is_published_twice_and_in_any_order_takes_effect_once_in_order(
        self, bus: Bus, running: Running, scene: Scene
    ) -> None:
        witness = Witness()
        bus.subscribe(witness.consumer)
        tasks = [await scene.task_with_events(4) for _ in range(5)]
        events = await scene.events() * 2
        random.Random(1).shuffle(events)

        async with running(bus):
            for event in events:
                assert await bus.publish([event]) == []

            await eventually(lambda: _saw(witness, scene, {task: [1, 2, 3, 4] for task in tasks}))

    async def test_a_bad_event_holds_up_its_own_task_alone_until_it_is_replayed(
        self, bus: Bus, running: Running, scene: Scene
    ) -> None:
        witness = Witness()
        bus.subscribe(witness.consumer)
        bad, good = await scene.task_with_events(2), await scene.task_with_events(2)
        first, *_ = await scene.events(bad)
        witness.poison = {first.id}

        async with running(bus):
            await bus.publish(await scene.events())
            await eventually(lambda: _saw(witness, scene, {good: [1, 2]}))
            await eventually(lambda: _lies_dead(scene, first.id))
            witness.poison = set()
            async with scene.work.write() as uow:
                [letter] = await dead_letters.letters(uow)
                await dead_letters.replay(uow, letter.id)
            await bus.publish(await scene.events())

            await eventually(lambda: _saw(witness, scene, {bad: [1, 2], good: [1, 2]}))

    async def test_effects_can_be_made_elsewhere(self, bus: Bus, running: Running, scene: Scene) -> None:
        witness = Witness()
        asked: list[Event] = []

        async def execute(events: Sequence[Event]) -> Judgement:
            asked.extend(events)
            return await process(scene.work, witness.consumer, events)

        bus.subscribe(witness.consumer, execute)
        task = await scene.task_with_events(2)
        async with running(bus):
            await bus.publish(await scene.events())

            await eventually(lambda: _saw(witness, scene, {task: [1, 2]}))
        assert {event.id for event in asked} >= {event.id for event in await scene.events()}


async def _saw(witness: Witness, scene: Scene, wanted: Mapping[UUID, Sequence[int]]) -> bool:
    return await witness.seen(scene.work) == wanted


async def _lies_dead(scene: Scene, event_id: object) -> bool:
    async with scene.work.read() as uow:
        return [letter.event_id for letter in await dead_letters.letters(uow)] == [event_id]
