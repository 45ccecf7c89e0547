"""Everything together, as the web process runs it: fast, across processes, and whole after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from tests.events.scene import sign_up
from todo_app import zone_data
from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.identity import Identity
from todo_app.embedded_runtime import run_embedded
from todo_app.events import relay as relaying
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.notices import Notice, Notices
from todo_app.events.relay import Relay
from todo_app.secret_key import purpose_key
from todo_app.services import audit, tasks, zone_check
from todo_app.settings import Settings

DEADLINE_SECONDS = 30


@pytest.fixture(autouse=True)
def no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a wake that fails is seen."""
    monkeypatch.setattr(relaying, "POLL_SECONDS", 3600.0)


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Application]:
    application = bootstrap(settings)
    yield application
    await application.close()


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[Application]:
    """Another process that writes to the same database and runs nothing."""
    application = bootstrap(settings)
    yield application
    await application.close()


@pytest.fixture
async def person(other: Application) -> Identity:
    return await sign_up(other.work)


async def _add(application: Application, person: Identity, title: str = "task") -> None:
    async with application.work.write(person) as uow:
        await tasks.add(uow, tasks.AddTask(title=title))


async def _sealed(application: Application) -> int:
    async with application.work.read() as uow:
        report = await audit.verify(uow, key=purpose_key(application.settings, audit.SEALER))
    assert report.valid, report.findings
    return report.records


class Ears:
    """Waits until the activity list has this many more events."""

    def __init__(self, notices: Notices) -> None:
        self._heard = asyncio.Semaphore(0)
        notices.subscribe_activity(self._count)

    def _count(self, notice: Notice) -> None:
        for _ in notice.aggregate_ids:
            self._heard.release()

    async def hear(self, things: int) -> None:
        async with asyncio.timeout(DEADLINE_SECONDS):
            for _ in range(things):
                await self._heard.acquire()


async def test_a_command_reaches_the_audit_log(application: Application, person: Identity) -> None:
    async with run_embedded(application) as runtime:
        ears = Ears(runtime.notices)
        for number in range(5):
            await _add(application, person, f"task {number}")
        await ears.hear(6)
    assert await _sealed(application) == 6


async def test_what_another_process_commits_is_heard_at_once(
    application: Application, other: Application, person: Identity
) -> None:
    async with run_embedded(application) as runtime:
        ears = Ears(runtime.notices)
        await ears.hear(1)
        heard = asyncio.Event()
        runtime.notices.subscribe(lambda _: heard.set())
        await _add(other, person)
        async with asyncio.timeout(DEADLINE_SECONDS):
            await heard.wait()
        await ears.hear(1)


async def test_what_was_committed_while_nothing_ran_is_done_at_the_start(
    application: Application, other: Application, person: Identity
) -> None:
    await _add(other, person)
    nobody = Relay(other.work, EmbeddedBus(other.work), other.notices.announce, consumers=[])
    await nobody.publish_batch()
    await _add(other, person)
    async with run_embedded(application) as runtime:
        await Ears(runtime.notices).hear(3)
    assert await _sealed(application) == 3


async def test_the_rules_of_time_zones_are_looked_at_at_the_start(application: Application) -> None:
    async def known() -> str | None:
        async with application.work.read() as uow:
            return await uow.accounts.setting(zone_check.SETTING)

    async with run_embedded(application), asyncio.timeout(DEADLINE_SECONDS):
        while await known() != zone_data.digest():  # noqa: ASYNC110 - the check tells nobody
            await asyncio.sleep(0.01)


async def test_stopping_in_the_middle_of_work_and_starting_again_loses_nothing(
    application: Application, person: Identity
) -> None:
    for _ in range(3):
        async with application.work.write(person) as uow:
            for number in range(150):
                await tasks.add(uow, tasks.AddTask(title=str(number)))
    async with run_embedded(application) as runtime:
        await Ears(runtime.notices).hear(20)
    assert await _sealed(application) < 451
    async with run_embedded(application) as runtime:
        ears = Ears(runtime.notices)
        await ears.hear(451 - await _sealed(application))
    assert await _sealed(application) == 451


async def test_a_lost_connection_to_postgresql_is_made_anew(
    postgresql_database: str, settings_of_postgresql: Settings
) -> None:
    application, other = bootstrap(settings_of_postgresql), bootstrap(settings_of_postgresql)
    person = await sign_up(other.work)
    async with run_embedded(application) as runtime:
        ears = Ears(runtime.notices)
        await ears.hear(1)
        async with other.work.write() as uow:
            await uow.session.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            )
        await _add(other, person)
        await ears.hear(1)
        await _add(other, person)
        await ears.hear(1)
    await application.close()
    await other.close()


@pytest.fixture
def settings_of_postgresql(postgresql_database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        _env_file=None, database_url=postgresql_database, data_dir=tmp_path_factory.mktemp("data")
    )
