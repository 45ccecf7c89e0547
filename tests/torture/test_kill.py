"""kill -9 at random points under a load of commands: what was acknowledged is there, with its event, once."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from tests.events.scene import sign_up
from tests.torture.creator import create_until_killed
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import AuditRecord, InboxEntry, OutboxEvent
from todo_app.domain.identity import Identity
from todo_app.embedded_runtime import run_embedded
from todo_app.secret_key import purpose_key
from todo_app.services import audit
from todo_app.settings import Settings

SEED = 20260715
ROUNDS = 20
COMMANDS_PER_ROUND = 60
MOMENT_SECONDS = 0.05
DRAIN_SECONDS = 60


@pytest.fixture
def settings(sqlite_database: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, database_url=sqlite_database, data_dir=tmp_path / "data")


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(settings: Settings) -> None:
    print(f"seed {SEED}")  # noqa: T201  # pytest shows it with a failure
    chance = random.Random(SEED)
    # What the killed processes had acknowledged, kept where no kill reaches it.
    ledger: list[UUID] = []
    person = asyncio.run(_register(settings))
    for number in range(ROUNDS):
        _run_and_kill(settings, person, ledger, chance)
        _check_tasks_and_events(settings, ledger, f"seed {SEED}, round {number}")
    assert len(set(ledger)) == len(ledger) > 10 * ROUNDS
    asyncio.run(_restart_and_check_audit(settings))


async def _register(settings: Settings) -> Identity:
    application = bootstrap(settings)
    person = await sign_up(application.work)
    await application.close()
    return person


def _run_and_kill(settings: Settings, person: Identity, ledger: list[UUID], chance: random.Random) -> None:
    context = multiprocessing.get_context("forkserver")
    # The modules are loaded once; each process starts with them in memory.
    context.set_forkserver_preload(["tests.torture.creator", "todo_app.embedded_runtime"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=create_until_killed, args=(settings.database_url, settings.data_dir, person, sender)
    )
    process.start()
    sender.close()
    with closing(receiver):
        # Counted in commands, so that a slow machine is tortured as much; the rest of a second hits any point.
        commands = chance.randint(0, COMMANDS_PER_ROUND)
        ledger.extend(UUID(bytes=receiver.recv_bytes()) for _ in range(commands))
        kill_at = time.monotonic() + chance.uniform(0, MOMENT_SECONDS)
        while receiver.poll(max(0.0, kill_at - time.monotonic())) and time.monotonic() < kill_at:
            ledger.append(UUID(bytes=receiver.recv_bytes()))
        process.kill()
        # What it had still sent is in the pipe.
        with suppress(EOFError):
            while True:
                ledger.append(UUID(bytes=receiver.recv_bytes()))
    process.join()
    assert process.exitcode == -signal.SIGKILL, "it ended by itself"


def _check_tasks_and_events(settings: Settings, acknowledged: Sequence[UUID], moment: str) -> None:
    with closing(sqlite3.connect(str(settings.database_url).removeprefix("sqlite:///"))) as database:
        [[verdict]] = database.execute("PRAGMA integrity_check")
        tasks = {UUID(hex=row[0]) for row in database.execute("SELECT id FROM tasks")}
        events = Counter(
            UUID(hex=row[0])
            for row in database.execute("SELECT aggregate_id FROM outbox WHERE type = 'task.created'")
        )
    assert verdict == "ok", moment
    assert set(acknowledged) <= tasks, moment
    assert events == Counter(tasks), moment


async def _restart_and_check_audit(settings: Settings) -> None:
    application = bootstrap(settings)
    async with application.work.read() as uow:
        events = Counter(await uow.session.scalars(select(col(OutboxEvent.id))))
    async with run_embedded(application) as runtime, asyncio.timeout(DRAIN_SECONDS):
        sealed = asyncio.Event()
        runtime.notices.subscribe_activity(lambda _: sealed.set())
        while await _number_sealed(application) < len(events):
            await sealed.wait()
            sealed.clear()
    async with application.work.read() as uow:
        report = await audit.verify(uow, key=purpose_key(settings, audit.SEALER))
        assert report.valid, report.findings
        assert Counter(await uow.session.scalars(select(col(AuditRecord.event_id)))) == events
        sealed_once = select(col(InboxEntry.event_id)).where(col(InboxEntry.consumer) == audit.SEALER)
        assert Counter(await uow.session.scalars(sealed_once)) == events
        assert await uow.dead_letters.count() == 0
    await application.close()


async def _number_sealed(application: Application) -> int:
    async with application.work.read() as uow:
        return (await uow.session.execute(select(func.count()).select_from(AuditRecord))).scalar_one()
