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

from todo_app import data_lock
from todo_app.db.engine import create_engine
from todo_app.db.revision import newest_revision, revision_of
from todo_app.domain.errors import DomainError
from todo_app.frontend import ensure_built, is_built
from todo_app.settings import Settings

# Reflex in this process serves a page that is built already, together with its socket, on one port.
_REFLEX = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "__REFLEX_SKIP_COMPILE": "true",
}
# Together with what stops after it, within the 5 s that a person or a supervisor will wait.
_GRACE_SECONDS = 3


class WrongSchema(DomainError):
    """The database is older or newer than the program."""


class PortTaken(DomainError):
    """Another program listens there."""


def serve() -> None:
    """Build the page when it changed and serve it until SIGTERM or SIGINT.

    Raises:
        DataInUse: when a restore is under way.
        WrongSchema: when the database has to be migrated first.
        PortTaken: when something else listens on the port.
        BuildFailed: when the page can't be built.
    """
    settings = Settings()
    with data_lock.shared(settings.data_dir):
        listener = listen(settings.host, settings.port)
        asyncio.run(_refuse_other_schema(settings))
        _build_page()
        _serve(listener, settings.public_url)


async def _refuse_other_schema(settings: Settings) -> None:
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


def _serve(listener: socket.socket, url: str) -> None:
    config = uvicorn.Config(
        _load_app(),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it has stopped; being stopped is no failure.
        signal.signal(number, _ignore)
    _Server(config, url).run([listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow is done.

    Raises:
        PortTaken: when something else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
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
    os.environ.update(_REFLEX)
    app: Callable[[], Callable[..., Any]] = importlib.import_module("todo_app.todo_app").app
    return app()


class _Server(uvicorn.Server):
    """Says where the app is once it answers."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        typer.echo(f"Punctual is ready at {self._url} (Ctrl-C stops it)")


def _ignore(*_: object) -> None:
    pass
