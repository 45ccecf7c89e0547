"""Accounts from the command line: made, and let in again when the password is forgotten."""

from __future__ import annotations

import pytest

from todo_app.bootstrap import bootstrap
from todo_app.domain.errors import WrongCredentials
from todo_app.services import accounts
from todo_app.settings import Settings


async def _lets_in(settings: Settings, email: str, password: str) -> bool:
    application = bootstrap(settings)
    try:
        async with application.work.read() as uow:
            await accounts.authenticate(uow, email, password)
    except WrongCredentials:
        return False
    finally:
        await application.close()
    return True


async def test_a_generated_password_is_the_last_line_and_lets_in(shell, settings):
    outcome = shell.does("user", "create", "ada@example.org")

    assert await _lets_in(settings, "ada@example.org", outcome.last_line)


async def test_a_given_password_is_read_from_standard_input_and_not_shown(shell, settings):
    outcome = shell.does("user", "create", "ada@example.org", "--password-stdin", stdin="correct horse\n")

    assert "correct horse" not in outcome.out
    assert await _lets_in(settings, "ada@example.org", "correct horse")


async def test_a_forgotten_password_is_replaced(shell, settings):
    old = shell.does("user", "create", "ada@example.org").last_line

    new = shell.does("user", "set-password", "ada@example.org", "--json").json["password"]

    assert await _lets_in(settings, "ada@example.org", new)
    assert not await _lets_in(settings, "ada@example.org", old)


async def test_the_first_account_is_the_operators(sqlite_shell, sqlite_database):
    for name in ("ada", "ben"):
        sqlite_shell.does("user", "create", f"{name}@example.org")

    application = bootstrap(Settings(_env_file=None, database_url=sqlite_database))
    async with application.work.read() as uow:
        users = [await uow.accounts.by_email(f"{name}@example.org") for name in ("ada", "ben")]
    await application.close()
    assert [user.is_operator for user in users if user] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["ada@example.org", "--timezone", "Moon/Base"], "zone"),
        (["ada"], "address"),
    ],
)
def test_what_no_account_can_have_is_refused(sqlite_shell, arguments, word):
    assert word in sqlite_shell.refuses("user", "create", *arguments)


def test_an_address_is_taken_once(sqlite_shell):
    sqlite_shell.does("user", "create", "ada@example.org")

    assert "account" in sqlite_shell.refuses("user", "create", "Ada@example.org")


def test_standard_input_without_a_password_is_refused(sqlite_shell):
    assert "standard input" in sqlite_shell.refuses("user", "create", "ada@example.org", "--password-stdin")


def test_a_short_password_is_refused(sqlite_shell):
    outcome = sqlite_shell.run("user", "create", "ada@example.org", "--password-stdin", stdin="short\n")

    assert (outcome.status, outcome.err) == (1, "Use at least 10 characters.\n")


def test_a_password_for_nobody_is_refused(sqlite_shell):
    assert "no account" in sqlite_shell.refuses("user", "set-password", "nobody@example.org")
