"""Accounts over HTTP: signing up, logging in and out, passwords, and what a stranger can't find out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from httpx import Response
from sqlalchemy import Connection, event, func, select
from sqlmodel import col

from tests.api.client import PASSWORD, BrowserClient, fields_at_fault, problem_of
from tests.api.conftest import Clock, Open, serve
from todo_app.api.cookies import CSRF_COOKIE
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.engine import WRITES
from todo_app.db.models import AuditContent, OutboxEvent, Session, Task, User
from todo_app.db.repositories.accounts import identity_of
from todo_app.domain.errors import Invalid
from todo_app.domain.identity import Identity, SessionToken
from todo_app.services import accounts
from todo_app.services.throttle import PER_ACCOUNT, PER_NETWORK_ADDRESS, WINDOW
from todo_app.session_cookie import SESSION_COOKIE
from todo_app.settings import Settings


async def count(application: Application, table: type[Any]) -> int:
    async with application.work.read() as uow:
        return (await uow.session.execute(select(func.count()).select_from(table))).scalar_one()


async def identity(application: Application) -> Identity:
    """Who the one user is."""
    async with application.work.read() as uow:
        return identity_of((await uow.session.scalars(select(User))).one())


def cookies_of(response: Response) -> dict[str, Any]:
    jar: SimpleCookie = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        jar.load(header)
    return dict(jar)


class TestSigningUp:
    async def test_the_account_is_made_and_the_browser_logged_in(self, browser: BrowserClient) -> None:
        answer = await browser.register("Ada@Example.org")

        assert answer.status_code == 201
        assert answer.json().keys() == {"id", "email"}
        assert answer.json()["email"] == "Ada@Example.org"
        assert await browser.is_logged_in()

    async def test_it_begins_with_a_few_tasks(self, browser: BrowserClient, application: Application) -> None:
        await browser.register("ada@example.org")

        assert await count(application, Task) >= 3

    async def test_the_first_account_alone_is_the_operators(
        self, open_browser: Open, application: Application
    ) -> None:
        for email in ("ada@example.org", "ben@example.org"):
            await open_browser().register(email)

        async with application.work.read() as uow:
            users = (await uow.session.scalars(select(User).order_by(col(User.email)))).all()
        assert [user.is_operator for user in users] == [True, False]

    async def test_of_many_first_ones_at_once_one_is_the_operator(
        self, open_browser: Open, application: Application
    ) -> None:
        answers = await asyncio.gather(*(open_browser().register(f"p{i}@example.org") for i in range(5)))

        assert {answer.status_code for answer in answers} == {201}
        async with application.work.read() as uow:
            operators = await uow.session.scalars(select(User.email).where(col(User.is_operator)))
            assert len(operators.all()) == 1

    async def test_an_address_can_have_one_account_whatever_its_case(self, open_browser: Open) -> None:
        await open_browser().register("ada@example.org")

        answer = await open_browser().register("ADA@example.org")

        assert answer.status_code == 409
        assert fields_at_fault(answer) == {"email"}

    async def test_the_same_address_many_times_at_once_is_one_account(
        self, open_browser: Open, application: Application
    ) -> None:
        answers = await asyncio.gather(*(open_browser().register("ada@example.org") for _ in range(5)))

        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
        assert await count(application, User) == 1

    async def test_a_closed_server_takes_nobody(self, open_browser: Open, application: Application) -> None:
        await open_browser().register("ada@example.org")
        async with application.work.write() as uow:
            await uow.accounts.change_setting(accounts.SIGN_UP, "closed")

        answer = await open_browser().register("ben@example.org")

        assert answer.status_code == 403
        assert "closed" in problem_of(answer)["detail"]
        assert await count(application, User) == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "ada"),
            ("email", "a b@example.org"),
            ("email", "ada@example.org\nBcc: ben@example.org"),
            ("password", "short"),
            ("password", "x" * 257),
            ("timezone", "Mars/Olympus"),
            ("timezone", "../../etc/passwd"),
            ("timezone", ""),
        ],
    )
    async def test_what_can_not_be_so_is_said_at_its_field(
        self, browser: BrowserClient, application: Application, field: str, value: str
    ) -> None:
        fields = {"email": "ada@example.org", "password": PASSWORD, "timezone": "UTC", field: value}

        answer = await browser.submit("/auth/register", **fields)

        assert answer.status_code == 422
        assert fields_at_fault(answer) == {field}
        assert await count(application, User) == 0


class TestCookies:
    async def test_the_session_is_for_the_server_alone(self, browser: BrowserClient) -> None:
        cookies = cookies_of(await browser.register("ada@example.org"))

        assert cookies[SESSION_COOKIE]["httponly"]
        assert not cookies[CSRF_COOKIE]["httponly"]
        for cookie in cookies.values():
            assert cookie["samesite"] == "lax"
            assert cookie["path"] == "/"
            assert not cookie["secure"]

    async def test_they_are_secure_where_the_address_is(self, settings: Settings, page_folder: Path) -> None:
        secure = settings.model_copy(update={"base_url": "https://todo.example.org"})
        application = bootstrap(secure)
        async with BrowserClient(serve(application, page_folder), url="https://todo.example.org") as browser:
            cookies = cookies_of(await browser.register("ada@example.org"))
            assert all(cookie["secure"] for cookie in cookies.values())
            gone = cookies_of(await browser.submit("/auth/logout"))
            assert all(cookie["secure"] for cookie in gone.values())
        await application.close()

    async def test_the_database_has_only_a_digest(
        self, browser: BrowserClient, application: Application
    ) -> None:
        await browser.register("ada@example.org")
        secret = browser.cookies[SESSION_COOKIE]

        async with application.work.read() as uow:
            stored = (await uow.session.scalars(select(Session))).one()
        assert secret not in stored.token_digest
        assert len(secret) >= 40


class TestLoggingIn:
    async def test_with_the_password(self, open_browser: Open) -> None:
        await open_browser().register("ada@example.org")
        browser = open_browser()

        answer = await browser.log_in(" ADA@example.org ")

        assert answer.status_code == 200
        assert answer.json()["email"] == "ada@example.org"
        assert await browser.is_logged_in()

    async def test_each_time_with_another_session(self, open_browser: Open) -> None:
        browser = open_browser()
        await browser.register("ada@example.org")
        first = browser.cookies[SESSION_COOKIE]

        await browser.log_in("ada@example.org")

        assert browser.cookies[SESSION_COOKIE] != first

    async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
        self, open_browser: Open
    ) -> None:
        await open_browser().register("ada@example.org")

        wrong = await open_browser().log_in("ada@example.org", "wrong horse battery")
        unknown = await open_browser().log_in("ben@example.org", "wrong horse battery")

        assert wrong.status_code == unknown.status_code == 401
        assert wrong.content == unknown.content
        assert wrong.headers.keys() == unknown.headers.keys()

    async def test_an_unknown_address_costs_as_much_as_a_known_one(
        self, open_browser: Open, monkeypatch: pytest.MonkeyPatch, application: Application
    ) -> None:
        await open_browser().register("ada@example.org")
        hasher = CountingHasher(accounts._hasher)
        monkeypatch.setattr(accounts, "_hasher", hasher)

        async def costs(email: str, *, address: str) -> tuple[list[str], list[str]]:
            hasher.parameters.clear()
            with statements(application) as executed:
                await open_browser(address=address).log_in(email, "wrong horse battery")
            return list(hasher.parameters), executed

        known = await costs("ada@example.org", address="192.0.2.8")
        unknown = await costs("ben@example.org", address="192.0.2.9")
        assert known == unknown
        assert len(known[0]) == 1


class TestThrottling:
    async def test_guessing_at_one_account_is_paused(self, open_browser: Open, clock: Clock) -> None:
        await open_browser().register("ada@example.org")
        guesses = [
            await open_browser(address=f"192.0.2.{i}").log_in("ada@example.org", "wrong horse battery")
            for i in range(PER_ACCOUNT)
        ]

        paused = await open_browser(address="192.0.2.99").log_in("ada@example.org")

        assert {guess.status_code for guess in guesses} == {401}
        assert paused.status_code == 429
        assert int(paused.headers["retry-after"]) <= WINDOW.total_seconds()
        assert "Try again in" in problem_of(paused)["detail"]

    async def test_others_are_not(self, open_browser: Open) -> None:
        for email in ("ada@example.org", "ben@example.org"):
            await open_browser().register(email)
        for _ in range(PER_ACCOUNT + 1):
            await open_browser().log_in("ada@example.org", "wrong horse battery")

        assert (await open_browser().log_in("ben@example.org")).status_code == 200

    async def test_the_pause_ends(self, open_browser: Open, clock: Clock) -> None:
        await open_browser().register("ada@example.org")
        for _ in range(PER_ACCOUNT + 1):
            await open_browser().log_in("ada@example.org", "wrong horse battery")

        clock.advance(WINDOW + timedelta(seconds=1))

        assert (await open_browser().log_in("ada@example.org")).status_code == 200

    async def test_trying_many_accounts_from_one_place_is_paused(self, open_browser: Open) -> None:
        for number in range(PER_NETWORK_ADDRESS):
            await open_browser().log_in(f"p{number}@example.org", "wrong horse battery")

        assert (await open_browser().log_in("ada@example.org")).status_code == 429
        assert (await open_browser(address="192.0.2.2").log_in("ada@example.org")).status_code == 401

    async def test_somebody_who_logs_in_starts_afresh(self, open_browser: Open) -> None:
        await open_browser().register("ada@example.org")
        for _ in range(3):
            for _ in range(PER_ACCOUNT - 1):
                await open_browser().log_in("ada@example.org", "wrong horse battery")
            assert (await open_browser().log_in("ada@example.org")).status_code == 200

    @pytest.mark.parametrize(
        ("path", "fields", "refusal"),
        [
            ("/auth/password", {"current_password": "wrong", "password": PASSWORD}, 422),
            ("/auth/delete-account", {"password": "wrong"}, 422),
            ("/auth/reset", {"secret": "wrong", "password": PASSWORD}, 422),
        ],
    )
    async def test_so_is_guessing_at_what_needs_a_secret(
        self, browser: BrowserClient, path: str, fields: dict[str, str], refusal: int
    ) -> None:
        await browser.register("ada@example.org")

        answers = [(await browser.submit(path, **fields)).status_code for _ in range(PER_ACCOUNT + 1)]

        assert answers == [refusal] * PER_ACCOUNT + [429]


class TestLoggingOut:
    async def test_ends_this_session(self, open_browser: Open, application: Application) -> None:
        laptop, phone = open_browser(), open_browser()
        await laptop.register("ada@example.org")
        await phone.log_in("ada@example.org")
        secret = laptop.cookies[SESSION_COOKIE]

        answer = await laptop.submit("/auth/logout")

        assert answer.status_code == 204
        assert SESSION_COOKIE not in laptop.cookies
        laptop.cookies.set(SESSION_COOKIE, secret)
        assert not await laptop.is_logged_in()
        assert await phone.is_logged_in()

    async def test_everywhere_ends_all(self, open_browser: Open) -> None:
        laptop, phone, stranger = open_browser(), open_browser(), open_browser()
        await laptop.register("ada@example.org")
        await phone.log_in("ada@example.org")
        await stranger.register("ben@example.org")

        await laptop.submit("/auth/logout-everywhere")

        assert not await laptop.is_logged_in()
        assert not await phone.is_logged_in()
        assert await stranger.is_logged_in()

    async def test_without_a_session_is_refused(self, browser: BrowserClient) -> None:
        assert (await browser.submit("/auth/logout")).status_code == 401


class TestPasswords:
    async def test_a_new_one_ends_every_other_session(self, open_browser: Open) -> None:
        laptop, phone = open_browser(), open_browser()
        await laptop.register("ada@example.org")
        await phone.log_in("ada@example.org")

        answer = await laptop.submit(
            "/auth/password", current_password=PASSWORD, password="another horse battery"
        )

        assert answer.status_code == 204
        assert await laptop.is_logged_in()
        assert not await phone.is_logged_in()
        assert (await phone.log_in("ada@example.org")).status_code == 401
        assert (await phone.log_in("ada@example.org", "another horse battery")).status_code == 200

    async def test_the_current_one_is_needed(self, browser: BrowserClient) -> None:
        await browser.register("ada@example.org")

        answer = await browser.submit(
            "/auth/password", current_password="wrong horse battery", password="another horse battery"
        )

        assert answer.status_code == 422
        assert fields_at_fault(answer) == {"current_password"}

    async def test_the_database_has_an_argon2id_hash(
        self, browser: BrowserClient, application: Application
    ) -> None:
        await browser.register("ada@example.org")

        async with application.work.read() as uow:
            user = (await uow.session.scalars(select(User))).one()
        assert user.password_hash.startswith("$argon2id$")


class TestHashing:
    async def test_nobody_waits_for_it_to_write(
        self, open_browser: Open, monkeypatch: pytest.MonkeyPatch, application: Application
    ) -> None:
        with writing(application) as transactions:
            hasher = WaryHasher(accounts._hasher, transactions)
            monkeypatch.setattr(accounts, "_hasher", hasher)
            browser = open_browser()
            await browser.register("ada@example.org")
            await browser.log_in("ada@example.org")
            await browser.submit(
                "/auth/password", current_password=PASSWORD, password="another horse battery"
            )
            async with application.work.write() as uow:
                reset = await accounts.ask_for_reset(uow, "ada@example.org")
            assert reset is not None
            await browser.submit("/auth/reset", secret=reset.secret, password=PASSWORD)
            answer = await browser.submit("/auth/delete-account", password=PASSWORD)

        assert answer.status_code == 204
        assert hasher.calls == ["hash", "verify", "verify", "hash", "hash", "verify"]

    async def test_a_password_that_is_replaced_meanwhile_confirms_nothing(
        self, browser: BrowserClient, application: Application
    ) -> None:
        await browser.register("ada@example.org")
        session = SessionToken(browser.cookies[SESSION_COOKIE])
        async with application.work.read(session) as uow:
            confirmed = await accounts.confirm(uow, PASSWORD)
        other = await accounts.hash_password("another horse battery")
        async with application.work.write() as uow:
            await accounts.set_password(uow, "ada@example.org", other)

        async with application.work.write(await identity(application)) as uow:
            with pytest.raises(Invalid):
                await accounts.change_password(uow, confirmed, other)
            with pytest.raises(Invalid):
                await accounts.delete_account(uow, confirmed)


class TestDeletion:
    async def test_takes_everything_along(self, open_browser: Open, application: Application) -> None:
        ada, ben = open_browser(), open_browser()
        await ada.register("ada@example.org")
        before = {table: await count(application, table) for table in (User, Session, Task)}
        await ben.register("ben@example.org")

        answer = await ben.submit("/auth/delete-account", password=PASSWORD)

        assert answer.status_code == 204
        assert {table: await count(application, table) for table in (User, Session, Task)} == before
        assert await count(application, AuditContent) == 0
        async with application.work.read() as uow:
            envelopes = (await uow.session.scalars(select(OutboxEvent.envelope))).all()
        assert not any("ben@example.org" in envelope for envelope in envelopes)
        assert await ada.is_logged_in()
        assert not await ben.is_logged_in()

    async def test_needs_the_password(self, browser: BrowserClient) -> None:
        await browser.register("ada@example.org")

        answer = await browser.submit("/auth/delete-account", password="wrong horse battery")

        assert answer.status_code == 422
        assert fields_at_fault(answer) == {"password"}
        assert await browser.is_logged_in()


class TestOtherSites:
    """A form on another site brings the cookies along, but does not know the token."""

    @pytest.mark.parametrize("token", [None, "", "guessed"])
    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("/auth/logout", {}),
            ("/auth/logout-everywhere", {}),
            ("/auth/password", {"current_password": PASSWORD, "password": "another horse battery"}),
            ("/auth/delete-account", {"password": PASSWORD}),
        ],
    )
    async def test_can_not_write(
        self, browser: BrowserClient, path: str, fields: dict[str, str], token: str | None
    ) -> None:
        await browser.register("ada@example.org")
        headers = {} if token is None else {"X-CSRF-Token": token}

        answer = await browser.post(path, json=fields, headers=headers)

        assert answer.status_code == 403
        problem_of(answer)
        assert await browser.is_logged_in()

    async def test_not_even_with_no_token_on_either_side(self, browser: BrowserClient) -> None:
        await browser.register("ada@example.org")
        browser.cookies.delete(CSRF_COOKIE)

        answer = await browser.post("/auth/logout", headers={"X-CSRF-Token": ""})

        assert answer.status_code == 403


class CountingHasher:
    """Notes with which parameters a password was verified."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self.parameters: list[str] = []

    def verify(self, password_hash: str, password: str) -> bool:
        self.parameters.append(password_hash.rsplit("$", 2)[0])
        return self._hasher.verify(password_hash, password)


