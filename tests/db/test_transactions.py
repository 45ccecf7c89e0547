"""Transactions that only look see one state, and keep nobody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.state.people import Person, log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.engine import create_engine
from todo_app.domain.identity import BearerToken, Scope, SessionToken
from todo_app.services import tags, tasks, tokens
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import EditTasks
from todo_app.settings import Settings


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Application]:
    application = bootstrap(settings)
    yield application
    await application.close()


@pytest.fixture
async def ada(application: Application) -> Person:
    return await log_in(application, "ada@example.org")


async def test_a_look_sees_one_state_while_others_write(application: Application, ada: Person) -> None:
    task_id = await ada.add("Before")

    async with application.work.read(ada.identity) as uow:
        before = await uow.tasks.counts.all()
        await ada.add("Meanwhile")
        async with application.work.write(ada.identity) as writing:
            await tasks.edit(writing, EditTasks([task_id], TaskPatch(title="After")))
        assert await uow.tasks.counts.all() == before
        assert (await uow.tasks.get(task_id)).title == "Before"


async def test_what_somebody_looks_at_can_be_changed_meanwhile(application: Application, ada: Person) -> None:
    task_id = await ada.add("Pay rent")
    async with application.work.write(ada.identity) as uow:
        tag = await tags.create(uow, "home")

    async with application.work.read(ada.identity) as looking:
        await looking.tasks.get(task_id)
        await looking.tags.get(tag.id)
        await looking.accounts.by_id(ada.identity.user_id)
        async with asyncio.timeout(5), application.work.write(ada.identity) as uow:
            await uow.accounts.by_id(ada.identity.user_id)
            await tags.rename(uow, tag.id, "house")
            await tasks.complete(uow, [task_id])


async def test_what_somebody_changes_is_changed_by_others_afterwards(
    application: Application, ada: Person
) -> None:
    task_id = await ada.add("Pay rent")

    async with application.work.write(ada.identity) as uow:
        await uow.tasks.get(task_id)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), application.work.write(ada.identity) as other:
                await other.tasks.get(task_id)


async def test_writes_of_one_person_take_turns_whoever_makes_them(
    application: Application, ada: Person
) -> None:
    async with application.work.write(ada.identity) as uow:
        token = (await tokens.create(uow, "Program", Scope.WRITE)).secret
    callers = (ada.identity, SessionToken(ada.secret), BearerToken(token, Scope.WRITE))

    for first in callers:
        async with application.work.write(first):
            for second in callers:
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.2), application.work.write(second):
                        pytest.fail("Two write at once.")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_nobody_waits_for_another_person(application: Application, ada: Person) -> None:
    ben = SessionToken((await log_in(application, "ben@example.org")).secret)
    writes = application.work.write
    async with asyncio.timeout(5), writes(ada.identity), writes(ben):
        pass


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_look_on_postgresql_can_not_write(application: Application) -> None:
    async with application.work.read() as uow:
        with pytest.raises(DBAPIError, match="read-only"):
            await uow.session.execute(text("DELETE FROM tasks"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_what_runs_away_on_postgresql_is_stopped(application: Application) -> None:
    async with application.work.read() as uow:
        limits = [
            (await uow.session.execute(text(f"SHOW {name}"))).scalar_one()
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert limits == ["30s", "15s", "1min"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_connection_that_postgresql_has_closed_is_replaced(application: Application) -> None:
    async with application.work.read() as uow:
        lost = (await uow.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    other = create_engine(application.settings.async_database_url)
    async with other.begin() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": lost})
    await other.dispose()

    async with application.work.read() as uow:
        found = (await uow.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()

    assert found != lost
