"""Accounts from the command line: passwords are hashed before others have to wait."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, event
from typer.testing import CliRunner

from todo_app.cli import app
from todo_app.db.engine import WRITES
from todo_app.services import accounts


class WaryHasher:
    """Refuses to work while a transaction keeps others from writing."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        self.writing: set[int] = set()
        self.hashed = 0

    def hash(self, password: str) -> str:
        assert not self.writing
        self.hashed += 1
        return self._hasher.hash(password)

    def begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            self.writing.add(id(connection))

    def end(self, connection: Connection) -> None:
        self.writing.discard(id(connection))


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch, sqlite_database: str, tmp_path: Path):
    monkeypatch.setenv("TODO_DATABASE_URL", sqlite_database)
    monkeypatch.setenv("TODO_DATA_DIR", str(tmp_path / "data"))
    hasher = WaryHasher()
    monkeypatch.setattr(accounts, "_hasher", hasher)
    listeners = (("begin", hasher.begin), ("commit", hasher.end), ("rollback", hasher.end))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    yield hasher
    for name, listener in listeners:
        event.remove(Engine, name, listener)


def test_hashing_keeps_nobody_from_writing(hasher: WaryHasher) -> None:
    runner = CliRunner()

    for arguments in (["user", "create", "ada@example.org"], ["user", "set-password", "ada@example.org"]):
        done = runner.invoke(app, arguments)
        assert done.exit_code == 0, done.output

    assert hasher.hashed == 2
