"""A deleted account leaves nothing behind that tells of the person, and nothing that stumbles over the gap."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel, col

from tests.events.scene import Scene, delete_account, deliver_everything, sign_up
from tests.events.witness import Witness
from todo_app.db.models import AuditRecord, OutboxEvent, User
from todo_app.domain.events import Event
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.lanes import Retries
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.events.sweeper import Sweeper
from workers.audit import audit_consumer

SECRET = "Buy an engagement ring"


@pytest.fixture
def bus(scene: Scene, witness: Witness) -> EmbeddedBus:
    bus = EmbeddedBus(scene.work, retries=Retries(pauses=()))
    bus.subscribe(witness.consumer)
    bus.subscribe(audit_consumer(b"key", afterwards=lambda _: None))
    return bus


@pytest.fixture
def relay(scene: Scene, bus: EmbeddedBus, witness: Witness) -> Relay:
    return Relay(scene.work, bus, Notices().announce, consumers=[witness.consumer])


async def _everything_stored(scene: Scene) -> str:
    async with scene.work.read() as uow:
        tables = [await uow.session.execute(select(table)) for table in SQLModel.metadata.sorted_tables]
        # A row itself prints itself shortened.
        return "\n".join(str(tuple(row)) for table in tables for row in table)


async def test_no_word_of_the_person_stays(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    await scene.add(SECRET)
    await deliver_everything(bus, relay)
    poisoned = await scene.add(SECRET)
    witness.poison = {event.id for event in await scene.events(poisoned)}
    await deliver_everything(bus, relay)
    await scene.add(SECRET)
    before = await _everything_stored(scene)
    assert before.count(SECRET) >= 6, "tasks, outbox, audit contents, a dead letter"
    assert "ada@example.org" in before

    await delete_account(scene.work, scene.person)
    await deliver_everything(bus, relay)
    after = await _everything_stored(scene)
    assert SECRET not in after
    assert "ada@" not in after


async def test_the_deletion_itself_is_told_to_everybody(scene: Scene, bus: EmbeddedBus, relay: Relay) -> None:
    await scene.add(SECRET)
    await delete_account(scene.work, scene.person)
    [row] = await scene.outbox()
    event = Event.model_validate_json(row.envelope)
    assert (event.type, event.user_id, event.actor.name) == (
        "account.deleted",
        scene.person.user_id,
        "deleted account",
    )
    await deliver_everything(bus, relay)
    assert await scene.inbox("witness") == await scene.inbox("audit") == {event.id}


async def test_events_in_flight_have_no_effect_any_more(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    task = await scene.task_with_events(3)
    first, _, third = await scene.events()
    await bus.publish([third])
    await deliver_everything(bus)
    await bus.publish([first])
    await delete_account(scene.work, scene.person)
    await deliver_everything(bus, relay)
    assert task not in await witness.seen(scene.work)
    async with scene.work.read() as uow:
        assert await uow.dead_letters.count() == 0
        [record] = (await uow.session.scalars(select(AuditRecord))).all()
        [row] = (await uow.session.scalars(select(OutboxEvent))).all()
    assert record.event_id == row.id


async def test_a_relay_that_holds_the_events_marks_what_is_left(scene: Scene, relay: Relay) -> None:
    await scene.add(SECRET)
    claimed = await relay.claim()
    await delete_account(scene.work, scene.person)
    await relay._mark(claimed, held=set())
    assert (await relay.publish_batch()).claimed == 1


async def test_the_sweeper_finds_nothing_to_do(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    await scene.task_with_events(2)
    await delete_account(scene.work, scene.person)
    await deliver_everything(bus, relay)
    sweeper = Sweeper(scene.work, [witness.consumer], wake_relay=relay.wake, consumers_are_here=True)
    await sweeper.step()
    assert [row.settled_at is not None for row in await scene.outbox()] == [True]
    assert not relay.loop.wake.is_set()


async def test_other_people_keep_everything(
    scene: Scene, witness: Witness, bus: EmbeddedBus, relay: Relay
) -> None:
    bob = await sign_up(scene.work, "bob@example.org")
    await delete_account(scene.work, scene.person)
    await deliver_everything(bus, relay)
    async with scene.work.read() as uow:
        assert (await uow.session.scalars(select(col(User.id)))).all() == [bob.user_id]
    assert (await witness.seen(scene.work))[bob.user_id] == [1]
