"""Databases with so and so many tasks: made up once, kept, and copied for each run."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import User
from todo_app.db.repositories.accounts import identity_of
from todo_app.domain.identity import Identity, SessionToken
from todo_app.migrations import SCRIPTS, migrate
from todo_app.services import accounts, sample_life, seed
from todo_app.settings import Settings

KEPT = Path(__file__).resolve().parent / "results" / "databases"
EMAIL, PASSWORD = "bench@example.org", "correct horse battery"


@contextmanager
def library(tasks: int) -> Iterator[Settings]:
    """Settings whose data folder is a copy of a database with that many tasks of one person."""
    original = KEPT / f"{tasks}-{_shape()}.db"
    if not original.exists():
        for outdated in KEPT.glob(f"{tasks}-*.db"):
            outdated.unlink()
        _make(original, tasks)
    with TemporaryDirectory(prefix=f"bench-{tasks}-") as folder:
        shutil.copyfile(original, Path(folder) / "punctual.db")
        yield Settings(_env_file=None, data_dir=Path(folder))


async def log_in(application: Application) -> SessionToken:
    """A browser session of the person whose tasks these are."""
    async with application.work.write() as uow:
        user = await uow.accounts.by_email(EMAIL)
        if user is None:
            raise LookupError(EMAIL)
        return SessionToken(accounts.start_session(uow, user, days=1).secret)


def _make(original: Path, tasks: int) -> None:
    print(f"Making up {tasks:,} tasks, once; 100,000 take about two minutes…", flush=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=KEPT) as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))
        migrate(settings)
        asyncio.run(_fill(settings, tasks))
        # The last connection to close folds the log into the file.
        (Path(folder) / "punctual.db").replace(original)


async def _fill(settings: Settings, tasks: int) -> None:
    application = bootstrap(settings)
    owner = identity_of(await _register(application))
    async for _ in seed.seed(application.engine, owner, count=tasks, now=datetime.now(UTC)):
        pass
    await application.close()


async def _register(application: Application) -> User:
    password = await accounts.hash_password(PASSWORD)
    async with application.work.write() as uow:
        return await accounts.register(uow, EMAIL, password, "Europe/Berlin")


async def owner_of(application: Application) -> Identity:
    """The person whose tasks these are."""
    async with application.work.read(await log_in(application)) as uow:
        return uow.identity


def _shape() -> str:
    """Changes when the tables or the made-up life do."""
    sources = [*sorted((SCRIPTS / "versions").glob("*.py")), Path(seed.__file__), Path(sample_life.__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:12]
