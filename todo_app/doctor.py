"""Examines an installation: what is in order, what is not, and what to do about it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from todo_app import frontend, mail, secret_key
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import DeadLetter, OutboxEvent, User
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.revision import newest_revision, revision_of
from todo_app.findings import Finding, Health, failed, ok, warning
from todo_app.settings import Settings

_PYTHON = (3, 11)
_POSTGRESQL = 15
_DISK_WARNING, _DISK_FAILURE = 1 << 30, 100 << 20
_BACKLOG = timedelta(minutes=5)
_CLOCK_TOLERANCE = timedelta(minutes=2)
_MIGRATE = "Run `python -m todo_app migrate`."


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything that this machine can tell; changes nothing."""
    findings = [
        _python(),
        _time_zones(),
        _address(settings),
        _data_folder(settings.data_dir),
        _disk(settings.data_dir),
        _secret_key(settings),
        _page(),
        await _mail(settings),
    ]
    application = bootstrap(settings)
    try:
        findings += await _database(application)
        if settings.mode == "dapr":
            # What it needs takes time to load, and a laptop does without.
            from todo_app.doctor_distributed import examine_distributed

            findings += await examine_distributed(application)
    finally:
        await application.close()
    return findings


async def mend_counts(settings: Settings) -> None:
    """Set the numbers beside the lists to what they should be, for every user."""
    application = bootstrap(settings)
    async with application.work.read() as uow:
        users = (await uow.session.scalars(select(User))).all()
    for user in users:
        async with application.work.write(identity_of(user)) as uow:
            await uow.tasks.counts.mend()
    await application.close()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _PYTHON:
        return failed("Python", version, "Install Python 3.11 or newer.")
    return ok("Python", version)


def _time_zones() -> Finding:
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return failed(
            "Time zones", "there is no time zone database", "Run `make install`, or install tzdata."
        )
    return ok("Time zones", "known")


def _address(settings: Settings) -> Finding:
    reachable = settings.host not in ("127.0.0.1", "::1", "localhost")
    if reachable and not settings.cookies_secure:
        return warning(
            "Address",
            f"{settings.public_url}, open to other machines without encryption",
            "Put a proxy with TLS in front and set TODO_BASE_URL to its https address.",
        )
    return ok("Address", settings.public_url)


def _data_folder(folder: Path) -> Finding:
    remedy = f"Let the user that runs Punctual write to {folder}, or set TODO_DATA_DIR."
    if not folder.exists():
        if not os.access(_existing(folder), os.W_OK):
            return failed("Data folder", f"{folder} can't be made", remedy)
        return ok("Data folder", f"{folder.resolve()} will be made at the first start")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return failed("Data folder", f"{folder}: {error.strerror}", remedy)
    return ok("Data folder", str(folder.resolve()))


def _existing(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.resolve().parents) if path.exists())


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free
    says = f"{free / (1 << 30):.1f} GiB free"
    if free < _DISK_FAILURE:
        return failed("Disk", says, "Make room: nothing can be saved when the disk is full.")
    if free < _DISK_WARNING:
        return warning("Disk", says, "Make room soon.")
    return ok("Disk", says)


def _secret_key(settings: Settings) -> Finding:
    subject = "Secret key"
    if settings.secret_key is not None:
        return ok(subject, "from TODO_SECRET_KEY")
    file = settings.data_dir / secret_key.FILE
    if not file.exists():
        return ok(subject, f"will be made in {file} at the first start")
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        return failed(subject, f"others can read {file} (mode {mode:o})", f"Run `chmod 600 {file}`.")
    return ok(subject, f"{file}, for its owner alone")


def _page() -> Finding:
    if frontend.is_built():
        return ok("Page", "built")
    return warning("Page", "not built", "The next `serve` builds it, which takes about a minute.")


