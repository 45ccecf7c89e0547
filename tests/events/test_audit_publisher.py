"""Outside systems hear of every sealed record, in order per user, whatever the broker does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from tests.events.scene import Scene, sign_up
from tests.events.test_audit import Log
from todo_app.events.sealed import Sealed
from todo_app.events.updates import CantPublish
from workers.audit import AuditPublisher


class Broker:
    """Takes records, except those at these places of a batch."""

    def __init__(self) -> None:
        self.taken: list[Sealed] = []
        self.refuses: set[int] = set()

    async def publish(self, records: Sequence[Sealed]) -> Sequence[Sealed]:
        refused = [record for place, record in enumerate(records) if place in self.refuses]
        self.taken += [record for record in records if record not in refused]
        return refused

    @property
    def positions(self) -> list[int]:
        return [record.data.position for record in self.taken]


async def test_every_record_is_told_of_once_when_nothing_goes_wrong(scene: Scene) -> None:
    log, broker = Log(scene), Broker()
    publisher = AuditPublisher(scene.work, broker.publish)
    await scene.task_with_events(3)
    await log.write()
    await publisher.step()
    await scene.add()
    await log.write()
    await publisher.step()
    await publisher.step()

    records = await log.records()
    assert [(each.data.position, each.data.seal) for each in broker.taken] == [
        (record.position, record.seal) for record in records
    ]


async def test_what_the_broker_refuses_is_told_again_with_what_follows(scene: Scene) -> None:
    log, broker = Log(scene), Broker()
    publisher = AuditPublisher(scene.work, broker.publish)
    await scene.task_with_events(4)
    await log.write()
    broker.refuses = {1}
    with pytest.raises(CantPublish):
        await publisher.step()
    broker.refuses = set()
    await publisher.step()

    first, *_ = await log.records()
    told = [position - first.position for position in broker.positions]
    assert told == [0, 2, 3, 1, 2, 3]
    assert len({each.id for each in broker.taken}) == 4, "what is told again has the same id"


async def test_one_user_does_not_hold_up_another(scene: Scene) -> None:
    log, broker = Log(scene), Broker()
    publisher = AuditPublisher(scene.work, broker.publish)
    await sign_up(scene.work, "ben@example.org")
    await scene.add()
    await log.write()
    broker.refuses = {0}
    with pytest.raises(CantPublish):
        await publisher.step()
    left = {each.subject for each in broker.taken}
    broker.refuses, broker.taken = set(), []
    await publisher.step()

    assert left.isdisjoint({each.subject for each in broker.taken})


async def test_no_content_is_told(scene: Scene) -> None:
    log, broker = Log(scene), Broker()
    await scene.add("Buy a ring for Eve")
    await log.write()
    await AuditPublisher(scene.work, broker.publish).step()

    assert broker.taken
    assert not any("Eve" in each.model_dump_json() for each in broker.taken)


# SQLite has one writer at a time.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_it_waits_for_who_seals_without_being_in_the_way(scene: Scene) -> None:
    log, broker = Log(scene), Broker()
    publisher = AuditPublisher(scene.work, broker.publish)
    ben = await sign_up(scene.work, "ben@example.org")
    await scene.add()
    await log.write()
    first, last = sorted([ben.user_id, scene.person.user_id])

    async with scene.work.follow_up() as sealing:
        await sealing.audit.heads([first])
        publishing = asyncio.create_task(publisher.step())
        # It waits for the first one and holds nothing yet, as it goes by the same order.
        while not await _waits_for_a_lock(scene):  # noqa: ASYNC110  # the database can't set an event
            await asyncio.sleep(0.01)
        await sealing.audit.heads([last])
    await publishing


async def _waits_for_a_lock(scene: Scene) -> bool:
    async with scene.work.read() as uow:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return bool(await uow.session.scalar(text(query)))
