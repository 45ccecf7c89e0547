"""The commands of `python -m todo_app`: each parses arguments, calls a service and prints the outcome.

Nothing heavy is imported before a command runs, so that `--help` and shells are quick. No command asks
questions. Exit status: 0 done, 1 failed, 2 wrongly used.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer

from todo_app.domain.errors import DomainError

FAILED = 1
_PASSWORD_BYTES = 12

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
app.add_typer(user_app, name="user")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
PasswordFromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input."),
]


def main() -> int:
    """Run the command that the arguments name; the exit status."""
    try:
        return int(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _complain(_reason_of(error), getattr(error, "exit_code", FAILED))
    except typer.Abort:
        return _complain("Stopped.", FAILED)
    except (DomainError, CommandFailed, OSError) as error:
        return _complain(" ".join(str(error).split()), FAILED)
    except _settings_errors() as error:
        return _complain(_wrong_settings(error), FAILED)
    except _database_errors() as error:
        return _complain(_database_problem(error), FAILED)


@app.command()
def serve() -> None:
    """Build the page when it changed, and serve it until stopped."""
    from todo_app import server

    server.serve()


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the newest schema."""
    from todo_app import migrations
    from todo_app.settings import Settings

    migrations.migrate(Settings())
    revision = migrations.newest_revision()
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
    created = _run(_create_user(email, password, timezone or _zone_of_machine()))
    generated = None if password_stdin else password
    _tell_password(created, f"Created {email}.", generated, as_json=as_json)


@user_app.command("set-password")
def set_password(email: str, *, password_stdin: PasswordFromStdin = False, as_json: AsJson = False) -> None:
    """Set a forgotten password and log the person out everywhere. The last line is the generated password."""
    password = _password(from_stdin=password_stdin)
    changed = _run(_set_password(email, password))
    _tell_password(
        changed, f"Set the password of {email}.", None if password_stdin else password, as_json=as_json
    )


async def _create_user(email: str, password: str, timezone: str) -> dict[str, str]:
    from todo_app.bootstrap import bootstrap
    from todo_app.services import accounts

    application = bootstrap()
    async with application.work.write() as uow:
        first = await uow.accounts.count() == 0
        user = await accounts.create(uow, email, password, timezone, is_operator=first)
    await application.close()
    return {"id": str(user.id), "email": user.email}


async def _set_password(email: str, password: str) -> dict[str, str]:
    from todo_app.bootstrap import bootstrap
    from todo_app.services import accounts

    application = bootstrap()
    async with application.work.write() as uow:
        user = await accounts.set_password(uow, email, password)
    await application.close()
    return {"id": str(user.id), "email": user.email}


def _run(command: Coroutine[Any, Any, _Result]) -> _Result:
    return asyncio.run(command)


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


def _tell_password(result: dict[str, str], sentence: str, generated: str | None, *, as_json: bool) -> None:
    if generated is None:
        return _tell(result, sentence, as_json=as_json)
    return _tell({**result, "password": generated}, f"{sentence} Password:\n{generated}", as_json=as_json)


def _tell(result: object, sentence: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(result) if as_json else sentence)


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
    problems = [f"TODO_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
    return f"Correct the configuration: {'; '.join(problems)}."


def _database_errors() -> type[Exception]:
    from sqlalchemy.exc import DBAPIError

    return DBAPIError


def _database_problem(error: Exception) -> str:
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    if "no such table" in reason or "does not exist" in reason:
        return f"The database is not set up ({reason}). Run `python -m todo_app migrate` first."
    return f"The database does not answer ({reason}). Check TODO_DATABASE_URL; `doctor` looks further."
