"""What a consumer makes of deliveries: every event once, in order per object, whatever the bus does."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from tests.events.scene import Scene, deliver_everything, forget_events, sign_up
from tests.events.witness import Poisoned, Witness
from todo_app.bootstrap import bootstrap
from todo_app.db.repositories.inbox import InboxRepository, UndoneEvent
from todo_app.db.repositories.outbox import Subscription
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import Event
from todo_app.events import lanes
from todo_app.events.consumers import Consumer, one_by_one, process
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.lanes import Retries
from todo_app.events.notices import Notice
from todo_app.services import dead_letters, tasks
from todo_app.settings import Settings

AT_ONCE = Retries(pauses=(0.0, 0.0))


@pytest.fixture
def bus(scene: Scene, witness: Witness) -> EmbeddedBus:
    bus = EmbeddedBus(scene.work, retries=AT_ONCE)
    bus.subscribe(witness.consumer)
    return bus


async def test_a_second_delivery_has_no_effect(scene: Scene, witness: Witness) -> None:
    task = await scene.add()
    events = await scene.events()
    await process(scene.work, witness.consumer, [*events, *events])
    await process(scene.work, witness.consumer, events)
    assert await witness.seen(scene.work) == {task: [1]}


async def test_two_deliveries_at_the_same_time_have_one_effect(
    scene: Scene, settings: Settings, witness: Witness
) -> None:
    tasks = [await scene.add() for _ in range(10)]
    events = await scene.events()
    other_process = bootstrap(settings)
    await asyncio.gather(
        *(
            process(work, witness.consumer, [event])
            for event in events
            for work in (scene.work, other_process.work)
        )
    )
    await other_process.close()
    assert await witness.seen(scene.work) == {task: [1] for task in tasks}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_two_deliveries_that_both_find_the_event_undone_have_one_effect(
    scene: Scene, settings: Settings, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer; on PostgreSQL both may look before either has written its inbox row."""
    look, both_have_looked = InboxRepository.undone, asyncio.Barrier(2)

    async def look_and_wait(
        self: InboxRepository, subscription: Subscription, aggregate_ids: Collection[UUID]
    ) -> Sequence[UndoneEvent]:
        undone = await look(self, subscription, aggregate_ids)
        await both_have_looked.wait()
        return undone

    monkeypatch.setattr(InboxRepository, "undone", look_and_wait)
    task = await scene.add()
    events = await scene.events()
    other_process = bootstrap(settings)
    await asyncio.gather(
        *(process(each, witness.consumer, events) for each in (scene.work, other_process.work))
    )
    await other_process.close()
    assert await witness.seen(scene.work) == {task: [1]}


async def test_an_event_before_its_predecessor_waits_for_it(
    scene: Scene, witness: Witness, bus: EmbeddedBus
) -> None:
    task = await scene.task_with_events(3)
    first, second, third = await scene.events()
    await bus.publish([third])
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {}
    await bus.publish([first])
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {task: [1]}
    await bus.publish([second])
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {task: [1, 2, 3]}


@pytest.mark.parametrize("seed", range(8))
async def test_any_order_with_any_duplicates_gives_each_effect_once_and_in_order(
    scene: Scene, witness: Witness, bus: EmbeddedBus, seed: int
) -> None:
    chance = random.Random(seed)
    tasks = [await scene.task_with_events(chance.randint(1, 6)) for _ in range(8)]
    events = await scene.events()
    deliveries = events + chance.choices(events, k=len(events))
    chance.shuffle(deliveries)
    while deliveries:
        size = chance.randint(1, 9)
        await bus.publish(deliveries[:size])
        del deliveries[:size]
        await deliver_everything(bus)
    count = {task: sum(event.aggregate_id == task for event in events) for task in tasks}
    assert await witness.seen(scene.work) == {task: list(range(1, count[task] + 1)) for task in tasks}


async def test_a_consumer_waits_only_for_events_of_types_that_it_gets(scene: Scene) -> None:
    edits_only = Witness(types=["task.updated"])
    task = await scene.task_with_events(2)
    await process(scene.work, edits_only.consumer, await scene.events())
    assert await edits_only.seen(scene.work) == {task: [2]}


async def test_a_failure_takes_the_whole_transaction_back(scene: Scene, witness: Witness) -> None:
    await scene.add()
    await scene.add()
    events = await scene.events()
    witness.poison.add(events[1].id)
    with pytest.raises(Poisoned):
        await process(scene.work, witness.consumer, events)
    assert await witness.seen(scene.work) == {}
    assert await scene.inbox("witness") == set()


