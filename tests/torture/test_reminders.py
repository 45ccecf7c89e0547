"""kill -9 every few seconds while reminders are due: none is lost, in the app none comes twice.

A mail or push that was under way at a kill may come once more, with the same Message-ID or topic.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.events.scene import sign_up
from tests.notifications.servers import Mailbox, Receiver, SubscribedBrowser, receiver
from tests.torture.reminding import remind_until_killed
from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.events import ReminderData
from todo_app.domain.identity import Identity
from todo_app.notifications.push_channel import read_subscription
from todo_app.services import channels, tasks
from todo_app.services.tasks import AddTask
from todo_app.settings import Settings

SEED = 20261123
REMINDERS = 2_000
BATCH = 100
# They become due while processes come and go.
FIRST_IN, SPREAD = timedelta(seconds=12), timedelta(seconds=20)
LIFE_SECONDS = (2.5, 6.0)
PATIENCE_SECONDS = 600


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox, port
    controller.stop()


@pytest.fixture
def push_service() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


@pytest.mark.timeout(PATIENCE_SECONDS + 120)
def test_no_reminder_is_lost_and_none_comes_twice(
    sqlite_database: str, tmp_path: Path, mailbox: tuple[Mailbox, int], push_service: Receiver
) -> None:
    print(f"seed {SEED}")  # noqa: T201  # pytest shows it with a failure
    mails, port = mailbox
    settings = {
        "database_url": sqlite_database,
        "data_dir": tmp_path / "data",
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "base_url": "https://todo.example.org",
        "allow_private_targets": True,
    }
    asyncio.run(_remember(settings, SubscribedBrowser(f"{push_service.url}/push/1")))

    kills = _kill_until_delivered(settings, random.Random(SEED))

    ids = Counter(str(mail["Message-ID"]) for mail in mails.mails)
    subjects = {str(mail["Subject"]) for mail in mails.mails}
    topics = Counter(request.headers["topic"] for request in push_service.requests)
    told = _rows(settings, "SELECT title, count(*) FROM notifications GROUP BY title")
    print(  # noqa: T201  # the figures that are promised
        f"{kills} kills; {len(mails.mails)} mails, {len(mails.mails) - len(ids)} of them again; "
        f"{len(push_service.requests)} pushes, {len(push_service.requests) - len(topics)} of them again"
    )
    assert kills >= 5
    assert dict(told) == {_title(number): 1 for number in range(REMINDERS)}
    assert len(ids) == len(topics) == REMINDERS
    assert all(any(_title(number) in subject for subject in subjects) for number in (0, REMINDERS - 1))
    assert max(ids.values()) <= 1 + kills
    assert _rows(settings, "SELECT count(*) FROM reminders WHERE sent_at IS NULL") == [(0,)]
    assert _rows(settings, "SELECT count(*) FROM dead_letters") == [(0,)]
    assert _rows(settings, "SELECT count(*) FROM deliveries WHERE failed_at IS NOT NULL") == [(0,)]


def _title(number: int) -> str:
    return f"Reminder {number:04}"


async def _remember(settings: dict[str, Any], browser: SubscribedBrowser) -> None:
    application = bootstrap(Settings(_env_file=None, **settings))
    person = await sign_up(application.work)
    async with application.work.write(person) as uow:
        await channels.add_email(uow)
        subscription = read_subscription(browser.subscription, allow_private=True)
        await channels.add_push(uow, subscription, "A browser")
    for first in range(0, REMINDERS, BATCH):
        await _add(application, person, range(first, first + BATCH))
    await application.close()


async def _add(application: Application, person: Identity, numbers: range) -> None:
    async with application.work.write(person) as uow:
        for number in numbers:
            at = uow.now + FIRST_IN + SPREAD * (number / REMINDERS)
            await tasks.add(uow, AddTask(_title(number), reminders=[ReminderData(at=at)]))


def _kill_until_delivered(settings: dict[str, Any], chance: random.Random) -> int:
    """Start the process and kill it, again and again until everything has arrived; how many kills it took."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.torture.reminding"])
    deadline, kills = time.monotonic() + PATIENCE_SECONDS, 0
    waiting = threading.Event()
    while True:
        process = context.Process(target=remind_until_killed, args=(settings,))
        process.start()
        waiting.wait(chance.uniform(*LIFE_SECONDS))
        done = _is_everything_delivered(settings)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL, "it ended by itself"
        if done:
            return kills
        kills += 1
        assert time.monotonic() < deadline, _rows(
            settings, "SELECT count(*), sum(sent_at > 0) FROM deliveries"
        )


def _is_everything_delivered(settings: dict[str, Any]) -> bool:
    [(sent,)] = _rows(settings, "SELECT count(*) FROM deliveries WHERE sent_at IS NOT NULL")
    return bool(sent == 2 * REMINDERS)


def _rows(settings: dict[str, Any], query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(str(settings["database_url"]).removeprefix("sqlite:///"))) as database:
        return database.execute(query).fetchall()
