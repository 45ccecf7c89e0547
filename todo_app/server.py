"""Serves the app with uvicorn in this process, from start to a clean stop."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import typer
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from todo_app import data_lock
from todo_app.db.engine import create_engine
from todo_app.db.revision import newest_revision, revision_of
from todo_app.domain.errors import DomainError
from todo_app.frontend import ensure_built, is_built
from todo_app.secrets.at_start import settings_with_secrets
from todo_app.settings import Settings

# Reflex in this process serves a page that is built already, together with its socket, on one port.
REFLEX = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "__REFLEX_SKIP_COMPILE": "true",
}
# Together with what stops after it, within the 5 s that a person or a supervisor will wait.
_GRACE_SECONDS = 3
_LOOK_EVERY_SECONDS = 1.0


class WrongSchema(DomainError):
    """The database is older or newer than the program."""


class PortTaken(DomainError):
    """Another program listens there."""


class WrongMode(DomainError):
    """What was asked for belongs to the distributed mode."""


class NoSuchWorker(DomainError):
    """Nobody has heard of it."""


def serve() -> None:
    """Build the page when it changed and serve it until SIGTERM or SIGINT.

    Raises:
        SecretsMissing: when a secret store is named and has not what is needed.
        DataInUse: when a restore is under way.
        WrongSchema: when the database has to be migrated first.
        PortTaken: when something else listens on the port.
        BuildFailed: when the page can't be built.
    """
    settings = settings_with_secrets()
    with data_lock.shared(settings.data_dir):
        look = _await_schema if settings.mode == "dapr" else refuse_other_schema
        asyncio.run(look(settings))
        listener = listen(settings.host, settings.port)
        _build_page()
        _serve(_load_app(), listener, f"Punctual is ready at {settings.public_url} (Ctrl-C stops it)")


def serve_worker(name: str) -> None:
    """Run a worker until SIGTERM or SIGINT.

    Raises:
        SecretsMissing: when a secret store is named and has not what is needed.
        WrongMode: when the mode has no workers of their own.
        NoSuchWorker: when there is none of this name.
        PortTaken: when something else listens on the port.
    """
    settings = settings_with_secrets()
    if settings.mode == "embedded":
        raise WrongMode("In the embedded mode the web app does the workers' work. Set TODO_MODE=dapr.")
    # What they need takes time to load, and a laptop does without.
    from todo_app.bootstrap import bootstrap
    from todo_app.worker_app import create_worker_app
    from workers.roster import NAMES

    if name not in NAMES:
        raise NoSuchWorker(f"There is no worker {name!r}. There are {', '.join(NAMES)}.")
    asyncio.run(_await_schema(settings))
    listener = listen(settings.host, settings.port)
    _serve(create_worker_app(bootstrap(settings), name), listener, f"The worker {name} is ready")


async def _await_schema(settings: Settings) -> None:
    """Wait for the database to be there and migrated: in a cluster every part may start first."""
    engine, waiting = create_engine(settings.async_database_url), False
    try:
        while (problem := await _schema_problem(engine)) is not None:
            if not waiting:
                typer.echo(f"Waiting: {problem}", err=True)
            waiting = True
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
    finally:
        await engine.dispose()


async def _schema_problem(engine: AsyncEngine) -> str | None:
    try:
        found = await revision_of(engine)
    except (SQLAlchemyError, OSError) as error:
        return f"the database can't be reached ({type(error).__name__})."
    if found == newest_revision():
        return None
    return f"the database is at revision {found}, this version works with {newest_revision()}."


async def refuse_other_schema(settings: Settings) -> None:
    engine = create_engine(settings.async_database_url)
    try:
        found = await revision_of(engine)
    finally:
        await engine.dispose()
    if found != newest_revision():
        raise WrongSchema(
            f"The database is at revision {found}, this version works with {newest_revision()}. "
            "Run `python -m todo_app migrate`."
        )


def _build_page() -> None:
    if not is_built():
        typer.echo("Building the page, which takes about a minute…")
    ensure_built()


def _serve(app: Callable[..., Any], listener: socket.socket, greeting: str) -> None:
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it has stopped; being stopped is no failure.
        signal.signal(number, _ignore)
    _Server(config, greeting).run([listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow is done.

    Raises:
        PortTaken: when something else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, since asyncio sends small answers without delay on sockets alone that are said to be TCP's.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        remedy = "Stop what runs there, or set TODO_PORT to another port."
        raise PortTaken(f"Can't listen on {host}:{port} ({error.strerror}). {remedy}") from None
    return listener


def _load_app() -> Callable[..., Any]:
    os.environ.update(REFLEX)
    app: Callable[[], Callable[..., Any]] = importlib.import_module("todo_app.todo_app").app
    origins = settings_with_secrets().api_origin_list
    if not origins:
        return app()
    from todo_app.api.cors import ApiCors

    return ApiCors(app(), origins)


class _Server(uvicorn.Server):
    """Says so once it answers."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        typer.echo(self._greeting)


def _ignore(*_: object) -> None:
    pass