async def test_a_poisoned_event_becomes_a_dead_letter_and_blocks_only_its_own_task(
    scene: Scene, witness: Witness, bus: EmbeddedBus
) -> None:
    good, bad = await scene.task_with_events(3), await scene.task_with_events(3)
    poisoned = (await scene.events(bad))[1]
    witness.poison.add(poisoned.id)
    await bus.publish(await scene.events())
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {good: [1, 2, 3], bad: [1]}
    # Once in the batch, then alone: at first and after each pause.
    assert witness.attempts[poisoned.id] == 1 + 1 + len(AT_ONCE.pauses)
    async with scene.work.read() as uow:
        [letter] = await dead_letters.letters(uow)
    assert (letter.consumer, letter.event_id, letter.aggregate_id) == ("witness", poisoned.id, bad)
    assert "Poisoned" in letter.error


async def test_what_waits_behind_a_dead_letter_goes_on_waiting(
    scene: Scene, witness: Witness, bus: EmbeddedBus
) -> None:
    bad = await scene.task_with_events(2)
    poisoned = (await scene.events())[0].id
    witness.poison.add(poisoned)
    await bus.publish(await scene.events())
    await deliver_everything(bus)
    attempts = witness.attempts[poisoned]
    await scene.rename(bad, "again")
    await bus.publish(await scene.events())
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {}
    assert witness.attempts[poisoned] == attempts, "a dead letter is not tried again by itself"
    async with scene.work.read() as uow:
        assert await uow.dead_letters.count() == 1


async def test_two_consumers_do_not_hinder_each_other(scene: Scene, witness: Witness) -> None:
    healthy = Witness("healthy")
    bus = EmbeddedBus(scene.work, retries=AT_ONCE)
    bus.subscribe(witness.consumer)
    bus.subscribe(healthy.consumer)
    task = await scene.task_with_events(2)
    witness.poison.add((await scene.events())[0].id)
    await bus.publish(await scene.events())
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {}
    assert await healthy.seen(scene.work) == {task: [1, 2]}


async def test_an_event_that_fails_once_is_tried_again(scene: Scene, bus: EmbeddedBus) -> None:
    class Cured(Witness):
        async def _handle(self, uow: UnitOfWork, event: Event) -> None:
            self.poison = {event.id} if self.attempts[event.id] < 2 else set()
            await super()._handle(uow, event)

    cured = Cured("cured")
    bus.subscribe(cured.consumer)
    task = await scene.task_with_events(2)
    await bus.publish(await scene.events())
    await deliver_everything(bus)
    assert await cured.seen(scene.work) == {task: [1, 2]}
    async with scene.work.read() as uow:
        assert await uow.dead_letters.count() == 0


async def test_a_database_that_is_away_makes_no_dead_letters(scene: Scene, witness: Witness) -> None:
    away = 5

    async def handle(uow: UnitOfWork, events: Sequence[Event]) -> None:
        nonlocal away
        if away:
            away -= 1
            raise OperationalError("SELECT 1", {}, ConnectionError("server closed the connection"))
        await witness.consumer.handle(uow, events)

    bus = EmbeddedBus(scene.work, retries=Retries(pauses=()))
    bus.subscribe(Consumer("witness", witness.consumer.types, handle))
    [loop] = bus.loops()
    first, second = await scene.add(), await scene.add()
    await bus.publish(await scene.events())
    for _ in range(5):
        with pytest.raises(OperationalError):
            await loop.step()
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {first: [1], second: [1]}


async def test_an_event_that_can_not_be_buried_yet_is_not_forgotten(
    scene: Scene, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = EmbeddedBus(scene.work, retries=Retries(pauses=()))
    bus.subscribe(witness.consumer)
    [loop] = bus.loops()
    task = await scene.add()
    [event] = await scene.events()
    witness.poison.add(event.id)
    await bus.publish([event])
    with monkeypatch.context() as broken:
        broken.setattr(lanes, "bury", _fail)
        with pytest.raises(OperationalError):
            await loop.step()
    witness.poison.clear()
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {task: [1]}


async def _fail(*_: object, **__: object) -> None:
    raise OperationalError("INSERT", {}, ConnectionError("server closed the connection"))


async def test_an_effect_can_be_a_command_of_its_own_for_each_event(scene: Scene) -> None:
    """A worker acts for the user of the event; what it does is told like everything else."""
    bob = await sign_up(scene.work, "bob@example.org")
    people = {scene.person.user_id: scene.person, bob.user_id: bob}
    await forget_events(scene.work)

    async def follow(uow: UnitOfWork, event: Event) -> None:
        uow.identity = people[event.user_id]
        await tasks.add(uow, tasks.AddTask(title="follow up"))

    worker = Consumer("worker", frozenset({"task.created"}), one_by_one(follow))
    for person in people.values():
        async with scene.work.write(person) as uow:
            await tasks.add(uow, tasks.AddTask(title="first"))
    heard: list[Notice] = []
    scene.application.notices.subscribe(heard.append)
    await process(scene.work, worker, await scene.events())
    events = await scene.events()
    assert Counter(event.user_id for event in events) == dict.fromkeys(people, 2)
    assert len({event.command_id for event in events}) == 4
    assert {notice.user_id for notice in heard} == set(people)
    for person in people.values():
        async with scene.work.read(person) as uow:
            assert (await uow.tasks.counts.all())["inbox"] == 2
