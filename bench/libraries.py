"""Data folders with so and so many people and tasks: made up once, kept, and copied for each run."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.server import serving
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import User
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import Identity, Scope, SessionToken
from todo_app.domain.task import Priority
from todo_app.migrations import SCRIPTS, migrate
from todo_app.services import accounts, sample_life, seed, tokens
from todo_app.services.accounts import PasswordHash
from todo_app.services.tasks import AddTask, add
from todo_app.session_cookie import SESSION_COOKIE
from todo_app.settings import Settings

KEPT = Path(__file__).resolve().parent / "results" / "libraries"
PASSWORD = "correct horse battery"

Fill = Callable[[Application], Awaitable[None]]


@contextmanager
def library(tasks: int) -> Iterator[Settings]:
    """Settings whose data folder is a copy of one with that many tasks of one person."""
    with _copy_of(f"{tasks}-tasks", lambda application: live(application, tasks=tasks)) as settings:
        yield settings


@contextmanager
def town(people: int, *, tasks: int) -> Iterator[Settings]:
    """Settings whose data folder is a copy of one with so many tasks of so many people together."""

    async def fill(application: Application) -> None:
        await live(application, tasks=tasks // people, people=people)

    with _copy_of(f"{tasks}-tasks-of-{people}", fill) as settings:
        yield settings


async def live(application: Application, *, tasks: int, people: int = 1) -> None:
    """A made-up life of so many tasks each, of so many new people."""
    password = await accounts.hash_password(PASSWORD)
    for person in range(people):
        owner = await _register(application, password, person=person)
        async for _ in seed.seed(application.engine, owner, count=tasks, now=datetime.now(UTC)):
            pass


@contextmanager
def empty() -> Iterator[Settings]:
    """Settings whose data folder has nobody's tasks."""
    with TemporaryDirectory(prefix="bench-empty-") as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))
        migrate(settings)
        yield settings


@contextmanager
def crowd(people: int, *, tasks_of_each: int) -> Iterator[Settings]:
    """Settings whose data folder is a copy of one in which each of many people has some open tasks."""

    async def fill(application: Application) -> None:
        password = await accounts.hash_password(PASSWORD)
        for person in range(people):
            owner = await _register(application, password, person=person)
            async with application.work.write(owner) as uow:
                for number in range(tasks_of_each):
                    await add(uow, AddTask(f"Call number {number}", priority=Priority.HIGH))

    with _copy_of(f"{people}-people-{tasks_of_each}", fill) as settings:
        yield settings


async def log_in(application: Application, *, person: int = 0) -> SessionToken:
    """A browser session of somebody whose tasks these are."""
    async with application.work.write() as uow:
        user = await _user(uow, person)
        return SessionToken(accounts.start_session(uow, user, days=1).secret)


async def token_of(application: Application, *, person: int = 0) -> str:
    """The secret of a program that may change the tasks of somebody."""
    async with application.work.write() as uow:
        identity = identity_of(await _user(uow, person))
    async with application.work.write(identity) as uow:
        return (await tokens.create(uow, "Benchmark", Scope.WRITE)).secret


async def _user(uow: UnitOfWork, person: int) -> User:
    user = await uow.accounts.by_email(_email(person))
    if user is None:
        raise LookupError(_email(person))
    return user


async def register_all(application: Application, *, people: int) -> list[Identity]:
    """So many new people."""
    password = await accounts.hash_password(PASSWORD)
    return [await _register(application, password, person=person) for person in range(people)]


def cookies(settings: Settings, *, people: int = 1) -> list[str]:
    """What each person's browser would send to a server; it must not be running yet."""

    async def log_all_in() -> list[str]:
        application = bootstrap(settings)
        tokens = [await log_in(application, person=person) for person in range(people)]
        await application.close()
        return [f"{SESSION_COOKIE}={token.secret}" for token in tokens]

    return asyncio.run(log_all_in())


@contextmanager
def _copy_of(name: str, fill: Fill) -> Iterator[Settings]:
    original = KEPT / f"{name}-{_shape()}"
    if not original.exists():
        for outdated in KEPT.glob(f"{name}-*"):
            shutil.rmtree(outdated)
        _make(original, fill)
    with TemporaryDirectory(prefix=f"bench-{name}-") as folder:
        shutil.copytree(original, folder, dirs_exist_ok=True)
        yield Settings(_env_file=None, data_dir=Path(folder))


def _make(original: Path, fill: Fill) -> None:
    print(f"Making up {original.name}, once; 100,000 tasks take a few minutes…", flush=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=KEPT) as scratch:
        settings = Settings(_env_file=None, data_dir=Path(scratch) / "data")
        settings.data_dir.mkdir()
        migrate(settings)
        asyncio.run(_filled(settings, fill))
        # The events take effect, so that a server that starts on a copy is idle.
        with serving(settings) as server:
            server.wait_until_idle()
            server.stop()
        settings.data_dir.replace(original)


async def _filled(settings: Settings, fill: Fill) -> None:
    application = bootstrap(settings)
    await fill(application)
    await application.close()


async def _register(application: Application, password: PasswordHash, *, person: int = 0) -> Identity:
    async with application.work.write() as uow:
        return identity_of(await accounts.register(uow, _email(person), password, "Europe/Berlin"))


def _email(person: int) -> str:
    return f"bench-{person}@example.org"


def _shape() -> str:
    """Changes when the tables or the made-up life do."""
    sources = [*sorted((SCRIPTS / "versions").glob("*.py")), Path(seed.__file__), Path(sample_life.__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:12]
