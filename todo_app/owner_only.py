"""Folders and database files that nobody but their owner can look into: they hold everybody's tasks."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

# SQLite keeps the newest pages in files beside the database, made with its permissions.
DATABASE_SUFFIXES = ("", "-wal", "-shm")


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone; one that is there stays as its owner has set it up."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_database(file: Path) -> None:
    """Make an empty file for SQLite where none is, with its folder; close one that is there to others."""
    make_folder(file.parent)
    # An existing file is never opened: closing it would drop the locks that SQLite holds in this process.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    for suffix in DATABASE_SUFFIXES:
        _take_from_others(file.with_name(file.name + suffix))


def _take_from_others(file: Path) -> None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return
    if status.st_mode & 0o077 and status.st_uid == os.geteuid():
        file.chmod(0o600)
