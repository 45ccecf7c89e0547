"""What has outlived its time goes, and nothing goes early."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from tests.events.scene import Scene, deliver_everything, sign_up
from tests.events.witness import Witness
from todo_app.db.models import InboxEntry, PasswordReset, Session, StoredValue, Task, TaskSearch
from todo_app.domain.events import ActorKind
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.events.sweeper import Sweeper
from todo_app.services import accounts, tasks
from todo_app.services.retention import EVENTS_FOR, Retention
from todo_app.services.undo import UNDO_FOR, undo

TRASH_DAYS = 30


@pytest.fixture
def retention(scene: Scene) -> Retention:
    return Retention(scene.work, trash_days=TRASH_DAYS)


async def _purge(scene: Scene, *task_ids: UUID) -> UUID:
    async with scene.work.write(scene.person) as uow:
        await tasks.delete(uow, task_ids)
    async with scene.work.write(scene.person) as uow:
        await tasks.purge(uow, task_ids)
    return uow.command_id


async def _count(scene: Scene, table: type) -> int:
    async with scene.work.read() as uow:
        return (await uow.session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_a_purged_task_is_erased_once_it_can_not_be_brought_back(
    scene: Scene, retention: Retention
) -> None:
    command = await _purge(scene, await scene.add("Secret"), await scene.add("Other"))
    scene.clock.advance(UNDO_FOR)
    await retention.step()
    assert await _count(scene, Task) == 2
    async with scene.work.write(scene.person) as uow:
        await undo(uow, command)
    await _purge(scene, *(task_id for task_id in await _task_ids(scene)))
    scene.clock.advance(UNDO_FOR + timedelta(seconds=1))
    await retention.step()
    assert await _count(scene, Task) == await _count(scene, TaskSearch) == 0


async def test_the_search_index_stays_in_step(scene: Scene, retention: Retention) -> None:
    await _purge(scene, await scene.add("Secret"))
    kept = await scene.add("Visible")
    scene.clock.advance(UNDO_FOR + timedelta(seconds=1))
    await retention.step()
    assert await _task_ids(scene) == [kept]
    if scene.application.engine.dialect.name == "sqlite":
        async with scene.work.write() as uow:
            check = "INSERT INTO task_search_fts(task_search_fts, rank) VALUES ('integrity-check', 1)"
            await uow.session.execute(text(check))


async def test_a_subtask_that_is_still_there_outlives_its_parent(scene: Scene, retention: Retention) -> None:
    parent = await scene.add("parent")
    async with scene.work.write(scene.person) as uow:
        child = await tasks.add(uow, tasks.AddTask(title="child", parent_id=parent))
    purge_of_child = await _purge(scene, child.id)
    await _purge(scene, parent)
    async with scene.work.write(scene.person) as uow:
        await undo(uow, purge_of_child)
    scene.clock.advance(UNDO_FOR + timedelta(seconds=1))
    await retention.step()
    async with scene.work.read() as uow:
        [task] = (await uow.session.scalars(select(Task))).all()
    assert (task.id, task.parent_id) == (child.id, None)


async def test_the_trash_is_emptied_of_what_has_lain_there_too_long(
    scene: Scene, retention: Retention
) -> None:
    old, young = await scene.add("old"), await scene.add("young")
    async with scene.work.write(scene.person) as uow:
        await tasks.delete(uow, [old])
    scene.clock.advance(timedelta(days=TRASH_DAYS, seconds=1))
    async with scene.work.write(scene.person) as uow:
        await tasks.delete(uow, [young])
    await retention.step()
    async with scene.work.read(scene.person) as uow:
        assert await uow.tasks.ids_in_trash(until=uow.now, limit=9) == [young]
    event = (await scene.events(old))[-1]
    assert (event.type, event.actor.kind, event.user_id) == (
        "task.purged",
        ActorKind.WORKER,
        scene.person.user_id,
    )


async def test_every_persons_trash_is_emptied(scene: Scene, retention: Retention) -> None:
    bob = await sign_up(scene.work, "bob@example.org")
    for person in (scene.person, bob):
        async with scene.work.write(person) as uow:
            task = await tasks.add(uow, tasks.AddTask(title="gone"))
        async with scene.work.write(person) as uow:
            await tasks.delete(uow, [task.id])
    scene.clock.advance(timedelta(days=TRASH_DAYS, seconds=1))
    await retention.step()
    async with scene.work.read() as uow:
        assert all(task.purged_at for task in await uow.session.scalars(select(Task)))


async def test_settled_events_are_forgotten_after_a_month(
    scene: Scene, retention: Retention, witness: Witness
) -> None:
    bus = EmbeddedBus(scene.work)
    bus.subscribe(witness.consumer)
    relay = Relay(scene.work, bus, Notices().announce, consumers=[witness.consumer])
    await scene.add("settled")
    await deliver_everything(bus, relay)
    await Sweeper(scene.work, [witness.consumer], wake_relay=relay.wake, consumers_are_here=True).step()
    waiting = await scene.add("not published yet")
    scene.clock.advance(EVENTS_FOR)
    await retention.step()
    assert len(await scene.outbox()) == 2
    scene.clock.advance(timedelta(seconds=1))
    await retention.step()
    assert [row.aggregate_id for row in await scene.outbox()] == [waiting]
    assert await _count(scene, InboxEntry) == 0


async def test_ended_sessions_and_expired_values_are_removed(scene: Scene, retention: Retention) -> None:
    async with scene.work.write() as uow:
        user = await uow.accounts.by_id(scene.person.user_id)
        assert user is not None
        accounts.start_session(uow, user, days=1)
        accounts.start_session(uow, user, days=3)
        await accounts.ask_for_reset(uow, "ada@example.org")
        for name, days in (("old", 1), ("new", 3)):
            uow.session.add(StoredValue(key=name, value="1", expires_at=uow.now + timedelta(days=days)))
        uow.session.add(StoredValue(key="for ever", value="1"))
    scene.clock.advance(timedelta(days=2))
    await retention.step()
    assert await _count(scene, Session) == 1
    assert await _count(scene, PasswordReset) == 0
    async with scene.work.read() as uow:
        keys = set(await uow.session.scalars(select(StoredValue.key)))  # type: ignore[call-overload]
    assert keys == {"new", "for ever"}


async def _task_ids(scene: Scene) -> list[UUID]:
    async with scene.work.read() as uow:
        return [task.id for task in await uow.session.scalars(select(Task))]
