"""`doctor` finds what is broken, and says what to do about it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP
from sqlalchemy import select, text, update
from sqlmodel import col

from tests.fixtures.passwords import HASH
from todo_app import doctor, secret_key
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import DeadLetter, ListCount, OutboxEvent, User
from todo_app.db.repositories.accounts import identity_of
from todo_app.findings import Finding, Health
from todo_app.services import accounts, seed
from todo_app.settings import Settings


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Application]:
    application = bootstrap(settings)
    yield application
    await application.close()


@pytest.fixture
async def user(application: Application) -> User:
    async with application.work.write() as uow:
        user = await accounts.create(uow, "ada@example.org", HASH, "UTC", is_operator=True)
        await seed.welcome(uow)
    return user


async def _finding(settings: Settings, subject: str, **changes: object) -> Finding:
    values = settings.model_dump(exclude_unset=True) | changes
    findings = await doctor.examine(Settings(_env_file=None, **values))
    (found,) = [finding for finding in findings if finding.subject == subject]
    assert (found.health is Health.OK) == (not found.remedy)
    return found


async def test_an_installation_that_is_in_order_has_no_failure(settings, user):
    findings = await doctor.examine(settings)

    assert [finding for finding in findings if finding.health is Health.FAILED] == []


async def test_a_database_without_tables_is_found(settings, tmp_path):
    found = await _finding(settings, "Database", database_url=f"sqlite:///{tmp_path}/none/new.db")

    assert (found.health, "migrate" in found.remedy) == (Health.FAILED, True)


async def test_an_older_schema_is_found(settings, application):
    async with application.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    found = await _finding(settings, "Schema")

    assert (found.health, "migrate" in found.remedy) == (Health.FAILED, True)


async def test_a_database_that_does_not_answer_is_found(settings):
    url = "postgresql://ada:secret@127.0.0.1:1/punctual"

    found = await _finding(settings, "Database", database_url=url)

    assert found.health is Health.FAILED
    assert "secret" not in found.says


async def test_a_damaged_file_is_found(settings, tmp_path):
    (tmp_path / "damaged.db").write_bytes(b"no database at all" * 1000)

    found = await _finding(settings, "Database", database_url=f"sqlite:///{tmp_path}/damaged.db")

    assert (found.health, "backup" in found.remedy) == (Health.FAILED, True)


async def test_wrong_counts_are_found_and_mended(settings, application, user):
    async with application.engine.begin() as connection:
        await connection.execute(update(ListCount).values(tasks=99))

    assert (await _finding(settings, "Counts")).health is Health.FAILED
    await doctor.mend_counts(settings)

    assert (await _finding(settings, "Counts")).health is Health.OK
    async with application.work.read(identity_of(user)) as uow:
        assert (await uow.tasks.counts.all())["all"] == 5


async def test_a_clock_that_went_back_is_found(settings, application, user):
    future = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    async with application.engine.begin() as connection:
        await connection.execute(update(OutboxEvent).values(occurred_at=future))

    assert (await _finding(settings, "Clock")).health is Health.FAILED


async def test_events_that_wait_for_long_are_found(settings, application, user):
    past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    async with application.engine.begin() as connection:
        event_id = (await connection.execute(select(col(OutboxEvent.id)).limit(1))).scalar_one()
        old_id = UUID(int=(int(past.timestamp() * 1000) << 80) | event_id.int & ((1 << 80) - 1))
        await connection.execute(update(OutboxEvent).where(col(OutboxEvent.id) == event_id).values(id=old_id))

    finding = await _finding(settings, "Events")
    assert finding.health is Health.WARNING
    assert f"{past:%Y-%m-%d %H:%M}" in finding.says


async def test_what_a_made_up_life_tells_of_has_not_waited_for_months(settings, application, user):
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=90)
    async with application.engine.begin() as connection:
        await connection.execute(update(OutboxEvent).values(occurred_at=past))

    assert (await _finding(settings, "Events")).health is Health.OK


async def test_dead_letters_are_found(settings, application, user):
    async with application.work.write() as uow:
        uow.dead_letters.add(
            DeadLetter(
                id=user.id,
                consumer="audit",
                event_id=user.id,
                user_id=user.id,
                aggregate_id=user.id,
                type="task.created",
                envelope="{}",
                error="",
                attempts=1,
                failed_at=uow.now,
            )
        )

    assert (await _finding(settings, "Dead letters")).health is Health.WARNING


async def test_a_key_that_others_can_read_is_found(settings):
    secret_key.secret_key(settings)
    (settings.data_dir / secret_key.FILE).chmod(0o644)

    assert "chmod 600" in (await _finding(settings, "Secret key")).remedy


async def test_a_data_folder_that_is_none_is_found(settings, tmp_path):
    (tmp_path / "file").write_text("")

    assert (await _finding(settings, "Data folder", data_dir=tmp_path / "file")).health is Health.FAILED


async def test_an_open_address_without_encryption_is_found(settings):
    assert (await _finding(settings, "Address", host="0.0.0.0")).health is Health.WARNING
    safe = await _finding(settings, "Address", host="0.0.0.0", base_url="https://todo.example.org")
    assert safe.health is Health.OK


async def test_a_mail_server_that_is_not_there_is_found(settings):
    assert (await _finding(settings, "Mail", smtp_url="smtp://127.0.0.1:1")).health is Health.FAILED


async def test_a_mail_server_that_answers_is_in_order(settings):
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(Sink(), hostname="localhost"), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await _finding(settings, "Mail", smtp_url=f"smtp://127.0.0.1:{port}")).health is Health.OK


def test_the_command_fails_when_something_is_broken(bare_shell):
    outcome = bare_shell.run("doctor")

    assert outcome.status == 1
    assert "-> Run `python -m todo_app migrate`." in outcome.out
    assert outcome.err == ""
