"""The relay brings every committed event to the bus, in order per object, whoever dies and whatever fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.events.recording_bus import RecordingBus
from tests.events.scene import Scene, deliver_everything
from tests.events.witness import Witness
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import OutboxEvent
from todo_app.domain.events import Event
from todo_app.events import relay as relaying
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.notices import Notice, Notices
from todo_app.events.relay import GIVE_UP_AFTER, HOLD_BACK, LEASE, Relay
from todo_app.services import dead_letters
from todo_app.settings import Settings


@pytest.fixture
def bus() -> RecordingBus:
    return RecordingBus()


@pytest.fixture
def relay(scene: Scene, bus: RecordingBus, witness: Witness) -> Relay:
    return Relay(scene.work, bus, Notices().announce, consumers=[witness.consumer], owner="first")


@pytest.fixture
async def other(scene: Scene, settings: Settings) -> AsyncIterator[Application]:
    """Another process with the same database and clock."""
    application = bootstrap(settings, clock=scene.clock)
    yield application
    await application.close()


async def test_every_event_is_published_once_and_in_order(
    scene: Scene, relay: Relay, bus: RecordingBus
) -> None:
    tasks = [await scene.task_with_events(3) for _ in range(3)]
    assert (await relay.publish_batch()).claimed == 9
    assert (await relay.publish_batch()).claimed == 0
    assert {task: bus.numbers_of(task) for task in tasks} == {task: [1, 2, 3] for task in tasks}
    assert all(row.published_at == scene.clock.now for row in await scene.outbox())


async def test_a_backlog_goes_out_batch_by_batch(
    scene: Scene, relay: Relay, bus: RecordingBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "BATCH", 4)
    task = await scene.task_with_events(10)
    rests = [await relay.step() for _ in range(3)]
    assert rests == [0.0, 0.0, relaying.POLL_SECONDS]
    assert bus.numbers_of(task) == list(range(1, 11))


async def test_an_event_whose_id_is_older_than_published_ones_is_not_missed(
    scene: Scene, relay: Relay, bus: RecordingBus
) -> None:
    late = await scene.add("drew its id first, committed last")
    async with scene.work.write() as uow:
        row = (await scene.outbox(late))[0]
        await uow.session.delete(await uow.session.get(OutboxEvent, row.id))
    await scene.add("drew its id later, committed first")
    await relay.publish_batch()
    async with scene.work.write() as uow:
        uow.session.add(OutboxEvent.model_validate(row.model_dump()))
    await relay.publish_batch()
    assert bus.numbers_of(late) == [1]


async def test_two_relays_share_the_work_and_publish_nothing_twice(
    scene: Scene, relay: Relay, bus: RecordingBus, other: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "BATCH", 5)
    tasks = [await scene.task_with_events(5) for _ in range(8)]
    second = Relay(other.work, bus, Notices().announce, consumers=[], owner="second")

    async def work_off(one: Relay) -> int:
        total = 0
        while claimed := (await one.publish_batch()).claimed:
            total += claimed
        return total

    await asyncio.gather(work_off(relay), work_off(second))
    # Either may have stopped while the other still held the aggregates of the rest.
    await work_off(relay)
    assert Counter(event.id for event in bus.published) == Counter(
        {event.id: 1 for event in await scene.events()}
    )
    assert {task: bus.numbers_of(task) for task in tasks} == {task: [1, 2, 3, 4, 5] for task in tasks}


async def test_an_object_has_one_owner_at_a_time(scene: Scene, relay: Relay, other: Application) -> None:
    task = await scene.task_with_events(2)
    second = Relay(other.work, RecordingBus(), Notices().announce, consumers=[], owner="second")
    assert len(await relay.claim()) == 2
    await scene.rename(task, "while the first relay is publishing")
    assert await second.claim() == []
    assert await relay.claim() == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_claim_waits_for_another_one_that_is_not_committed_yet(
    scene: Scene, relay: Relay, other: Application
) -> None:
    """SQLite has one writer; on PostgreSQL the second claim could not see the first one's leases."""
    task = await scene.add()
    async with other.work.follow_up() as uow:
        lease = uow.now + LEASE
        assert len(await uow.outbox.claim(owner="other", now=uow.now, until=lease, limit=9)) == 1
        await scene.rename(task, "committed while the other relay claims")
        second = asyncio.create_task(relay.claim())
        await asyncio.wait({second}, timeout=0.5)
    assert await second == []
    assert [row.claimed_by for row in await scene.outbox()] == ["other", None]


async def test_a_crash_between_publishing_and_marking_repeats_the_event_but_not_its_effect(
    scene: Scene, witness: Witness, other: Application
) -> None:
    bus = EmbeddedBus(scene.work)
    bus.subscribe(witness.consumer)
    task = await scene.add()
    doomed = Relay(other.work, bus, Notices().announce, consumers=[witness.consumer], owner="doomed")
    await bus.publish([_event(entry.envelope) for entry in await doomed.claim()])
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {task: [1]}

    heir = Relay(scene.work, bus, Notices().announce, consumers=[witness.consumer], owner="heir")
    assert (await heir.publish_batch()).claimed == 0, "the lease still holds"
    scene.clock.advance(LEASE)
    assert (await heir.publish_batch()).claimed == 1
    await deliver_everything(bus)
    assert await witness.seen(scene.work) == {task: [1]}


