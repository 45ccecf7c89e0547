"""When a broker is told that it may forget a delivery: not before the effect, unless the event waits here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from tests.events.scene import Scene
from tests.events.witness import Witness
from todo_app.domain.events import Event
from todo_app.events.consumers import Judgement, process
from todo_app.events.lanes import Execute, Lane, Retries, Unreachable
from todo_app.events.supervisor import Backoff, Supervisor
from todo_app.services import dead_letters

SECONDS = 10.0
AN_HOUR = Retries(pauses=(3600.0,))


@asynccontextmanager
async def running(
    scene: Scene, witness: Witness, *, execute: Execute | None = None, retries: Retries | None = None
) -> AsyncIterator[Lane]:
    lane = Lane(
        scene.work,
        witness.consumer,
        execute or partial(process, scene.work, witness.consumer),
        retries=retries,
    )
    supervisor = Supervisor(backoff=Backoff(first_seconds=0, longest_seconds=0))
    async with supervisor.running([lane.loop]), asyncio.timeout(SECONDS):
        yield lane


async def test_it_is_answered_when_it_has_taken_effect(scene: Scene, witness: Witness) -> None:
    task = await scene.task_with_events(3)
    async with running(scene, witness) as lane:
        await lane.deliver(await scene.events())
        assert await witness.seen(scene.work) == {task: [1, 2, 3]}


async def test_one_that_came_before_is_answered_and_has_no_effect(scene: Scene, witness: Witness) -> None:
    task = await scene.add()
    async with running(scene, witness) as lane:
        await lane.deliver(await scene.events())
        await lane.deliver(await scene.events())
        assert await witness.seen(scene.work) == {task: [1]}


async def test_two_deliveries_of_one_event_at_once_are_both_answered(scene: Scene, witness: Witness) -> None:
    task = await scene.add()
    events = await scene.events()
    async with running(scene, witness) as lane:
        await asyncio.gather(*(lane.deliver(events) for _ in range(3)))
        assert await witness.seen(scene.work) == {task: [1]}


async def test_one_that_is_early_is_answered_and_waits(scene: Scene, witness: Witness) -> None:
    task = await scene.task_with_events(3)
    first, *later = await scene.events()
    async with running(scene, witness) as lane:
        await lane.deliver(later)
        assert await witness.seen(scene.work) == {}
        await lane.deliver(later)
        await lane.deliver([first])
        await lane.deliver(later)
        assert await witness.seen(scene.work) == {task: [1, 2, 3]}


async def test_one_that_fails_is_answered_and_does_not_hold_up_others(scene: Scene, witness: Witness) -> None:
    bad, good = await scene.add(), await scene.add()
    events = await scene.events()
    witness.poison = {event.id for event in events if event.aggregate_id == bad}
    async with running(scene, witness, retries=AN_HOUR) as lane:
        await lane.deliver(events)
        assert await witness.seen(scene.work) == {good: [1]}
        await lane.deliver(events)


async def test_one_that_is_given_up_is_told_of(scene: Scene, witness: Witness) -> None:
    await scene.add()
    [event] = await scene.events()
    witness.poison = {event.id}
    told: list[Event] = []

    async def on_buried(buried: Event) -> None:
        told.append(buried)

    lane = Lane(
        scene.work,
        witness.consumer,
        partial(process, scene.work, witness.consumer),
        retries=Retries(pauses=()),
        on_buried=on_buried,
    )
    await lane.put(event)
    await lane.loop.step()
    assert told == [event]
    async with scene.work.read() as uow:
        [letter] = await dead_letters.letters(uow)
    assert letter.event_id == event.id


async def test_nobody_to_make_the_effect_is_no_fault_of_the_event(scene: Scene, witness: Witness) -> None:
    task = await scene.add()
    away = 5

    async def execute(events: Sequence[Event]) -> Judgement:
        nonlocal away
        if away:
            away -= 1
            raise Unreachable("the web app is away")
        return await process(scene.work, witness.consumer, events)

    async with running(scene, witness, execute=execute, retries=Retries(pauses=())) as lane:
        await lane.deliver(await scene.events())
        assert await witness.seen(scene.work) == {task: [1]}
