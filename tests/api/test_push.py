"""A browser that has changed its subscription by itself is reached by the new one."""

from __future__ import annotations

import json

import pytest

from tests.api.client import BrowserClient, fields_at_fault, problem_of
from tests.api.conftest import Open
from tests.notifications.servers import SubscribedBrowser
from todo_app.bootstrap import Application
from todo_app.db.models import NotificationChannel
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.notifications.push_channel import read_subscription
from todo_app.services import channels

OLD, NEW = "https://push.example.org/old", "https://push.example.org/new"


class Ada:
    """Somebody whose browser is subscribed."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def _in(self, uow: UnitOfWork) -> None:
        user = await uow.accounts.by_email("ada@example.org")
        assert user is not None
        uow.identity = identity_of(user)

    async def subscribe(self, endpoint: str = OLD, *, name: str = "Firefox") -> None:
        async with self._application.work.write() as uow:
            await self._in(uow)
            subscription = read_subscription(SubscribedBrowser(endpoint).subscription, allow_private=False)
            await channels.add_push(uow, subscription, name)

    async def switch_off(self, because: str) -> None:
        async with self._application.work.write() as uow:
            await self._in(uow)
            (channel,) = await uow.channels.all()
            await channels.switch(uow, channel.id, on=False, because=because)

    async def channels(self) -> list[NotificationChannel]:
        async with self._application.work.read() as uow:
            await self._in(uow)
            return list(await uow.channels.all())


@pytest.fixture
async def ada(application: Application, browser: BrowserClient) -> Ada:
    await browser.register("ada@example.org")
    return Ada(application)


async def renew(browser: BrowserClient, *, old: str = OLD, new: str = NEW):
    subscription = SubscribedBrowser(new).subscription
    return await browser.submit("/push/subscription", old_endpoint=old, subscription=subscription)


async def test_the_new_one_takes_the_place_of_the_old_one(browser: BrowserClient, ada: Ada):
    await ada.subscribe()

    assert (await renew(browser)).status_code == 204
    # Its answer may have been lost on the way.
    assert (await renew(browser)).status_code == 204

    (channel,) = await ada.channels()
    assert (channel.name, json.loads(channel.target)["endpoint"]) == ("Firefox", NEW)


async def test_one_that_was_gone_works_again_and_one_that_was_switched_off_stays_off(
    browser: BrowserClient, ada: Ada
):
    await ada.subscribe()
    await ada.switch_off("The browser has ended its subscription.")
    await renew(browser)
    assert [channel.disabled_at for channel in await ada.channels()] == [None]

    await ada.switch_off(channels.OFF_BY_OWNER)
    await renew(browser, old=NEW, new=OLD)
    (channel,) = await ada.channels()
    assert channel.disabled_because == channels.OFF_BY_OWNER
    assert json.loads(channel.target)["endpoint"] == OLD


async def test_a_page_that_was_faster_leaves_one_channel(browser: BrowserClient, ada: Ada):
    await ada.subscribe()
    await ada.subscribe(NEW, name="Firefox once more")

    assert (await renew(browser)).status_code == 204

    (channel,) = await ada.channels()
    assert json.loads(channel.target)["endpoint"] == NEW


async def test_another_persons_stays_as_it_is(open_browser: Open, ada: Ada):
    await ada.subscribe()
    bens = open_browser()
    await bens.register("ben@example.org")

    answer = await renew(bens)

    assert answer.status_code == 404
    problem_of(answer)
    assert [json.loads(channel.target)["endpoint"] for channel in await ada.channels()] == [OLD]


@pytest.mark.parametrize(
    "new", ["http://push.example.org/x", "https://127.0.0.1/x", "https://a/" + "x" * 3_000]
)
async def test_an_address_that_is_none_of_a_push_service_is_refused(
    browser: BrowserClient, ada: Ada, new: str
):
    await ada.subscribe()

    answer = await renew(browser, new=new)

    assert answer.status_code == 422
    assert fields_at_fault(answer) == {"subscription"}
    assert [json.loads(channel.target)["endpoint"] for channel in await ada.channels()] == [OLD]
