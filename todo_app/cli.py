"""The commands of `python -m todo_app`: each parses arguments, calls a service and prints the outcome.

Nothing heavy is imported before a command runs, so that `--help` and shells are quick. No command asks
questions. Exit status: 0 done, 1 failed, 2 wrongly used.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO, TypeVar

import typer

from todo_app.cli_events import audit_app, dead_letters_app, events_app
from todo_app.domain.errors import DomainError, Unauthenticated

if TYPE_CHECKING:
    from todo_app.backup import Restored
    from todo_app.bootstrap import Application
    from todo_app.db.models import User
    from todo_app.domain.identity import Identity
    from todo_app.findings import Finding
    from todo_app.services.tokens import NewToken

FAILED = 1
_PASSWORD_BYTES = 12
_TELLS_OF_AN_ERROR = re.compile(r"error|exception|fail|can't|cannot|could not|not found|fatal", re.IGNORECASE)

_Result = TypeVar("_Result")


class CommandFailed(Exception):
    """A command can't do what it was asked; the message says what to do about it."""


app = typer.Typer(
    name="python -m todo_app",
    help="Run and look after Punctual.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
user_app = typer.Typer(help="Accounts.", no_args_is_help=True)
token_app = typer.Typer(help="Tokens for programs.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")
app.add_typer(audit_app, name="audit")
app.add_typer(dead_letters_app, name="dead-letters")
app.add_typer(events_app, name="events")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
PasswordFromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def main() -> int:
    """Run the command that the arguments name; the exit status."""
    try:
        return int(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _complain(_reason_of(error), getattr(error, "exit_code", FAILED))
    except (typer.Abort, KeyboardInterrupt):
        return _complain("Stopped.", FAILED)
    except (DomainError, CommandFailed) as error:
        return _complain(" ".join(str(error).split()), FAILED)
    except OSError as error:
        return _complain(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), FAILED)
    # What follows is imported only when something went wrong.
    except _settings_errors() as error:
        return _complain(_wrong_settings(error), FAILED)
    except _database_errors() as error:
        return _complain(_database_problem(error), FAILED)
    except _build_errors() as error:
        return _complain(_build_problem(error), FAILED)


@app.command()
def serve() -> None:
    """Build the page when it changed, and serve it until stopped."""
    from todo_app import server

    server.serve()


@app.command()
def worker(
    name: Annotated[str, typer.Argument(help="audit, recurrence, reminders or notifications.")],
) -> None:
    """Run one worker of the distributed mode beside its sidecar, until stopped."""
    from todo_app import server

    server.serve_worker(name)


@app.command("mcp")
def serve_mcp() -> None:
    """Serve MCP on standard input and output, for a program that starts this; TODO_TOKEN says for whom."""
    from todo_app.secrets.at_start import settings_with_secrets

    token = settings_with_secrets().token
    if token is None:
        raise CommandFailed("Set TODO_TOKEN to a token: `python -m todo_app token create EMAIL` makes one.")

    async def run(application: Application) -> None:
        from todo_app.mcp_server.stdio import serve_stdio
        from todo_app.server import refuse_other_schema

        await refuse_other_schema(application.settings)
        try:
            await serve_stdio(application, token.get_secret_value())
        except Unauthenticated:
            raise CommandFailed("The token in TODO_TOKEN is unknown, was revoked, or has expired.") from None

    _on_application(run)


@app.command()
def migrate(*, as_json: AsJson = False) -> None:
    """Bring the database to the newest schema."""
    from todo_app.db.revision import newest_revision, revision_in_file
    from todo_app.secrets.at_start import settings_with_secrets

    settings, revision = settings_with_secrets(), newest_revision()
    # At most starts there is nothing to do, which is found out without importing Alembic.
    if settings.sqlite_file is None or revision_in_file(settings.sqlite_file) != revision:
        from todo_app import migrations

        migrations.migrate(settings)
    _tell({"revision": revision}, f"The database is at revision {revision}.", as_json=as_json)


@user_app.command("create")
def create_user(
    email: str,
    *,
    password_stdin: PasswordFromStdin = False,
    timezone: Annotated[str, typer.Option(help="IANA zone, by default this machine's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create an account; the first one is the operator's. The last line is the generated password."""
    password = _password(from_stdin=password_stdin)

    async def create(application: Application) -> User:
        from todo_app.services import accounts

        password_hash, zone = await accounts.hash_password(password), timezone or _zone_of_machine()
        async with application.work.write() as uow:
            first = await uow.accounts.count() == 0
            return await accounts.create(uow, email, password_hash, zone, is_operator=first)

    user = _on_application(create)
    _tell_password(user, "Created", None if password_stdin else password, as_json=as_json)


@user_app.command("set-password")
def set_password(email: str, *, password_stdin: PasswordFromStdin = False, as_json: AsJson = False) -> None:
    """Set a forgotten password and log the person out everywhere. The last line is the generated password."""
    password = _password(from_stdin=password_stdin)

    async def change(application: Application) -> User:
        from todo_app.services import accounts

        password_hash = await accounts.hash_password(password)
        async with application.work.write() as uow:
            return await accounts.set_password(uow, email, password_hash)

    user = _on_application(change)
    _tell_password(user, "Set the password of", None if password_stdin else password, as_json=as_json)


@token_app.command("create")
def create_token(
    email: str,
    *,
    scope: Annotated[Literal["read", "write", "admin"], typer.Option(help="What programs may do with it.")],
    name: Annotated[str, typer.Option(help="What it is for, as the activity list names it.")] = "API token",
    days: Annotated[int | None, typer.Option(min=1, help="How long it works; else until revoked.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token for programs. The last line is the token, which is not shown again."""

    async def create(application: Application) -> NewToken:
        from todo_app.domain.identity import Scope
        from todo_app.services import tokens

        owner = await _owner(application, email)
        async with application.work.write(owner) as uow:
            return await tokens.create(uow, name, Scope(scope), days=days)

    made = _on_application(create)
    facts = {"id": str(made.token.id), "name": made.token.name, "scope": scope, "token": made.secret}
    _tell(
        facts,
        f"Created “{made.token.name}” for {email}; its scope is {scope}.\n{made.secret}",
        as_json=as_json,
    )


@app.command()
def seed(
    email: str,
    *,
    tasks: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many tasks to make up.")] = 200,
    number: Annotated[int, typer.Option("--seed", help="The same number makes the same life, each day.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Give an account a made-up life: projects, tags, tasks around today, and past months."""

    async def make_up(application: Application) -> None:
        from todo_app.services import seed as sample

        owner, work = await _owner(application, email), application.work
        async for done in sample.seed(work.engine, owner, count=tasks, now=work.clock(), number=number):
            _show_progress(f"{done:,} of {tasks:,} tasks")

    _on_application(make_up)
    _tell({"email": email, "tasks": tasks}, f"Added {tasks:,} tasks for {email}.", as_json=as_json)


@app.command("export")
def export_tasks(
    email: str,
    file: Path,
    *,
    kind: Annotated[
        Literal["json", "csv", "ics"] | None,
        typer.Option("--format", help="By default the file's ending says it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write all tasks of an account into a file; JSON has everything, also series and reminders."""
    from todo_app.services.exports import ExportFormat, export

    endings = {f".{each.value}": each for each in ExportFormat}
    chosen = ExportFormat(kind) if kind else endings.get(file.suffix.lower())
    if chosen is None:
        raise typer.BadParameter(f"End the file in {' or '.join(endings)}, or name the --format.")

    async def write(application: Application) -> int:
        owner = await _owner(application, email)
        with _new_file(file) as target:
            return await export(application.work, owner, chosen, target)

    count = _on_application(write)
    facts = {"email": email, "file": str(file), "format": chosen.value, "tasks": count}
    _tell(facts, f"Wrote {count:,} tasks into {file}.", as_json=as_json)


@app.command("import")
def import_tasks(
    email: str,
    file: Path,
    *,
    kind: Annotated[
        Literal["json", "csv", "ics", "todoist", "vikunja", "ticktick"] | None,
        typer.Option("--format", help="By default what the file holds says it."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would become of each row.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take over the tasks of a file, all or none; what is there already stays as it is."""
    from todo_app.exchange.formats import Format
    from todo_app.services import imports
    from todo_app.services.import_report import as_document, as_lines

    data = file.read_bytes()
    chosen = imports.File(data, file.name, Format(kind) if kind else None)

    async def take_over(application: Application) -> imports.Report:
        owner = await _owner(application, email)
        run = imports.preview if dry_run else imports.run
        return await run(application.work, owner, chosen)

    report = _on_application(take_over)
    _tell(as_document(report), as_lines(report), as_json=as_json)
    if not report.can_be_done:
        raise typer.Exit(FAILED)


@app.command()
def backup(file: Path, *, as_json: AsJson = False) -> None:
    """Write the database and the secret key into one file, while the app runs."""
    from todo_app import backup as backups
    from todo_app.secrets.at_start import settings_with_secrets

    manifest = backups.back_up(settings_with_secrets(), file)
    size = file.stat().st_size
    _tell(
        {**manifest.model_dump(mode="json", exclude={"tables"}), "file": str(file), "size": size},
        f"Wrote {file} ({size / (1 << 20):.1f} MiB). Keep it safe: it holds the secret key.",
        as_json=as_json,
    )


@app.command()
def restore(
    file: Path,
    *,
    force: Annotated[bool, typer.Option("--force", help="Even while the app runs; restart it then.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the data, which is kept aside."""
    from todo_app import backup as backups
    from todo_app.secrets.at_start import settings_with_secrets

    restored = backups.restore(settings_with_secrets(), file, force=force)
    created_at = restored.manifest.created_at.isoformat(timespec="seconds")
    facts = {"created_at": created_at, "kept": restored.kept, "key_differs": restored.key_differs}
    _tell(facts, _restored(restored), as_json=as_json)


@app.command()
def doctor(
    *,
    mend_counts: Annotated[
        bool, typer.Option("--mend-counts", help="Count the tasks of every list anew.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the installation and say what to do; exit status 1 when something is broken."""
    from todo_app import doctor as doctors
    from todo_app.findings import Health
    from todo_app.secrets.at_start import settings_with_secrets

    settings = settings_with_secrets()
    if mend_counts:
        asyncio.run(doctors.mend_counts(settings))
    findings = asyncio.run(doctors.examine(settings))
    facts = [
        {"subject": f.subject, "health": f.health, "says": f.says, "remedy": f.remedy or None}
        for f in findings
    ]
    _tell(facts, _as_table(findings), as_json=as_json)
    if any(finding.health is Health.FAILED for finding in findings):
        raise typer.Exit(FAILED)


def _on_application(run: Callable[[Application], Awaitable[_Result]]) -> _Result:
    """Let a command work on the application, and let go of it afterwards."""
    from todo_app.bootstrap import bootstrap
    from todo_app.data_lock import shared
    from todo_app.secrets.at_start import settings_with_secrets

    settings = settings_with_secrets()

    async def work() -> _Result:
        application = bootstrap(settings)
        try:
            with shared(application.settings.data_dir):
                return await run(application)
        finally:
            await application.close()

    return asyncio.run(work())


@contextlib.contextmanager
def _new_file(file: Path) -> Iterator[TextIO]:
    """A file that is there under its name only once it is whole; what it holds is for its owner's eyes."""
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with open(unfinished, "w", encoding="utf-8", newline="", opener=_for_owner_only) as target:
            yield target
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _for_owner_only(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _password(*, from_stdin: bool) -> str:
    if not from_stdin:
        return secrets.token_urlsafe(_PASSWORD_BYTES)
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandFailed("There is no password on standard input: echo PASSWORD | … --password-stdin")
    return password


def _zone_of_machine() -> str:
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"


async def _owner(application: Application, email: str) -> Identity:
    from todo_app.db.repositories.accounts import identity_of

    async with application.work.read() as uow:
        user = await uow.accounts.by_email(email.strip().casefold())
    if user is None:
        raise CommandFailed(f"There is no account for {email}. Make one with `user create {email}`.")
    return identity_of(user)


def _tell_password(user: User, done: str, generated: str | None, *, as_json: bool) -> None:
    facts = {"id": str(user.id), "email": user.email}
    if generated is None:
        return _tell(facts, f"{done} {user.email}.", as_json=as_json)
    sentence = f"{done} {user.email}. Password:\n{generated}"
    return _tell({**facts, "password": generated}, sentence, as_json=as_json)


def _restored(restored: Restored) -> str:
    manifest = restored.manifest
    lines = [f"Restored the data of {manifest.created_at:%Y-%m-%d %H:%M} UTC (version {manifest.version})."]
    if restored.kept:
        lines.append(f"What was there before is kept in {restored.kept}.")
    if restored.key_differs:
        lines.append("The secret key is another one than the backup's: set TODO_SECRET_KEY to that one.")
    return "\n".join(lines)


def _as_table(findings: Sequence[Finding]) -> str:
    lines = []
    for finding in findings:
        lines.append(f"{finding.health:8}{finding.subject:14}{finding.says}")
        if finding.remedy:
            lines.append(f"{'':22}-> {finding.remedy}")
    return "\n".join(lines)


def _show_progress(text: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{text}", err=True, nl=False)


def _tell(facts: object, sentence: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(facts) if as_json else sentence)


def _complain(reason: str, status: int) -> int:
    typer.echo(reason, err=True)
    return status


def _reason_of(error: typer.TyperException) -> str:
    format_message = getattr(error, "format_message", None)
    return str(format_message() if format_message else error)


def _settings_errors() -> type[Exception]:
    from pydantic import ValidationError

    return ValidationError


def _wrong_settings(error: Exception) -> str:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError) or error.title != "Settings":
        raise error
    # Reasons of our own come with the name of Python's error before them.
    problems = [
        f"TODO_{'_'.join(map(str, each['loc'])).upper()}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors()
    ]
    return f"Correct the configuration: {'; '.join(problems)}."


def _database_errors() -> tuple[type[Exception], ...]:
    from sqlalchemy.exc import ArgumentError, DBAPIError

    return DBAPIError, ArgumentError, sqlite3.Error


def _database_problem(error: Exception) -> str:
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    if "no such table" in reason or "does not exist" in reason:
        return f"The database is not set up ({reason}). Run `python -m todo_app migrate` first."
    return f"The database does not answer ({reason}). Check TODO_DATABASE_URL; `doctor` looks further."


def _build_errors() -> type[Exception]:
    from todo_app.frontend import BuildFailed

    return BuildFailed


def _build_problem(error: Exception) -> str:
    from todo_app import owner_only
    from todo_app.settings import Settings

    log = Settings().data_dir / "page-build.log"
    owner_only.make_folder(log.parent)
    log.write_text(str(error), encoding="utf-8")
    return f"The page could not be built ({_reason_in(str(error))}). The whole output is in {log}."


def _reason_in(output: str) -> str:
    """The last line of a build's output that tells of an error; what comes after it may be a progress bar."""
    # A bar draws over itself: what stays on the screen comes after the last carriage return.
    lines = [line.rsplit("\r", 1)[-1].strip() for line in output.splitlines()]
    telling = [line for line in lines if _TELLS_OF_AN_ERROR.search(line)]
    return next((line for line in reversed(telling or lines) if line), "no output")
