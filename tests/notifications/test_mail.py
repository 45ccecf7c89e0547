"""Notifications by mail, through a real SMTP server: what a mail holds, and every way it can go wrong."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import time, timedelta
from uuid import UUID

import pytest

from tests.notifications.scene import Recorder, Scene
from tests.notifications.servers import Mailbox
from tests.state.people import log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.domain.task import Due
from todo_app.notifications.channel_desk import PAUSES
from todo_app.notifications.courier import Limits
from todo_app.notifications.mail_channel import MailChannel
from todo_app.settings import Settings


@pytest.fixture
def mails(application: Application) -> MailChannel:
    return MailChannel(application.settings)


def with_server(settings: Settings, url: str) -> MailChannel:
    return MailChannel(settings.model_copy(update={"smtp_url": url_of(url)}))


def url_of(url: str) -> object:
    return Settings(_env_file=None, smtp_url=url).smtp_url


@pytest.fixture
async def hanging_server() -> AsyncIterator[str]:
    """Takes a connection, and says nothing."""
    writers: list[asyncio.StreamWriter] = []

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for writer in writers:
        writer.close()
    server.close()


@pytest.fixture
async def dropping_server() -> AsyncIterator[str]:
    """Hangs up in the middle of the mail."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        answers = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            writer.write(answers.get(verb, b"250 OK\r\n"))
            if verb == b"DATA":
                await reader.readline()
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_a_mail_says_it_in_text_and_html(scene: Scene, mailbox: Mailbox, mails: MailChannel) -> None:
    await scene.add_channel()
    await scene.remind("Pay <b>rent</b> & more", Due(scene.clock().date(), time(11)))

    await scene.deliver(mails)

    [mail] = mailbox.mails
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Reminder: Pay <b>rent</b> & more")
    assert "due 11:00" in text.get_content()
    assert "due 11:00" in html.get_content()
    assert "Pay &lt;b&gt;rent&lt;/b&gt; &amp; more" in html.get_content()
    assert "<b>" not in html.get_content()


async def test_mails_about_a_task_hang_together(scene: Scene, mailbox: Mailbox, mails: MailChannel) -> None:
    await scene.add_channel()
    task_id = await scene.add_task()
    await scene.notify(await scene.due_event(task_id), await scene.due_event(task_id))

    await scene.deliver(mails)

    thread = f"<task-{task_id}@todo.example.org>"
    assert [(mail["In-Reply-To"], mail["References"]) for mail in mailbox.mails] == [(thread, thread)] * 2
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 2


async def test_a_copy_has_the_same_message_id_and_links(
    scene: Scene, mailbox: Mailbox, mails: MailChannel
) -> None:
    await scene.add_channel()
    await scene.remind()
    recorder = Recorder()
    await scene.deliver(recorder)
    [(target, message)] = recorder.sent

    await mails.send(target, message)
    await mails.send(target, message)

    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<{message.id}@todo.example.org>"
    text, again = ([part.get_content() for part in mail.iter_parts()] for mail in (first, second))
    assert text == again
    assert [each.count("/links/") for each in text] == [3, 3]


async def test_it_can_be_ended_by_one_click(scene: Scene, mailbox: Mailbox, mails: MailChannel) -> None:
    await scene.add_channel()
    await scene.remind()

    await scene.deliver(mails)

    [mail] = mailbox.mails
    assert mail["List-Unsubscribe"].startswith("<https://todo.example.org/links/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_a_server_that_takes_half_of_them_gets_the_other_half_again(
    scene: Scene, mailbox: Mailbox, mails: MailChannel
) -> None:
    """Each mail has one receiver, so nobody gets it twice because another one was refused."""
    await scene.add_channel(target="ada@example.org")
    ben = Scene(scene.application, await log_in(scene.application, "ben@example.org"), scene.clock)
    await ben.add_channel(target="ben@example.org")
    await scene.remind()
    await ben.remind()
    mailbox.refused["ben@example.org"] = "451 Try again later"

    await scene.deliver(mails)
    assert mailbox.receivers == ["ada@example.org"]
    mailbox.refused.clear()
    scene.clock.advance(PAUSES[0])
    await scene.deliver(mails)

    assert mailbox.receivers == ["ada@example.org", "ben@example.org"]


@pytest.mark.parametrize(
    ("refused", "answer", "is_final"),
    [
        ("550 No such user", "250 OK", True),
        ("451 Greylisted", "250 OK", False),
        ("", "554 Looks like spam", True),
        ("", "452 Disk full", False),
    ],
)
async def test_a_refusal_counts_for_good_when_the_server_says_so(
    scene: Scene, mailbox: Mailbox, mails: MailChannel, refused: str, answer: str, is_final: bool
) -> None:
    await scene.add_channel()
    await scene.remind()
    mailbox.answer = answer
    if refused:
        mailbox.refused["ada@example.org"] = refused

    await scene.deliver(mails)

    [delivery] = await scene.deliveries()
    assert (refused or answer)[4:] in delivery.error
    assert (delivery.failed_at is not None) is is_final
    assert (delivery.next_attempt_at is None) is is_final
    assert mailbox.mails == []


async def test_a_server_that_is_down_is_tried_again(
    scene: Scene, mailbox: Mailbox, mails: MailChannel
) -> None:
    await scene.add_channel()
    await scene.remind()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    await scene.deliver(with_server(scene.application.settings, f"smtp://127.0.0.1:{port}"))
    [delivery] = await scene.deliveries()
    assert "can't be reached" in delivery.error
    scene.clock.advance(PAUSES[0])
    await scene.deliver(mails)

    assert mailbox.receivers == ["ada@example.org"]


async def test_a_server_that_hangs_costs_the_deadline_and_no_more(
    scene: Scene, mailbox: Mailbox, mails: MailChannel, hanging_server: str
) -> None:
    await scene.add_channel()
    await scene.remind()

    hanging = with_server(scene.application.settings, hanging_server)
    await scene.deliver(hanging, limits=Limits(deadline=timedelta(milliseconds=200)))
    [delivery] = await scene.deliveries()
    assert delivery.next_attempt_at == scene.clock() + PAUSES[0]
    scene.clock.advance(PAUSES[0])
    await scene.deliver(mails)

    assert mailbox.receivers == ["ada@example.org"]


async def test_a_server_that_hangs_up_in_the_middle_is_tried_again(
    scene: Scene, dropping_server: str
) -> None:
    await scene.add_channel()
    await scene.remind()

    await scene.deliver(with_server(scene.application.settings, dropping_server))

    [delivery] = await scene.deliveries()
    assert (delivery.sent_at, delivery.next_attempt_at) == (None, scene.clock() + PAUSES[0])


async def test_without_a_mail_server_the_log_says_so(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind()

    silent = MailChannel(scene.application.settings.model_copy(update={"smtp_url": None}))
    await scene.deliver(silent)

    [delivery] = await scene.deliveries()
    assert "TODO_SMTP_URL" in delivery.error


async def test_the_ids_are_those_of_the_delivery(scene: Scene, mailbox: Mailbox, mails: MailChannel) -> None:
    await scene.add_channel()
    await scene.remind()
    application = bootstrap(scene.application.settings, clock=scene.clock)
    await application.close()

    await scene.deliver(mails)

    [delivery], [mail] = await scene.deliveries(), mailbox.mails
    assert UUID(mail["Message-ID"].strip("<>").split("@")[0]) == delivery.id
