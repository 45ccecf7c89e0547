"""An application that may send to loopback, on each kind of database; a person; the other side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from aiosmtpd.smtp import SMTP

from tests.notifications.scene import Clock, Scene
from tests.notifications.servers import Mailbox, Receiver, receiver
from tests.state.people import log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.settings import Settings


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 7, 15, 7, tzinfo=UTC))


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def smtp_url(mailbox: Mailbox) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="localhost"), "127.0.0.1", 0)
    async with server:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def other_side() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


@pytest.fixture
async def application(settings: Settings, clock: Clock, smtp_url: str) -> AsyncIterator[Application]:
    sending = Settings(
        _env_file=None,
        database_url=settings.database_url,
        data_dir=settings.data_dir,
        smtp_url=smtp_url,
        base_url="https://todo.example.org",
        allow_private_targets=True,
    )
    application = bootstrap(sending, clock=clock)
    yield application
    await application.close()


@pytest.fixture
async def scene(application: Application, clock: Clock) -> Scene:
    return Scene(application, await log_in(application, "ada@example.org"), clock)