async def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return ok("Mail", "off; forgotten passwords are set with `user set-password`")
    try:
        await mail.check_server(settings)
    except OSError as error:
        return failed("Mail", f"the server does not take mail ({error})", "Correct TODO_SMTP_URL.")
    return ok("Mail", "the server takes mail")


async def _database(application: Application) -> list[Finding]:
    try:
        findings = [await _reachable(application)]
        if findings[0].health is Health.FAILED:
            return findings
        schema = await _schema(application)
        if schema.health is Health.FAILED:
            return [*findings, schema]
        checks: list[Callable[[Application], Awaitable[Finding]]] = [_clock, _events, _dead_letters, _counts]
        return [*findings, schema, *[await check(application) for check in checks]]
    except (DBAPIError, OSError) as error:
        says = str(getattr(error, "orig", error)).splitlines()[0]
        return [failed("Database", says, "Start the database, and correct TODO_DATABASE_URL.")]


async def _reachable(application: Application) -> Finding:
    file = application.settings.sqlite_file
    if file is not None:
        return await asyncio.to_thread(_sound, file)
    async with application.engine.connect() as connection:
        number = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
    if number // 10_000 < _POSTGRESQL:
        return failed("Database", f"PostgreSQL {number // 10_000}", f"Use PostgreSQL {_POSTGRESQL} or newer.")
    return ok("Database", f"PostgreSQL {number // 10_000}")


def _sound(file: Path) -> Finding:
    if not file.exists():
        return failed("Database", f"there is no {file}", _MIGRATE)
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        problem = str(error)
    if problem != "ok":
        return failed("Database", f"{file} is damaged ({problem})", "Restore the last backup.")
    return ok("Database", f"SQLite {sqlite3.sqlite_version}, {file.stat().st_size / (1 << 20):.1f} MiB")


async def _schema(application: Application) -> Finding:
    found, newest = await revision_of(application.engine), newest_revision()
    if found is None:
        return failed("Schema", "nothing is set up", _MIGRATE)
    if found < newest:
        return failed("Schema", f"revision {found}, but {newest} is needed", _MIGRATE)
    if found > newest:
        return failed("Schema", f"revision {found}, newer than {newest}", "Install the newer version again.")
    return ok("Schema", f"revision {found}")


async def _clock(application: Application) -> Finding:
    async with application.work.read() as uow:
        newest = await uow.session.scalar(select(func.max(col(OutboxEvent.occurred_at))))
    now = datetime.now(UTC)
    if newest is not None and newest > now + _CLOCK_TOLERANCE:
        says = f"{now:%Y-%m-%d %H:%M} UTC, but the newest change is from {newest:%Y-%m-%d %H:%M}"
        return failed("Clock", says, "Set the clock of this machine.")
    return ok("Clock", f"{now:%Y-%m-%d %H:%M} UTC")


async def _events(application: Application) -> Finding:
    async with application.work.read() as uow:
        backlog = await uow.outbox.backlog()
    if backlog.since is not None and backlog.since < datetime.now(UTC) - _BACKLOG:
        says = f"{backlog.events} wait, the first since {backlog.since:%Y-%m-%d %H:%M} UTC"
        return warning("Events", says, "Start the app with `serve`: it works them off.")
    return ok("Events", "none waits")


async def _dead_letters(application: Application) -> Finding:
    async with application.work.read() as uow:
        letters = (await uow.session.execute(select(func.count()).select_from(DeadLetter))).scalar_one()
    if letters:
        return warning("Dead letters", str(letters), "Look at them with `dead-letters list`.")
    return ok("Dead letters", "none")


async def _counts(application: Application) -> Finding:
    async with application.work.read() as uow:
        users = (await uow.session.scalars(select(User))).all()
    wrong = 0
    for user in users:
        async with application.work.read(identity_of(user)) as uow:
            wrong += len(await uow.tasks.counts.wrong())
    if wrong:
        return failed("Counts", f"{wrong} lists show a wrong number", "Run `doctor --mend-counts`.")
    return ok("Counts", f"right for {len(users)} users")
