"""The audit log holds every event once, finds each kind of tampering, and survives the erasure of an account."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update
from sqlmodel import SQLModel, col
from uuid6 import uuid7

from tests.events.scene import Scene, deliver_everything, sign_up
from tests.fixtures.passwords import CONFIRMED
from todo_app.db.models import AuditContent, AuditHead, AuditRecord, InboxEntry, OutboxEvent
from todo_app.db.repositories import audit as audit_repository
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.audit_chain import START, Link, canonical, content_digest, head_seal, seal
from todo_app.domain.events import Event
from todo_app.events.consumers import process
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.lanes import Retries
from todo_app.events.notices import Notice, Notices
from todo_app.events.relay import Relay
from todo_app.services import accounts, audit, dead_letters, tasks
from todo_app.services.audit import Kind, Report
from workers.audit import audit_consumer

KEY = b"the key of this installation"
Tampering = Callable[[UnitOfWork, UUID], Awaitable[None]]


class Log:
    """The audit log of a scene, kept by a relay and the audit consumer."""

    def __init__(self, scene: Scene, key: bytes = KEY) -> None:
        self.scene = scene
        self.notices = Notices()
        consumer = audit_consumer(key, afterwards=self.notices.announce_activity)
        self.bus = EmbeddedBus(scene.work, retries=Retries(pauses=()))
        self.bus.subscribe(consumer)
        self.relay = Relay(scene.work, self.bus, self.notices.announce, consumers=[consumer])

    async def write(self) -> None:
        await deliver_everything(self.bus, self.relay)

    async def verify(self, key: bytes = KEY) -> Report:
        async with self.scene.work.read() as uow:
            return await audit.verify(uow, key=key)

    async def findings(self) -> set[tuple[Kind, int | None]]:
        return {(finding.kind, finding.position) for finding in (await self.verify()).findings}

    async def records(self) -> Sequence[AuditRecord]:
        query = select(AuditRecord).where(col(AuditRecord.user_id) == self.scene.person.user_id)
        async with self.scene.work.read() as uow:
            return (await uow.session.scalars(query.order_by(col(AuditRecord.position)))).all()


@pytest.fixture
async def log(scene: Scene) -> Log:
    """With six records."""
    log = Log(scene)
    await scene.task_with_events(4)
    await scene.task_with_events(2)
    await log.write()
    return log


async def test_every_event_is_sealed_once_in_the_order_of_its_object(scene: Scene, log: Log) -> None:
    events = {event.id: event for event in await scene.events()}
    sealed = [events[record.event_id] for record in await log.records()]
    assert len(sealed) == len(events) == 6
    for task in {event.aggregate_id for event in sealed}:
        numbers = [event.seq for event in sealed if event.aggregate_id == task]
        assert numbers == sorted(numbers)


async def test_an_untouched_log_is_valid(scene: Scene, log: Log) -> None:
    bob = await sign_up(scene.work, "bob@example.org")
    async with scene.work.write(bob) as uow:
        await tasks.add(uow, tasks.AddTask(title="Bob's"))
    await log.write()
    report = await log.verify()
    assert report.valid, report.findings
    assert (report.chains, report.records, report.erased_chains) == (2, 8, 0)


async def test_events_that_are_not_sealed_yet_are_no_tampering(scene: Scene, log: Log) -> None:
    await sign_up(scene.work, "bob@example.org")
    await scene.add()
    assert (await log.verify()).valid


async def test_the_activity_list_hears_of_what_was_sealed(scene: Scene, log: Log) -> None:
    heard: list[Notice] = []
    log.notices.subscribe_activity(heard.append)
    task = await scene.add()
    await log.write()
    assert [notice.aggregate_ids for notice in heard] == [frozenset({task})]
    async with scene.work.read(scene.person) as uow:
        [event], _ = await uow.activity.page(aggregate_id=task)
    assert event.type == "task.created"


async def test_workers_beside_each_other_seal_for_the_same_people_without_waiting_in_a_circle(
    scene: Scene, log: Log
) -> None:
    bob = await sign_up(scene.work, "bob@example.org")
    await log.write()
    events: dict[UUID, list[Event]] = {}
    for _ in range(10):
        for person in (scene.person, bob):
            async with scene.work.write(person) as uow:
                await tasks.add(uow, tasks.AddTask(title="Feed the cat"))
            events.setdefault(person.user_id, []).extend(uow.events)
    hers, his = events.values()
    consumer = audit_consumer(KEY, afterwards=log.notices.announce_activity)

    for number in range(0, 10, 2):
        batches = (hers[number], his[number]), (his[number + 1], hers[number + 1])
        await asyncio.gather(*(process(scene.work, consumer, batch) for batch in batches))

    report = await log.verify()
    assert report.valid, report.findings
    assert await scene.inbox(consumer.name) >= {event.id for event in (*hers, *his)}


async def _alter_content(uow: UnitOfWork, user_id: UUID) -> None:
    content = await uow.session.get_one(AuditContent, (user_id, 3))
    content.envelope = content.envelope.replace('"after":"3"', '"after":"4"')


async def _alter_column_of_content(uow: UnitOfWork, user_id: UUID) -> None:
    content = await uow.session.get_one(AuditContent, (user_id, 3))
    content.occurred_at += timedelta(hours=1)


async def _remove_content(uow: UnitOfWork, user_id: UUID) -> None:
    await uow.session.delete(await uow.session.get_one(AuditContent, (user_id, 3)))


async def _alter_seal(uow: UnitOfWork, user_id: UUID) -> None:
    record = await uow.session.get_one(AuditRecord, (user_id, 3))
    record.seal = "0" * 64


async def _alter_content_and_digest(uow: UnitOfWork, user_id: UUID) -> None:
    await _alter_content(uow, user_id)
    content = await uow.session.get_one(AuditContent, (user_id, 3))
    record = await uow.session.get_one(AuditRecord, (user_id, 3))
    record.content_digest = content_digest(content.salt, content.envelope)


async def _delete_from_the_middle(uow: UnitOfWork, user_id: UUID) -> None:
    await uow.session.delete(await uow.session.get_one(AuditContent, (user_id, 3)))
    await uow.session.delete(await uow.session.get_one(AuditRecord, (user_id, 3)))


async def _delete_and_close_the_gap(uow: UnitOfWork, user_id: UUID) -> None:
    await _delete_from_the_middle(uow, user_id)
    await uow.session.flush()
    for position in (4, 5, 6):
        for table in (AuditContent, AuditRecord):
            await uow.session.execute(
                update(table)
                .where(col(table.user_id) == user_id, col(table.position) == position)
                .values(position=position - 1)
            )


async def _insert_at_the_end(uow: UnitOfWork, user_id: UUID) -> None:
    last = await uow.session.get_one(AuditRecord, (user_id, 6))
    forged = last.model_dump() | {"position": 7, "event_id": UUID(int=7), "previous_seal": last.seal}
    await uow.session.execute(insert(AuditRecord).values(forged))


async def _swap(uow: UnitOfWork, user_id: UUID) -> None:
    for table in (AuditContent, AuditRecord):
        for old, new in ((2, 99), (3, 2), (99, 3)):
            await uow.session.execute(
                update(table)
                .where(col(table.user_id) == user_id, col(table.position) == old)
                .values(position=new)
            )


async def _swap_contents(uow: UnitOfWork, user_id: UUID) -> None:
    one = await uow.session.get_one(AuditContent, (user_id, 2))
    other = await uow.session.get_one(AuditContent, (user_id, 3))
    one.envelope, other.envelope = other.envelope, one.envelope


async def _cut_tail(uow: UnitOfWork, user_id: UUID) -> None:
    for table in (AuditContent, AuditRecord):
        await uow.session.execute(delete(table).where(col(table.user_id) == user_id, col(table.position) > 4))
    # The outbox forgets in time; the chain must tell by itself.
    await uow.session.execute(delete(InboxEntry))
    await uow.session.execute(delete(OutboxEvent))


async def _cut_tail_and_say_so_in_the_head(uow: UnitOfWork, user_id: UUID) -> None:
    await _cut_tail(uow, user_id)
    head = await uow.session.get_one(AuditHead, user_id)
    last = await uow.session.get_one(AuditRecord, (user_id, 4))
    head.records, head.last_seal = 4, last.seal


async def _cut_everything_but_the_head(uow: UnitOfWork, user_id: UUID) -> None:
    await _cut_tail(uow, user_id)
    for table in (AuditContent, AuditRecord):
        await uow.session.execute(delete(table).where(col(table.user_id) == user_id))


async def _cut_everything(uow: UnitOfWork, user_id: UUID) -> None:
    await _cut_everything_but_the_head(uow, user_id)
    await uow.session.execute(delete(AuditHead).where(col(AuditHead.user_id) == user_id))


async def _remove_the_head(uow: UnitOfWork, user_id: UUID) -> None:
    await uow.session.execute(delete(AuditHead).where(col(AuditHead.user_id) == user_id))


async def _add_content_that_nothing_seals(uow: UnitOfWork, user_id: UUID) -> None:
    content = await uow.session.get_one(AuditContent, (user_id, 6))
    await uow.session.execute(insert(AuditContent).values(content.model_dump() | {"position": 7}))


async def _alter_the_outbox(uow: UnitOfWork, user_id: UUID) -> None:
    record = await uow.session.get_one(AuditRecord, (user_id, 3))
    row = await uow.session.get_one(OutboxEvent, record.event_id)
    row.envelope = row.envelope.replace('"after":"3"', '"after":"4"')


async def _never_seal(uow: UnitOfWork, user_id: UUID) -> None:
    """Cut the last record and put the head of before back in place, as from an old backup."""
    last = await uow.session.get_one(AuditRecord, (user_id, 6))
    for table in (AuditContent, AuditRecord):
        await uow.session.execute(
            delete(table).where(col(table.user_id) == user_id, col(table.position) == 6)
        )
    head = await uow.session.get_one(AuditHead, user_id)
    head.records, head.last_seal = 5, last.previous_seal
    head.seal = head_seal(KEY, user_id=user_id, records=5, last_seal=last.previous_seal)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (_alter_content, {(Kind.CONTENT_ALTERED, 3)}),
        (_alter_column_of_content, {(Kind.CONTENT_ALTERED, 3)}),
        (_remove_content, {(Kind.CONTENT_MISSING, 3)}),
        (_alter_seal, {(Kind.RECORD_ALTERED, 3), (Kind.RECORD_OUT_OF_PLACE, 4)}),
        (_alter_content_and_digest, {(Kind.RECORD_ALTERED, 3), (Kind.OUTBOX_DIFFERS, 3)}),
        (_delete_from_the_middle, {(Kind.RECORD_MISSING, 4), (Kind.EVENT_MISSING, None)}),
        (
            _delete_and_close_the_gap,
            {
                *((Kind.RECORD_ALTERED, position) for position in (3, 4, 5)),
                (Kind.RECORD_OUT_OF_PLACE, 3),
                (Kind.TAIL_CUT, 5),
                (Kind.EVENT_MISSING, None),
            },
        ),
        (
            _insert_at_the_end,
            {(Kind.RECORD_ALTERED, 7), (Kind.CONTENT_MISSING, 7), (Kind.BEYOND_HEAD, 7)},
        ),
        (
            _swap,
            {
                *((Kind.RECORD_ALTERED, position) for position in (2, 3)),
                *((Kind.RECORD_OUT_OF_PLACE, position) for position in (2, 3, 4)),
            },
        ),
        (_swap_contents, {(Kind.CONTENT_ALTERED, 2), (Kind.CONTENT_ALTERED, 3)}),
        (_cut_tail, {(Kind.TAIL_CUT, 4)}),
        (_cut_tail_and_say_so_in_the_head, {(Kind.HEAD_ALTERED, None)}),
        (_cut_everything_but_the_head, {(Kind.TAIL_CUT, 0)}),
        (_cut_everything, {(Kind.CHAIN_MISSING, None)}),
        (_remove_the_head, {(Kind.HEAD_MISSING, None)}),
        (_add_content_that_nothing_seals, {(Kind.CONTENT_UNSEALED, 7)}),
        (_alter_the_outbox, {(Kind.OUTBOX_DIFFERS, 3)}),
        (_never_seal, {(Kind.EVENT_MISSING, None)}),
    ],
)
async def test_tampering_is_found(
    scene: Scene, log: Log, tamper: Tampering, expected: set[tuple[Kind, int | None]]
) -> None:
    assert (await log.verify()).valid
    async with scene.work.write() as uow:
        await tamper(uow, scene.person.user_id)
    assert await log.findings() == expected


async def test_a_chain_that_was_made_anew_with_another_key_is_found(scene: Scene, log: Log) -> None:
    forged = b"the forger's key"
    async with scene.work.write() as uow:
        previous = START
        for position in range(1, 7):
            record = await uow.session.get_one(AuditRecord, (scene.person.user_id, position))
            record.previous_seal = previous
            record.seal = previous = seal(forged, _link(record))
        head = await uow.session.get_one(AuditHead, scene.person.user_id)
        head.last_seal = previous
        head.seal = head_seal(forged, user_id=head.user_id, records=6, last_seal=previous)
    assert (await log.verify(forged)).valid, "the forger did it well"
    assert await log.findings() == {
        *((Kind.RECORD_ALTERED, position) for position in range(1, 7)),
        (Kind.HEAD_ALTERED, None),
    }


async def test_a_report_does_not_grow_with_the_damage(
    scene: Scene, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "NAMED_FINDINGS", 2)
    report = await log.verify(b"another key")
    assert (report.findings_total, len(report.findings)) == (7, 2)


async def test_the_worker_does_not_go_on_with_a_chain_of_another_key(scene: Scene, log: Log) -> None:
    with_new_key = Log(scene, key=b"the secret key was lost and made anew")
    await scene.add()
    await with_new_key.write()
    async with scene.work.write() as uow:
        [letter] = await dead_letters.letters(uow)
        assert "WrongKey" in letter.error
        await dead_letters.replay(uow, letter.id)
    await log.write()
    assert (await log.verify()).valid
    assert len(await log.records()) == 7


async def test_a_discarded_event_is_no_tampering(scene: Scene, log: Log) -> None:
    await scene.add()
    await Log(scene, key=b"another key").write()
    async with scene.work.write() as uow:
        [letter] = await dead_letters.letters(uow)
        await dead_letters.discard(uow, letter.id)
    assert (await log.verify()).valid


async def test_an_erased_account_leaves_a_valid_chain_without_contents(scene: Scene, log: Log) -> None:
    bob = await sign_up(scene.work, "bob@example.org")
    await log.write()
    async with scene.work.write(scene.person) as uow:
        await accounts.delete_account(uow, CONFIRMED)
    await log.write()
    report = await log.verify()
    assert report.valid, report.findings
    assert (report.chains, report.erased_chains) == (2, 1)
    records = await log.records()
    assert len(records) == 7, "the deletion itself is sealed too"
    async with scene.work.read() as uow:
        contents = (await uow.session.scalars(select(AuditContent))).all()
    assert {content.user_id for content in contents} == {bob.user_id}


async def test_tampering_with_the_chain_of_an_erased_account_is_found(scene: Scene, log: Log) -> None:
    async with scene.work.write(scene.person) as uow:
        await accounts.delete_account(uow, CONFIRMED)
    await log.write()
    async with scene.work.write() as uow:
        await uow.session.delete(await uow.session.get_one(AuditRecord, (scene.person.user_id, 2)))
    assert await log.findings() == {(Kind.RECORD_MISSING, 3)}


async def test_a_longer_chain_takes_no_more_memory_to_verify(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_repository, "_ROWS_AT_A_TIME", 50)
    peaks = []
    # The first time, everything is compiled and loaded.
    for records in (10, 400, 1_600):
        await _write_chain(scene, records)
        gc.collect()
        tracemalloc.start()
        report = await Log(scene).verify()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (report.valid, report.records) == (True, records)
    # Four times as long: what is kept in memory would show four times, what the collector is late with does not.
    assert peaks[2] < 2 * peaks[1]


async def _write_chain(scene: Scene, length: int) -> None:
    """A valid chain of this length, for the one event of the scene told over and over."""
    await scene.add("A title of some length, so that a content that stays in memory is seen " * 5)
    [event] = (await scene.events())[:1]
    rows: dict[type[SQLModel], list[dict[str, object]]] = {AuditRecord: [], AuditContent: []}
    user_id, last = scene.person.user_id, START
    for position in range(1, length + 1):
        told = event.model_copy(update={"id": uuid7()})
        salt, envelope = f"{position:032x}", canonical(told)
        link = Link(user_id, position, told.id, content_digest(salt, envelope), last)
        last = seal(KEY, link)
        rows[AuditRecord].append({**asdict(link), "seal": last})
        columns = told.model_dump(include={"aggregate_id", "command_id", "occurred_at"})
        rows[AuditContent].append(
            {"user_id": user_id, "position": position, "salt": salt, "type": told.type, "envelope": envelope}
            | columns
        )
    head = head_seal(KEY, user_id=user_id, records=length, last_seal=last)
    async with scene.work.write() as uow:
        for table in (AuditHead, AuditContent, AuditRecord):
            await uow.session.execute(delete(table))
        for table, values in rows.items():
            await uow.session.execute(insert(table), values)
        uow.session.add(AuditHead(user_id=user_id, records=length, last_seal=last, seal=head))


def _link(record: AuditRecord) -> Link:
    return Link(
        user_id=record.user_id,
        position=record.position,
        event_id=record.event_id,
        content_digest=record.content_digest,
        previous_seal=record.previous_seal,
    )
