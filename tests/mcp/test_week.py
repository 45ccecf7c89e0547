"""A week of real work through the official client: over HTTP against two replicas, and over stdio beside the app."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from tests.api.conftest import serve
from tests.fixtures.served import served
from tests.mcp.conftest import answer, connected, token_of
from tests.mcp.journey import spend_a_week
from tests.services.conftest import Someone
from tests.state.people import log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.embedded_runtime import run_embedded
from todo_app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Application]:
    """With the time as it is, since a process of its own has no other."""
    application = bootstrap(settings)
    async with run_embedded(application):
        yield application
    await application.close()


@pytest.fixture
async def replica(settings: Settings) -> AsyncIterator[Application]:
    """Another copy on the same data."""
    application = bootstrap(settings)
    yield application
    await application.close()


@pytest.fixture
async def ada(application: Application) -> Someone:
    return Someone(application, (await log_in(application, "ada@example.org")).identity)


async def test_two_replicas_answer_by_turns(
    application: Application, replica: Application, ada: Someone, page_folder: Path
) -> None:
    secret = await token_of(ada)
    # A client of before 2026 shakes hands, and its next message goes to a replica that has not heard of that.
    mode = "auto" if application.engine.dialect.name == "sqlite" else "legacy"
    async with (
        served(serve(application, page_folder)) as one,
        served(serve(replica, page_folder)) as two,
        connected(one, secret, mode=mode) as first,
        connected(two, secret, mode=mode) as second,
    ):
        turns = itertools.cycle([first, second])

        async def ask(tool: str, **arguments: Any) -> dict[str, Any]:
            return await answer(next(turns), tool, **arguments)

        await spend_a_week(ask)
    await _all_bear_the_name_of_the_token(ada)


async def test_a_program_over_stdio_works_beside_the_app(
    application: Application, ada: Someone, settings: Settings, tmp_path: Path
) -> None:
    program = _program(settings, tmp_path, TODO_TOKEN=await token_of(ada))
    heard: set[object] = set()
    application.notices.subscribe(lambda notice: heard.add(notice.user_id))
    async with Client(program) as client:

        async def ask(tool: str, **arguments: Any) -> dict[str, Any]:
            return await answer(client, tool, **arguments)

        await spend_a_week(ask)
    await _all_bear_the_name_of_the_token(ada)
    # Which is what open tabs are refreshed by.
    assert heard == {ada.identity.user_id}


async def _all_bear_the_name_of_the_token(ada: Someone) -> None:
    async with ada.application.work.read(ada.identity) as uow:
        events, _ = await uow.activity.page()
    assert events
    made = {(event.actor.kind, event.actor.name) for event in events if event.type != "account.updated"}
    assert made <= {("agent", "Planner"), ("worker", "recurrence")}
    assert ("agent", "Planner") in made


def _program(settings: Settings, folder: Path, **environment: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "todo_app", "mcp"],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TODO_DATABASE_URL": settings.database_url or "",
            "TODO_DATA_DIR": str(settings.data_dir),
            **environment,
        },
        cwd=folder,
    )
