"""`token create`: its last line is a token that programs can use."""

from __future__ import annotations

import asyncio

import pytest

from tests.cli.conftest import Shell
from todo_app.bootstrap import bootstrap
from todo_app.domain.identity import BearerToken, Identity, Scope
from todo_app.settings import Settings


@pytest.fixture(autouse=True)
def _ada(shell: Shell) -> None:
    shell.does("user", "create", "ada@example.org")


def _owner_of(settings: Settings, secret: str, needs: Scope) -> Identity:
    async def look_up() -> Identity:
        application = bootstrap(settings)
        try:
            async with application.work.read(BearerToken(secret, needs)) as uow:
                return uow.identity
        finally:
            await application.close()

    return asyncio.run(look_up())


def test_the_last_line_is_a_token_that_works(shell: Shell, settings: Settings) -> None:
    made = shell.does("token", "create", "ada@example.org", "--scope", "write", "--name", "Backup script")

    owner = _owner_of(settings, made.last_line, Scope.WRITE)
    assert (owner.email, owner.actor.name) == ("ada@example.org", "Backup script")


def test_it_speaks_json(shell: Shell, settings: Settings) -> None:
    made = shell.does("token", "create", "ada@example.org", "--scope", "read", "--json").json

    assert _owner_of(settings, made["token"], Scope.READ).email == "ada@example.org"
    assert made["scope"] == "read"


def test_wrong_use_is_told(shell: Shell) -> None:
    assert shell.run("token", "create", "ada@example.org").status == 2
    assert shell.run("token", "create", "ada@example.org", "--scope", "all").status == 2
    assert "user create" in shell.refuses("token", "create", "ben@example.org", "--scope", "read")
