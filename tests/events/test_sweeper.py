"""What is lost on the way is sent out again; what has arrived everywhere is never looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.events.scene import Scene, deliver_everything
from tests.events.witness import Witness
from todo_app.events.consumers import process
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.lanes import Limits, Retries
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.events.sweeper import OLD_OVERDUE, OVERDUE, YOUNG, Sweeper
from todo_app.services import dead_letters


@pytest.fixture
def bus(scene: Scene, witness: Witness) -> EmbeddedBus:
    bus = EmbeddedBus(scene.work, retries=Retries(pauses=()))
    bus.subscribe(witness.consumer)
    return bus


@pytest.fixture
def relay(scene: Scene, bus: EmbeddedBus, witness: Witness) -> Relay:
    return Relay(scene.work, bus, Notices().announce, consumers=[witness.consumer])


@pytest.fixture
def sweeper(scene: Scene, relay: Relay, witness: Witness) -> Sweeper:
    return Sweeper(scene.work, [witness.consumer], wake_relay=relay.wake, consumers_are_here=True)


async def _lose_everything(scene: Scene) -> None:
    """Publish to nobody, as a process does that dies with its queues full."""
    await Relay(scene.work, EmbeddedBus(scene.work), Notices().announce, consumers=[]).publish_batch()


async def test_what_was_lost_takes_effect_after_all(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay, sweeper: Sweeper
) -> None:
    await sweeper.step()
    task = await scene.task_with_events(3)
    await _lose_everything(scene)
    await sweeper.step()
    await deliver_everything(bus, relay)
    assert await witness.seen(scene.work) == {}, "it may still be on its way"
    scene.clock.advance(OVERDUE)
    await sweeper.step()
    assert relay.loop.wake.is_set()
    await deliver_everything(bus, relay)
    assert await witness.seen(scene.work) == {task: [1, 2, 3]}


async def test_what_is_old_waits_longer_before_it_is_sent_again(
    scene: Scene, relay: Relay, sweeper: Sweeper
) -> None:
    await sweeper.step()
    await scene.task_with_events(2)
    scene.clock.advance(YOUNG)
    await _lose_everything(scene)
    scene.clock.advance(OVERDUE)
    await sweeper.step()
    assert not relay.loop.wake.is_set(), "it rather waits behind others"
    scene.clock.advance(OLD_OVERDUE - OVERDUE)
    await sweeper.step()
    assert relay.loop.wake.is_set()


async def test_a_process_that_starts_takes_everything_without_effect_for_lost(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay, sweeper: Sweeper
) -> None:
    task = await scene.task_with_events(2)
    await _lose_everything(scene)
    await sweeper.step()
    await deliver_everything(bus, relay)
    assert await witness.seen(scene.work) == {task: [1, 2]}


async def test_a_gap_is_filled_and_what_was_parked_behind_it_follows(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay, sweeper: Sweeper
) -> None:
    task = await scene.add()
    await _lose_everything(scene)
    await scene.rename(task, "parked")
    await deliver_everything(bus, relay)
    assert await witness.seen(scene.work) == {}
    await sweeper.step()
    await deliver_everything(bus, relay)
    assert await witness.seen(scene.work) == {task: [1, 2]}


async def test_an_event_goes_out_again_when_one_of_several_consumers_misses_it(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    task = await scene.add()
    await deliver_everything(bus, relay)
    late = Witness("late")
    bus.subscribe(late.consumer)
    sweeper = Sweeper(
        scene.work, [witness.consumer, late.consumer], wake_relay=relay.wake, consumers_are_here=True
    )
    await sweeper.step()
    await deliver_everything(bus, relay)
    assert await late.seen(scene.work) == await witness.seen(scene.work) == {task: [1]}


async def test_what_is_done_everywhere_is_settled_and_not_looked_at_again(
    scene: Scene, bus: EmbeddedBus, relay: Relay, sweeper: Sweeper
) -> None:
    task = await scene.add()
    await deliver_everything(bus, relay)
    await sweeper.step()
    assert all(row.settled_at for row in await scene.outbox())
    newcomer = Witness("newcomer")
    bus.subscribe(newcomer.consumer)
    await Sweeper(scene.work, [newcomer.consumer], wake_relay=relay.wake, consumers_are_here=True).step()
    await scene.rename(task, "seen by the newcomer")
    await deliver_everything(bus, relay)
    assert await newcomer.seen(scene.work) == {task: [2]}


async def test_what_is_not_done_everywhere_is_not_settled(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    await scene.add()
    await deliver_everything(bus, relay)
    sweeper = Sweeper(
        scene.work,
        [witness.consumer, Witness("away").consumer],
        wake_relay=relay.wake,
        consumers_are_here=True,
    )
    assert await sweeper.settle() == 0


async def test_events_behind_a_dead_letter_are_left_alone_until_it_is_replayed(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay, sweeper: Sweeper
) -> None:
    task = await scene.task_with_events(3)
    witness.poison.add((await scene.events())[1].id)
    await deliver_everything(bus, relay)
    assert await sweeper.republish(timedelta(0)) == 0

    witness.poison.clear()
    async with scene.work.write() as uow:
        [letter] = await dead_letters.letters(uow)
        await dead_letters.replay(uow, letter.id)
    await deliver_everything(bus, relay)
    assert await witness.seen(scene.work) == {task: [1, 2, 3]}
    async with scene.work.read() as uow:
        assert await uow.dead_letters.count() == 0


async def test_a_discarded_dead_letter_never_takes_effect_and_blocks_nobody(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay, sweeper: Sweeper
) -> None:
    task = await scene.task_with_events(3)
    witness.poison.add((await scene.events())[1].id)
    await deliver_everything(bus, relay)
    async with scene.work.write() as uow:
        [letter] = await dead_letters.letters(uow)
        await dead_letters.discard(uow, letter.id)
    await deliver_everything(bus, relay)
    assert await witness.seen(scene.work) == {task: [1, 3]}
    await sweeper.step()
    assert all(row.settled_at for row in await scene.outbox())


async def test_a_replayed_event_that_is_still_poisoned_comes_back_as_a_dead_letter(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    await scene.add()
    witness.poison.add((await scene.events())[0].id)
    await deliver_everything(bus, relay)
    async with scene.work.write() as uow:
        [letter] = await dead_letters.letters(uow)
        await dead_letters.replay(uow, letter.id)
    await deliver_everything(bus, relay)
    async with scene.work.read() as uow:
        [again] = await dead_letters.letters(uow)
    assert (again.event_id, again.id != letter.id) == (letter.event_id, True)


async def test_what_finds_no_room_in_a_queue_is_brought_by_the_sweeper(
    scene: Scene, witness: Witness
) -> None:
    small = EmbeddedBus(scene.work, limits=Limits(queue=3, batch=2, wait_for_room_seconds=0.01))
    small.subscribe(witness.consumer)
    relay = Relay(scene.work, small, Notices().announce, consumers=[witness.consumer])
    sweeper = Sweeper(scene.work, [witness.consumer], wake_relay=relay.wake, consumers_are_here=True)
    small.on_room(sweeper.sweep_all)
    await sweeper.step()
    tasks = [await scene.task_with_events(2) for _ in range(5)]
    await deliver_everything(small, relay)
    assert len(await witness.seen(scene.work)) < len(tasks)
    while sweeper.loop.wake.is_set():
        sweeper.loop.wake.clear()
        await sweeper.step()
        await deliver_everything(small, relay)
    assert await witness.seen(scene.work) == {task: [1, 2] for task in tasks}


async def test_a_consumer_that_gets_no_events_of_a_type_does_not_hold_it_up(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    await scene.add()
    await deliver_everything(bus, relay)
    picky = Witness("picky", types=["task.completed"])
    sweeper = Sweeper(
        scene.work, [witness.consumer, picky.consumer], wake_relay=relay.wake, consumers_are_here=True
    )
    assert await sweeper.settle() == 1


async def test_a_forgotten_event_that_arrives_late_has_no_effect(scene: Scene, witness: Witness) -> None:
    await scene.add()
    events = await scene.events()
    async with scene.work.write() as uow:
        await uow.outbox.erase_user(scene.person.user_id)
    await process(scene.work, witness.consumer, events)
    assert await witness.seen(scene.work) == {}
    assert await scene.inbox("witness") == set()
