"""The links of a mail: a look does nothing, the button does it once, and nobody can write one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.api.client import BrowserClient
from tests.api.conftest import Clock, Open
from tests.fixtures.passwords import HASH
from todo_app.bootstrap import Application
from todo_app.db.models import NotificationChannel, Reminder, Task, UsedLink, User
from todo_app.db.repositories.accounts import identity_of
from todo_app.domain.identity import Identity
from todo_app.notifications.links import PURPOSE, Link, LinkAction, LinkSigner
from todo_app.notifications.push_encryption import from_base64url, to_base64url
from todo_app.secret_key import purpose_key
from todo_app.services import accounts, channels, tasks


class Person:
    """Somebody with a task and a mail in which links stand; they are not logged in anywhere."""

    def __init__(self, application: Application, user: User) -> None:
        self.application = application
        self.identity: Identity = identity_of(user)
        self.signer = LinkSigner(purpose_key(application.settings, PURPOSE))
        self.task_id = self.channel_id = UUID(int=0)

    def link(self, action: LinkAction = LinkAction.COMPLETE, **values: object) -> Link:
        usual = {
            "id": uuid4(),
            "user_id": self.identity.user_id,
            "subject_id": self.channel_id if action is LinkAction.UNSUBSCRIBE else self.task_id,
            "expires_at": self.application.work.clock() + timedelta(days=7),
        }
        return Link(action, **(usual | values))

    def path(self, action: LinkAction = LinkAction.COMPLETE, **values: object) -> str:
        return f"/links/{self.signer.sign(self.link(action, **values))}"

    async def task(self) -> Task:
        async with self.application.work.read(self.identity) as uow:
            return await uow.tasks.get(self.task_id)

    async def channel(self) -> NotificationChannel:
        async with self.application.work.read(self.identity) as uow:
            return await uow.channels.get(self.channel_id)

    async def reminders(self) -> list[Reminder]:
        async with self.application.work.read() as uow:
            return list((await uow.session.scalars(select(Reminder))).all())

    async def used(self) -> int:
        async with self.application.work.read() as uow:
            return len((await uow.session.scalars(select(UsedLink))).all())


@pytest.fixture
async def ada(application: Application) -> Person:
    async with application.work.write() as uow:
        person = Person(application, await accounts.register(uow, "ada@example.org", HASH, "Europe/Berlin"))
        person.task_id = (await tasks.add(uow, tasks.AddTask(title="Pay <rent>"))).id
        person.channel_id = (await channels.add_email(uow)).id
    return person


@pytest.mark.parametrize("action", LinkAction)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_look_does_nothing(
    ada: Person, browser: BrowserClient, action: LinkAction, method: str
) -> None:
    """Mail scanners follow every link."""
    path = ada.path(action)

    for _ in range(3):
        assert (await browser.request(method, path)).status_code == 200

    assert (await ada.task()).completed_at is None
    assert (await ada.channel()).disabled_at is None
    assert await ada.reminders() == []
    assert await ada.used() == 0


async def test_the_page_asks_and_has_a_button(ada: Person, browser: BrowserClient) -> None:
    answer = await browser.get(ada.path())

    assert "Complete “Pay &lt;rent&gt;”?" in answer.text
    assert '<form method="post">' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/html")
    assert "form-action 'self'" in answer.headers["content-security-policy"]


async def test_the_button_completes_once(ada: Person, browser: BrowserClient) -> None:
    path = ada.path()

    first, second, look = await browser.post(path), await browser.post(path), await browser.get(path)

    assert (first.status_code, second.status_code, look.status_code) == (200, 410, 410)
    assert "is completed" in first.text
    assert "has been used already" in second.text
    assert (await ada.task()).completed_at is not None


async def test_a_used_link_does_not_complete_what_was_reopened(ada: Person, browser: BrowserClient) -> None:
    path = ada.path()
    await browser.post(path)
    async with ada.application.work.write(ada.identity) as uow:
        await tasks.reopen(uow, [ada.task_id])

    await browser.post(path)

    assert (await ada.task()).completed_at is None


async def test_the_other_button_puts_it_off_for_an_hour(ada: Person, browser: BrowserClient) -> None:
    answer = await browser.post(ada.path(LinkAction.SNOOZE))

    [reminder] = await ada.reminders()
    assert answer.status_code == 200
    assert reminder.is_snooze
    assert reminder.at is not None
    assert timedelta(minutes=59) < reminder.at - ada.application.work.clock() <= timedelta(hours=1)


async def test_what_can_not_be_put_off_leaves_the_link_unused(ada: Person, browser: BrowserClient) -> None:
    """The effect and the use are one transaction."""
    await browser.post(ada.path())
    path = ada.path(LinkAction.SNOOZE)

    answer = await browser.post(path)

    assert answer.status_code == 409
    assert "done with" in answer.text
    assert await ada.used() == 1


async def test_mails_can_be_ended_by_one_click_and_twice(ada: Person, browser: BrowserClient) -> None:
    """RFC 8058: the mail program posts, without cookies and without looking first."""
    path = ada.path(LinkAction.UNSUBSCRIBE)

    answers = [
        await browser.post(
            path, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"}
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await ada.channel()).disabled_at is not None


async def test_it_expires(ada: Person, browser: BrowserClient, clock: Clock) -> None:
    path = ada.path()
    clock.advance(timedelta(days=7, seconds=1))

    assert (await browser.get(path)).status_code == 410
    assert (await browser.post(path)).status_code == 410
    assert (await ada.task()).completed_at is None


async def test_no_byte_of_it_can_be_changed(ada: Person, browser: BrowserClient) -> None:
    signed = from_base64url(ada.signer.sign(ada.link()))

    for place in range(len(signed)):
        changed = bytearray(signed)
        changed[place] ^= 1
        with pytest.raises(Exception, match="not complete"):
            ada.signer.read(to_base64url(bytes(changed)))
    forged = to_base64url(bytes([LinkAction.COMPLETE]) + signed[1:-1] + b"\x00")
    assert (await browser.post(f"/links/{forged}")).status_code == 410
    assert (await ada.task()).completed_at is None


@pytest.mark.parametrize("text", ["x", "é", "a" * 5_000, "%00", "AAAA=", "null"])
async def test_nonsense_is_refused(ada: Person, browser: BrowserClient, text: str) -> None:
    for method in ("GET", "POST"):
        assert (await browser.request(method, f"/links/{text}")).status_code in (404, 405, 410)


async def test_another_spelling_of_a_used_link_is_used_too(ada: Person, browser: BrowserClient) -> None:
    path = ada.path()
    await browser.post(path)

    for other in (f"{path}=", f"{path}=="):
        assert (await browser.post(other)).status_code == 410


async def test_a_link_of_another_key_is_refused(ada: Person, browser: BrowserClient) -> None:
    forged = LinkSigner(b"another key").sign(ada.link())

    assert (await browser.post(f"/links/{forged}")).status_code == 410
    assert (await ada.task()).completed_at is None


async def test_a_link_is_about_its_own_users_things_alone(
    ada: Person, application: Application, browser: BrowserClient
) -> None:
    """Even one that we had signed."""
    async with application.work.write() as uow:
        ben = Person(application, await accounts.register(uow, "ben@example.org", HASH, "Asia/Tokyo"))

    for action, subject_id in ((LinkAction.COMPLETE, ada.task_id), (LinkAction.UNSUBSCRIBE, ada.channel_id)):
        answer = await browser.post(ben.path(action, subject_id=subject_id))
        assert answer.status_code == 404
        assert "Pay" not in answer.text
    assert (await ada.task()).completed_at is None
    assert (await ada.channel()).disabled_at is None


async def test_a_link_of_somebody_who_is_gone_does_nothing(ada: Person, browser: BrowserClient) -> None:
    assert (await browser.post(ada.path(user_id=uuid4()))).status_code == 410


async def test_it_needs_no_log_in_and_is_no_page_of_the_app(ada: Person, open_browser: Open) -> None:
    answer = await open_browser().get(ada.path())

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
