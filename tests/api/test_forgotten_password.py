"""A forgotten password: the link by mail through a real SMTP server, and what it gives away."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, Envelope
from starlette.types import ASGIApp

from tests.api.client import PASSWORD, BrowserClient, fields_at_fault
from tests.api.conftest import Clock, Open, serve
from tests.api.test_auth import statements
from todo_app.bootstrap import Application, bootstrap
from todo_app.services.throttle import PER_ACCOUNT
from todo_app.settings import Settings

NEW = "another horse battery"


class Mailbox(Sink):
    """Keeps what the server receives."""

    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"

    def secret(self) -> str:
        """The one in the newest link."""
        text = self.mails[-1].get_payload(decode=True).decode()  # type: ignore[union-attr]
        found = re.search(r"https://todo\.example\.org/reset\?secret=(\S+)", text)
        assert found is not None, text
        return found[1]


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
async def application(settings: Settings, clock: Clock, smtp_url: str) -> AsyncIterator[Application]:
    """One that sends mail."""
    mailing = Settings(
        _env_file=None,
        database_url=settings.database_url,
        data_dir=settings.data_dir,
        smtp_url=smtp_url,
        base_url="https://todo.example.org",
    )
    application = bootstrap(mailing, clock=clock)
    yield application
    await application.close()


@pytest.fixture
async def ada(open_browser: Open) -> BrowserClient:
    browser = open_browser(url="https://todo.example.org")
    await browser.register("ada@example.org")
    return browser


async def test_the_link_sets_a_new_password(ada: BrowserClient, open_browser: Open, mailbox: Mailbox) -> None:
    browser = open_browser(url="https://todo.example.org")

    assert (await browser.submit("/auth/forgot", email="Ada@example.org")).status_code == 202
    answer = await browser.submit("/auth/reset", secret=mailbox.secret(), password=NEW)

    assert mailbox.mails[0]["To"] == "ada@example.org"
    assert answer.status_code == 200
    assert await browser.is_logged_in()
    assert not await ada.is_logged_in()
    assert (await browser.log_in("ada@example.org", PASSWORD)).status_code == 401
    assert (await browser.log_in("ada@example.org", NEW)).status_code == 200


async def test_the_mail_goes_to_the_address_of_the_account(ada: BrowserClient, mailbox: Mailbox) -> None:
    """Another address can look the same to us: this K is the sign for kelvin, which folds to a k."""
    await ada.register("kim@example.org")

    await ada.submit("/auth/forgot", email="\u212aim@example.org")

    assert [mail["To"] for mail in mailbox.mails] == ["kim@example.org"]


async def test_it_works_once(ada: BrowserClient, mailbox: Mailbox) -> None:
    await ada.submit("/auth/forgot", email="ada@example.org")
    await ada.submit("/auth/reset", secret=mailbox.secret(), password=NEW)

    again = await ada.submit("/auth/reset", secret=mailbox.secret(), password="a third horse battery")

    assert again.status_code == 422
    assert fields_at_fault(again) == {"link"}
    assert (await ada.log_in("ada@example.org", NEW)).status_code == 200


async def test_and_for_an_hour(ada: BrowserClient, mailbox: Mailbox, clock: Clock) -> None:
    await ada.submit("/auth/forgot", email="ada@example.org")
    clock.advance(timedelta(hours=1, seconds=1))

    answer = await ada.submit("/auth/reset", secret=mailbox.secret(), password=NEW)

    assert fields_at_fault(answer) == {"link"}
    assert (await ada.log_in("ada@example.org")).status_code == 200


async def test_a_password_that_can_not_be_so_does_not_use_it_up(ada: BrowserClient, mailbox: Mailbox) -> None:
    await ada.submit("/auth/forgot", email="ada@example.org")

    refused = await ada.submit("/auth/reset", secret=mailbox.secret(), password="short")

    assert fields_at_fault(refused) == {"password"}
    assert (await ada.submit("/auth/reset", secret=mailbox.secret(), password=NEW)).status_code == 200


async def test_a_stranger_does_not_learn_who_has_an_account(
    ada: BrowserClient, open_browser: Open, mailbox: Mailbox
) -> None:
    known = await open_browser().submit("/auth/forgot", email="ada@example.org")
    unknown = await open_browser().submit("/auth/forgot", email="ben@example.org")

    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content
    assert known.headers == unknown.headers
    assert [mail["To"] for mail in mailbox.mails] == ["ada@example.org"]


async def test_nor_by_the_time_it_takes(ada: BrowserClient, web: ASGIApp, application: Application) -> None:
    """What is done before the answer is the same; the address is looked up after it."""
    costs = [
        await statements_before_the_answer(web, application, email=email, address=address)
        for email, address in (("ada@example.org", "192.0.2.8"), ("ben@example.org", "192.0.2.9"))
    ]

    assert costs[0] == costs[1]
    assert not any("users" in statement for statement in costs[0])


async def test_mails_are_not_sent_without_end(ada: BrowserClient, mailbox: Mailbox) -> None:
    answers = [
        (await ada.submit("/auth/forgot", email="ada@example.org")).status_code
        for _ in range(PER_ACCOUNT + 1)
    ]

    assert answers == [202] * PER_ACCOUNT + [429]
    assert len(mailbox.mails) == PER_ACCOUNT


async def test_a_server_without_mail_says_what_to_do(settings: Settings, page_folder: Path) -> None:
    application = bootstrap(settings)
    async with BrowserClient(serve(application, page_folder)) as browser:
        answer = await browser.submit("/auth/forgot", email="ada@example.org")
    await application.close()

    assert answer.status_code == 422
    assert "operator" in answer.json()["detail"]


async def statements_before_the_answer(
    web: ASGIApp, application: Application, *, email: str, address: str
) -> list[str]:
    before: list[str] = []

    async def stop_watch(scope: Any, receive: Any, send: Any) -> None:
        async def noting_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                before.extend(executed)
            await send(message)

        await web(scope, receive, noting_send)

    with statements(application) as executed:
        async with BrowserClient(stop_watch, address=address) as browser:
            await browser.submit("/auth/forgot", email=email)
    assert before
    return before
