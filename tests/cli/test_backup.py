"""A backup is taken while people work, and gives everything back; what was there before is kept."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from tests.fixtures.passwords import HASH
from todo_app import backup, data_lock, migrations, secret_key
from todo_app.backup.archive import UnusableBackup
from todo_app.bootstrap import Application, bootstrap
from todo_app.data_lock import DataInUse
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.revision import revision_of
from todo_app.services import accounts, seed, tasks
from todo_app.services.tasks import AddTask
from todo_app.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "punctual.backup"


@pytest.fixture
def lived_in(settings: Settings) -> Settings:
    """An installation with a person's life in it."""
    asyncio.run(_live_in(settings))
    return settings


@pytest.fixture
def sqlite_lived_in(sqlite_database: str, tmp_path: Path) -> Settings:
    return _lived_in(sqlite_database, tmp_path)


@pytest.fixture
def postgresql_lived_in(postgresql_database: str, tmp_path: Path) -> Settings:
    return _lived_in(postgresql_database, tmp_path)


def _lived_in(url: str, folder: Path) -> Settings:
    settings = Settings(_env_file=None, database_url=url, data_dir=folder / "data")
    asyncio.run(_live_in(settings))
    return settings


async def _live_in(settings: Settings) -> None:
    application = bootstrap(settings)
    async with application.work.write() as uow:
        user = await accounts.create(uow, "ada@example.org", HASH, "UTC", is_operator=True)
    async for _ in seed.seed(application.engine, identity_of(user), count=80, now=application.work.clock()):
        pass
    await application.close()


def _add(settings: Settings, title: str) -> None:
    async def add(application: Application) -> None:
        async with application.work.read() as uow:
            user = await uow.accounts.by_email("ada@example.org")
        assert user is not None
        async with application.work.write(identity_of(user)) as uow:
            await tasks.add(uow, AddTask(title))
        await application.close()

    asyncio.run(add(bootstrap(settings)))


def _rows(settings: Settings) -> dict[str, list[str]]:
    """All there is, table by table."""
    engine = create_engine(settings.async_database_url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if "_fts" not in name]
        rows = {
            name: sorted(map(str, connection.execute(text(f"SELECT * FROM {name}")).all())) for name in names
        }
    engine.dispose()
    return rows


def _finds(settings: Settings, word: str) -> int:
    async def find(application: Application) -> int:
        async with application.work.read() as uow:
            user = await uow.accounts.by_email("ada@example.org")
        assert user is not None
        async with application.work.read(identity_of(user)) as uow:
            found = len(await uow.search.task_ids(word))
        await application.close()
        return found

    return asyncio.run(find(bootstrap(settings)))


def test_a_restored_backup_holds_what_was_there(lived_in, file):
    before = _rows(lived_in)
    backup.back_up(lived_in, file)
    _add(lived_in, "Zebra")

    backup.restore(lived_in, file)

    assert _rows(lived_in) == before
    assert _finds(lived_in, "zebra") == 0
    assert _finds(lived_in, "call") > 0


def test_people_go_on_where_the_backup_ended(lived_in, file):
    backup.back_up(lived_in, file)
    backup.restore(lived_in, file)

    _add(lived_in, "Zebra")

    assert _finds(lived_in, "zebra") == 1


def test_what_was_there_is_kept(lived_in, file):
    backup.back_up(lived_in, file)
    _add(lived_in, "Zebra")

    kept = backup.restore(lived_in, file).kept

    assert kept is not None
    if lived_in.sqlite_file:
        old = lived_in.model_copy(update={"database_url": f"sqlite:///{kept}/{lived_in.sqlite_file.name}"})
        assert _finds(old, "zebra") == 1
    else:
        with psycopg.connect(str(lived_in.database_url)) as connection:
            table = kept.removeprefix("schema ") + ".tasks"
            assert connection.execute(f"SELECT 1 FROM {table} WHERE title = 'Zebra'").fetchone()


def test_a_backup_moves_to_a_machine_with_nothing(sqlite_lived_in, file, tmp_path):
    backup.back_up(sqlite_lived_in, file)
    key = secret_key.secret_key(sqlite_lived_in)
    elsewhere = Settings(_env_file=None, data_dir=tmp_path / "elsewhere")

    restored = backup.restore(elsewhere, file)

    assert restored.kept is None
    assert not restored.key_differs
    assert secret_key.secret_key(elsewhere) == key
    assert _rows(elsewhere) == _rows(sqlite_lived_in)


def test_a_backup_is_for_its_owner_alone(lived_in, file):
    backup.back_up(lived_in, file)

    assert file.stat().st_mode & 0o077 == 0


async def test_people_work_while_it_is_taken(settings, file):
    await _live_in(settings)
    application = bootstrap(settings)
    async with application.work.write() as uow:
        user = await uow.accounts.by_email("ada@example.org")
        assert user is not None
        uow.identity = identity_of(user)
        await tasks.add(uow, AddTask("Zebra"))
        await uow.flush()

        await asyncio.to_thread(backup.back_up, settings, file)
    await application.close()

    await asyncio.to_thread(lambda: backup.restore(settings, file))
    assert await asyncio.to_thread(_finds, settings, "zebra") == 0


