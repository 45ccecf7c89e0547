"""Data is for its owner alone, whoever makes it and whatever the umask."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from todo_app import backup
from todo_app.bootstrap import bootstrap
from todo_app.data_lock import shared
from todo_app.doctor import examine
from todo_app.migrations import migrate
from todo_app.owner_only import make_database
from todo_app.secret_key import secret_key
from todo_app.settings import Settings


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "data")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def _modes_while_writing(settings: Settings) -> dict[str, int]:
    application = bootstrap(settings)
    async with application.work.write() as uow:
        await uow.accounts.change_setting("sign_up", "closed")
        found = {file.name: mode(file) for file in settings.data_dir.glob("punctual.db*")}
    await application.close()
    return found


def test_the_database_and_its_log(settings: Settings) -> None:
    migrate(settings)

    found = asyncio.run(_modes_while_writing(settings))

    assert found == {"punctual.db": 0o600, "punctual.db-wal": 0o600, "punctual.db-shm": 0o600}
    assert mode(settings.data_dir) == 0o700


def test_a_database_that_others_could_read_is_taken_from_them(settings: Settings) -> None:
    migrate(settings)
    (settings.data_dir / "punctual.db").chmod(0o644)

    assert set(asyncio.run(_modes_while_writing(settings)).values()) == {0o600}


def test_the_folder_whoever_comes_first(tmp_path: Path) -> None:
    first, second = Settings(_env_file=None, data_dir=tmp_path / "1"), tmp_path / "2"

    secret_key(first)
    with shared(second):
        assert mode(second) == 0o700
    assert mode(first.data_dir) == 0o700


def test_a_restored_database(settings: Settings, tmp_path: Path) -> None:
    migrate(settings)
    backup.back_up(settings, tmp_path / "backup.zip")
    other = Settings(_env_file=None, data_dir=tmp_path / "other")

    backup.restore(other, tmp_path / "backup.zip")

    assert mode(tmp_path / "backup.zip") == mode(other.data_dir / "punctual.db") == 0o600
    assert mode(other.data_dir) == 0o700


def test_a_folder_that_somebody_shares_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    migrate(Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/punctual.db"))

    assert mode(tmp_path) == 0o755
    assert mode(tmp_path / "punctual.db") == 0o600


def test_an_examination_makes_nothing(settings: Settings, tmp_path: Path) -> None:
    asyncio.run(examine(settings))

    assert list(tmp_path.iterdir()) == []


def test_the_locks_of_this_process_stay(settings: Settings) -> None:
    """POSIX drops a process's locks on a file when any descriptor of it is closed."""
    migrate(settings)
    file = settings.data_dir / "punctual.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")

        make_database(file)

        probe = f"import sqlite3; sqlite3.connect({str(file)!r}, timeout=0).execute('BEGIN IMMEDIATE')"
        other = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
        assert "database is locked" in other.stderr