class WaryHasher:
    """Refuses to work while a transaction keeps others from writing."""

    def __init__(self, hasher: PasswordHasher, transactions: set[int]) -> None:
        self._hasher = hasher
        self._transactions = transactions
        self.calls: list[str] = []

    def hash(self, password: str) -> str:
        self._note("hash")
        return self._hasher.hash(password)

    def verify(self, password_hash: str, password: str) -> bool:
        self._note("verify")
        return self._hasher.verify(password_hash, password)

    def _note(self, call: str) -> None:
        self.calls.append(call)
        assert not self._transactions, f"{call} keeps others waiting"


class writing:  # noqa: N801  # reads as what it is: `with writing(application) as transactions`
    """The transactions of an application that write and have not ended, while the block lasts."""

    def __init__(self, application: Application) -> None:
        self._engine = application.engine.sync_engine
        self._open: set[int] = set()

    def __enter__(self) -> set[int]:
        event.listen(self._engine, "begin", self._begin)
        for end in ("commit", "rollback"):
            event.listen(self._engine, end, self._end)
        return self._open

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "begin", self._begin)
        for end in ("commit", "rollback"):
            event.remove(self._engine, end, self._end)

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            self._open.add(id(connection))

    def _end(self, connection: Connection) -> None:
        self._open.discard(id(connection))


class statements:  # noqa: N801  # reads as what it is: `with statements(application) as executed`
    """The SQL that an application executes while the block lasts."""

    def __init__(self, application: Application) -> None:
        self._engine = application.engine.sync_engine
        self._executed: list[str] = []

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._executed.append(statement)

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self._executed

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)