def test_an_older_backup_is_migrated(lived_in, file, tmp_path, monkeypatch):
    backup.back_up(lived_in, file)
    scripts = tmp_path / "alembic"
    shutil.copytree(migrations.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_later.py").write_text(
        _LATER.format(newest=migrations.known_revisions()[-1])
    )
    monkeypatch.setattr(migrations, "SCRIPTS", scripts)

    backup.restore(lived_in, file)

    assert asyncio.run(_revision(lived_in)) == "9999"


_LATER = '''
"""A migration of the future."""
from alembic import op
import sqlalchemy as sa
revision = "9999"
down_revision = "{newest}"
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
'''


async def _revision(settings: Settings) -> str | None:
    application = bootstrap(settings)
    revision = await revision_of(application.engine)
    await application.close()
    return revision


def _with_manifest(file: Path, before: str, after: str) -> None:
    with zipfile.ZipFile(file) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents["manifest.json"] = contents["manifest.json"].replace(before.encode(), after.encode())
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def test_a_backup_of_a_newer_version_is_refused(lived_in, file):
    manifest = backup.back_up(lived_in, file)
    _with_manifest(file, f'"revision": "{manifest.revision}"', '"revision": "8888"')

    with pytest.raises(UnusableBackup, match="newer version"):
        backup.restore(lived_in, file)


def test_a_backup_of_another_kind_of_database_is_refused(lived_in, file, tmp_path):
    backup.back_up(lived_in, file)
    other = "postgresql://localhost/x" if lived_in.sqlite_file else f"sqlite:///{tmp_path}/other.db"

    with pytest.raises(UnusableBackup, match="TODO_DATABASE_URL"):
        backup.restore(lived_in.model_copy(update={"database_url": other}), file)


def test_a_damaged_backup_changes_nothing(lived_in, file):
    backup.back_up(lived_in, file)
    before = _rows(lived_in)
    with zipfile.ZipFile(file) as archive:
        name = max(archive.infolist(), key=lambda info: info.compress_size)
    raw = bytearray(file.read_bytes())
    middle = name.header_offset + 100 + name.compress_size // 2
    raw[middle] ^= 0xFF
    file.write_bytes(raw)

    with pytest.raises(UnusableBackup, match="damaged"):
        backup.restore(lived_in, file)

    assert _rows(lived_in) == before


@pytest.mark.parametrize("kept_bytes", [0, 1000])
def test_a_backup_that_is_cut_off_is_refused(lived_in, file, kept_bytes):
    backup.back_up(lived_in, file)
    file.write_bytes(file.read_bytes()[:kept_bytes])

    with pytest.raises(UnusableBackup, match="no backup"):
        backup.restore(lived_in, file)


def test_a_backup_that_fails_leaves_no_file_and_no_loss(settings, file):
    file.write_text("the last good one")
    nowhere = settings.model_copy(update={"database_url": f"sqlite:///{file.parent}/nothing.db"})

    with pytest.raises(UnusableBackup):
        backup.back_up(nowhere, file)

    assert file.read_text() == "the last good one"
    assert [path.name for path in file.parent.iterdir() if ".part" in path.name] == []


def test_nothing_is_restored_under_a_running_app(lived_in, file):
    backup.back_up(lived_in, file)

    with data_lock.shared(lived_in.data_dir), pytest.raises(DataInUse, match="running"):
        backup.restore(lived_in, file)


def test_nothing_is_restored_while_others_are_connected(postgresql_lived_in, file):
    backup.back_up(postgresql_lived_in, file)

    with (
        psycopg.connect(str(postgresql_lived_in.database_url)),
        pytest.raises(DataInUse, match="connections"),
    ):
        backup.restore(postgresql_lived_in, file)


def test_force_restores_all_the_same(lived_in, file):
    backup.back_up(lived_in, file)

    with data_lock.shared(lived_in.data_dir):
        assert backup.restore(lived_in, file, force=True).kept


def test_a_lost_secret_key_is_told(lived_in, file):
    with_key = lived_in.model_copy(update={"secret_key": "x" * 40})
    backup.back_up(lived_in, file)

    with_other_key = Settings(
        _env_file=None,
        database_url=lived_in.database_url,
        data_dir=lived_in.data_dir,
        secret_key=with_key.secret_key,
    )
    assert backup.restore(with_other_key, file).key_differs


def test_the_log_of_the_old_database_does_not_stay_beside_the_new_one(sqlite_lived_in, file):
    backup.back_up(sqlite_lived_in, file)
    with closing(sqlite3.connect(sqlite_lived_in.sqlite_file)) as connection:
        connection.execute("UPDATE tasks SET title = 'lost'")
        connection.commit()
        log = sqlite_lived_in.sqlite_file.with_name(sqlite_lived_in.sqlite_file.name + "-wal")
        assert log.stat().st_size > 0

        backup.restore(sqlite_lived_in, file)

    with closing(sqlite3.connect(sqlite_lived_in.sqlite_file)) as connection:
        assert connection.execute("SELECT count(*) FROM tasks WHERE title = 'lost'").fetchone() == (0,)


def test_the_commands_do_the_same(shell, lived_in, file):
    written = shell.does("backup", file, "--json").json
    assert written["size"] == file.stat().st_size

    outcome = shell.does("restore", file)

    assert "kept in" in outcome.out
    assert "no backup" in shell.refuses("restore", __file__)
    assert "No such file" in shell.refuses("restore", "nothing.backup")
