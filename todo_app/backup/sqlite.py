"""Copies a SQLite database out of and into use: the online backup API one way, a swap of files the other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from todo_app import owner_only
from todo_app.backup.archive import Archive, ArchiveWriter, UnusableBackup
from todo_app.backup.contents import Contents
from todo_app.db.revision import revision_in_file
from todo_app.migrations import migrate
from todo_app.owner_only import DATABASE_SUFFIXES
from todo_app.settings import Settings

_MEMBER = "punctual.db"


def dump(database: Path, archive: ArchiveWriter) -> Contents:
    """Put a consistent copy into the archive, while others read and write.

    Raises:
        UnusableBackup: when there is no database.
    """
    if not database.exists():
        raise UnusableBackup(f"There is no database at {database} to back up. Look at TODO_DATA_DIR.")
    scratch = archive.scratch("db")
    try:
        revision = _copy(database, scratch)
        archive.add_file(_MEMBER, scratch)
    finally:
        scratch.unlink(missing_ok=True)
    return Contents(revision)


def _copy(database: Path, scratch: Path) -> str:
    owner_only.make_database(scratch)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(scratch)) as copy:
        source.backup(copy)
        # One file without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    revision = revision_in_file(scratch)
    if revision is None:
        raise UnusableBackup("The database is empty. Run `python -m todo_app migrate` first.")
    return revision


def load(database: Path, archive: Archive) -> str | None:
    """Put the archive's copy in the place of the database; returns the folder that the old one is in.

    Raises:
        UnusableBackup: when the copy is no sound database.
    """
    owner_only.make_folder(database.parent)
    staging = database.with_name(f".{database.name}.restoring-{archive.stamp}")
    try:
        archive.extract(_MEMBER, staging)
        _check(staging)
        migrate(Settings(_env_file=None, database_url=f"sqlite:///{staging.resolve()}"))
        _fold_log(staging)
        kept = _set_aside(database, archive.stamp)
        staging.replace(database)
    finally:
        for suffix in DATABASE_SUFFIXES:
            staging.with_name(staging.name + suffix).unlink(missing_ok=True)
    return str(kept) if kept else None


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as connection:
            problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        problem = str(error)
    if problem != "ok":
        raise UnusableBackup(f"The database in the backup is damaged ({problem}). Use another one.")


def _fold_log(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _set_aside(database: Path, stamp: str) -> Path | None:
    if not database.exists():
        return None
    folder = database.with_name(f"before-restore-{stamp}")
    owner_only.make_folder(folder)
    # The log goes first: better a database that is short of its newest changes than a log of another one.
    for suffix in reversed(DATABASE_SUFFIXES):
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.rename(folder / part.name)
    return folder
