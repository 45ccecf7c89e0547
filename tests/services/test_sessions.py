"""Where somebody is logged in, and logging out there from here."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from uuid6 import uuid7

from tests.services.conftest import MONDAY, Clock
from tests.state.people import Person, log_in
from todo_app.bootstrap import Application
from todo_app.domain.errors import NotFound, Unauthenticated
from todo_app.domain.identity import SessionToken
from todo_app.services import accounts, sessions
from todo_app.services.sessions import LogIn

LIFE = timedelta(days=30)


@pytest.fixture
async def ada(application: Application) -> Person:
    return await log_in(application, "ada@example.org")


@pytest.fixture
async def ben(application: Application) -> Person:
    return await log_in(application, "ben@example.org")


async def log_in_again(person: Person) -> SessionToken:
    """The same person in another browser."""
    async with person.application.work.write() as uow:
        user = await uow.accounts.by_id(person.identity.user_id)
        assert user is not None
        return SessionToken(accounts.start_session(uow, user, days=LIFE.days).secret)


async def seen_from(person: Person, browser: SessionToken) -> list[LogIn]:
    async with person.application.work.read(browser) as uow:
        return await sessions.log_ins(uow, life=LIFE)


async def id_of(person: Person, browser: SessionToken) -> UUID:
    async with person.application.work.read(browser) as uow:
        assert uow.identity.session_id is not None
        return uow.identity.session_id


async def test_this_browser_comes_first_then_the_newest(ada: Person) -> None:
    browsers = [await log_in_again(ada) for _ in range(3)]
    phone, tablet, laptop = [await id_of(ada, browser) for browser in browsers]

    found = await seen_from(ada, browsers[1])

    assert [each.id for each in found[:3]] == [tablet, laptop, phone]
    assert [each.is_this for each in found] == [True, False, False, False]


async def test_of_the_others_those_of_other_people_and_those_that_ended_are_not_shown(
    ada: Person, ben: Person, clock: Clock
) -> None:
    clock.now += timedelta(days=2)  # what `log_in` has begun lasts a day
    phone = await log_in_again(ada)
    await log_in_again(ben)

    assert [each.id for each in await seen_from(ada, phone)] == [await id_of(ada, phone)]


async def test_it_tells_since_when_until_when_and_about_when_it_was_used(ada: Person, clock: Clock) -> None:
    phone = await log_in_again(ada)
    clock.now += timedelta(days=3)
    async with ada.application.work.write(phone):
        pass  # any change keeps the session alive
    clock.now += timedelta(days=4)

    (found,) = await seen_from(ada, phone)

    assert found.began_at - MONDAY < timedelta(minutes=1)
    assert timedelta(0) <= found.used_at - MONDAY - timedelta(days=3) < timedelta(minutes=1)
    assert found.ends_at == found.used_at + LIFE


async def test_a_shorter_life_makes_no_use_that_is_still_to_come(ada: Person) -> None:
    async with ada.application.work.read(SessionToken(ada.secret)) as uow:
        (found,) = await sessions.log_ins(uow, life=timedelta(hours=1))
        assert found.began_at <= found.used_at <= uow.now


async def test_logging_out_there_ends_that_session_alone(ada: Person) -> None:
    phone, laptop = await log_in_again(ada), await log_in_again(ada)
    lost = await id_of(ada, phone)

    async with ada.application.work.write(laptop) as uow:
        await sessions.log_out(uow, lost)

    with pytest.raises(Unauthenticated):
        await seen_from(ada, phone)
    assert lost not in {each.id for each in await seen_from(ada, laptop)}
    assert [event.type for event in uow.events] == ["account.updated"]


async def test_nobody_logs_another_person_out(ada: Person, ben: Person) -> None:
    (theirs,) = await seen_from(ada, SessionToken(ada.secret))

    for session_id in (theirs.id, uuid7()):
        with pytest.raises(NotFound):
            async with ben.application.work.write(SessionToken(ben.secret)) as uow:
                await sessions.log_out(uow, session_id)

    assert await seen_from(ada, SessionToken(ada.secret)) == [theirs]