async def test_a_relay_whose_lease_ran_out_does_not_touch_the_claim_of_its_heir(
    scene: Scene, relay: Relay, other: Application
) -> None:
    await scene.add()
    [slow] = await relay.claim()
    scene.clock.advance(LEASE)
    heir = Relay(other.work, RecordingBus(), Notices().announce, consumers=[], owner="heir")
    assert await heir.claim() == [slow]
    async with scene.work.write() as uow:
        await uow.outbox.hold_back([slow.id], owner="first", until=uow.now)
    assert [row.claimed_by for row in await scene.outbox()] == ["heir"]


async def test_after_a_failed_entry_the_later_events_of_its_object_are_held_back(
    scene: Scene, relay: Relay, bus: RecordingBus
) -> None:
    held, free = await scene.task_with_events(4), await scene.task_with_events(4)
    second = (await scene.events(held))[1]
    bus.refused = {second.id}
    assert await relay.step() == HOLD_BACK.total_seconds()
    assert [row.published_at is not None for row in await scene.outbox(held)] == [True, False, False, False]
    assert [row.published_at is not None for row in await scene.outbox(free)] == [True] * 4

    await scene.rename(held, "5")
    bus.refused, bus.published = set(), []
    await relay.publish_batch()
    assert bus.numbers_of(held) == [], "nothing overtakes the failed event"
    scene.clock.advance(HOLD_BACK)
    await relay.publish_batch()
    assert bus.numbers_of(held) == [2, 3, 4, 5]


async def test_an_event_that_nobody_can_read_is_a_dead_letter_of_each_consumer(
    scene: Scene, relay: Relay, bus: RecordingBus
) -> None:
    broken, fine = await scene.task_with_events(2), await scene.task_with_events(2)
    original = (await scene.outbox(broken))[0]
    await _set_envelope(scene, original.id, '{"from": "a newer version"}')
    scene.clock.advance(GIVE_UP_AFTER)
    await relay.publish_batch()
    assert bus.numbers_of(fine) == [1, 2]
    async with scene.work.read() as uow:
        [letter] = await dead_letters.letters(uow)
    assert (letter.consumer, letter.event_id) == ("witness", original.id)

    await _set_envelope(scene, original.id, original.envelope)
    async with scene.work.write() as uow:
        await dead_letters.replay(uow, letter.id)
    bus.published = []
    await relay.publish_batch()
    assert bus.numbers_of(broken) == [1, 2]


async def test_what_a_newer_version_has_written_is_left_to_its_relays(
    scene: Scene, relay: Relay, bus: RecordingBus
) -> None:
    new, fine = await scene.task_with_events(2), await scene.task_with_events(2)
    original = (await scene.outbox(new))[0]
    await _set_envelope(scene, original.id, '{"from": "a newer version"}')
    assert await relay.step() == HOLD_BACK.total_seconds()
    assert (bus.numbers_of(new), bus.numbers_of(fine)) == ([], [1, 2])
    async with scene.work.read() as uow:
        assert await uow.dead_letters.count() == 0

    await _set_envelope(scene, original.id, original.envelope)
    scene.clock.advance(HOLD_BACK)
    await relay.publish_batch()
    assert bus.numbers_of(new) == [1, 2]


async def test_a_bus_that_fails_gets_smaller_batches_until_it_takes_one(
    scene: Scene, relay: Relay, bus: RecordingBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "BATCH", 4)
    tired = Relay(scene.work, bus, Notices().announce, consumers=[])
    for _ in range(12):
        await scene.add()
    bus.refused = {event.id for event in await scene.events()}
    claimed = []
    for _ in range(3):
        claimed.append((await tired.publish_batch()).claimed)
        scene.clock.advance(HOLD_BACK)
    bus.refused = set()
    claimed += [(await tired.publish_batch()).claimed for _ in range(4)]
    assert claimed == [4, 2, 1, 1, 1, 2, 4], "and larger ones again when it can"


async def test_what_another_process_committed_is_announced_when_it_is_claimed(
    scene: Scene, bus: RecordingBus
) -> None:
    heard: list[Notice] = []
    notices = Notices()
    notices.subscribe(heard.append)
    relay = Relay(scene.work, bus, notices.announce, consumers=[])
    task = await scene.add()
    await relay.publish_batch()
    await relay.publish_batch()
    [notice] = heard
    assert (notice.user_id, notice.aggregate_ids) == (scene.person.user_id, {task})


def _event(envelope: str) -> Event:
    return Event.model_validate_json(envelope)


async def _set_envelope(scene: Scene, event_id: UUID, envelope: str) -> None:
    async with scene.work.write() as uow:
        await uow.session.execute(
            update(OutboxEvent).where(col(OutboxEvent.id) == event_id).values(envelope=envelope)
        )
