"""Transactions that do not wait for the disk: commands always do, and a power cut only repeats the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.events.scene import Scene, deliver_everything, sign_up
from tests.events.witness import Witness
from todo_app.bootstrap import bootstrap
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.events.sweeper import Sweeper
from todo_app.services import tasks
from todo_app.settings import Settings

_DURABLE = {"sqlite": 2, "postgresql": "on"}
_NOT_WAITING = {"sqlite": 1, "postgresql": "off"}


async def _durability(uow: UnitOfWork) -> object:
    sqlite = uow.session.get_bind().dialect.name == "sqlite"
    question = "PRAGMA synchronous" if sqlite else "SHOW synchronous_commit"
    return (await uow.session.execute(text(question))).scalar_one()


async def test_commands_wait_for_the_disk_and_follow_ups_do_not(scene: Scene) -> None:
    kind = scene.application.engine.dialect.name
    if kind == "postgresql":
        await _set_up_as_on_a_real_server(scene)
    # Twice, since connections are used again.
    for _ in range(2):
        async with scene.work.follow_up() as uow:
            assert await _durability(uow) == _NOT_WAITING[kind]
        async with scene.work.write() as uow:
            assert await _durability(uow) == _DURABLE[kind]


async def _set_up_as_on_a_real_server(scene: Scene) -> None:
    """The server of the tests waits for nothing."""
    database = scene.application.engine.url.database
    async with scene.work.write() as uow:
        await uow.session.execute(text(f"ALTER DATABASE {database} SET synchronous_commit = on"))
    await scene.application.engine.dispose()


@pytest.mark.parametrize("survives", [0.0, 0.2, 0.4, 0.6, 0.8, 0.99, 1.0])
async def test_after_a_power_cut_the_lost_follow_ups_are_done_again(
    sqlite_database: str, tmp_path: Path, survives: float
) -> None:
    """SQLite loses the end of its log from some byte after the last durable commit on."""
    before, after, witness = tmp_path / "punctual.db", tmp_path / "after.db", Witness()
    application = bootstrap(Settings(_env_file=None, database_url=sqlite_database))
    person = await sign_up(application.work)
    async with application.work.write(person) as uow:
        added = [await tasks.add(uow, tasks.AddTask(title="Survive")) for _ in range(5)]
    durable = _log_of(before).stat().st_size
    bus = EmbeddedBus(application.work)
    bus.subscribe(witness.consumer)
    relay = Relay(application.work, bus, Notices().announce, consumers=[witness.consumer])
    await deliver_everything(bus, relay)
    await Sweeper(application.work, [witness.consumer], wake_relay=relay.wake, consumers_are_here=True).step()
    written = _log_of(before).stat().st_size
    assert written > durable

    shutil.copyfile(before, after)
    log = _log_of(before).read_bytes()[: durable + round((written - durable) * survives)]
    _log_of(after).write_bytes(log)
    await application.close()

    application = bootstrap(Settings(_env_file=None, database_url=f"sqlite:///{after}"))
    bus = EmbeddedBus(application.work)
    bus.subscribe(witness.consumer)
    heir = Relay(application.work, bus, Notices().announce, consumers=[witness.consumer], owner=relay.owner)
    async with application.work.write() as uow:
        await uow.session.execute(text("UPDATE outbox SET claimed_until = NULL"))
    await Sweeper(application.work, [witness.consumer], wake_relay=heir.wake, consumers_are_here=True).step()
    await deliver_everything(bus, heir)
    seen = await witness.seen(application.work)
    await application.close()
    assert seen == {person.user_id: [1], **{task.id: [1] for task in added}}


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")
