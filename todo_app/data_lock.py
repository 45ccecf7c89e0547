"""Who uses the data folder: any number of servers and commands, or one restore, alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from todo_app import owner_only
from todo_app.domain.errors import DomainError

FILE = "in-use.lock"


class DataInUse(DomainError):
    """Somebody else holds the folder in a way that does not go together with ours."""


@contextmanager
def shared(data_dir: Path) -> Iterator[None]:
    """Use the folder together with others, as the app and its commands do.

    Raises:
        DataInUse: when a restore is under way.
    """
    with _locked(data_dir, fcntl.LOCK_SH, "A restore is under way on this data. Try again when it is done."):
        yield


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Use the folder with nobody else, to replace what is in it.

    Raises:
        DataInUse: when the app or a command is running on it.
    """
    with _locked(data_dir, fcntl.LOCK_EX, "Punctual is running on this data. Stop it first, or use --force."):
        yield


@contextmanager
def _locked(data_dir: Path, kind: int, otherwise: str) -> Iterator[None]:
    owner_only.make_folder(data_dir)
    # The kernel lets go of the lock when the process ends, however it ends; so it can't go stale.
    with (data_dir / FILE).open("a") as lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataInUse(otherwise) from None
        yield
