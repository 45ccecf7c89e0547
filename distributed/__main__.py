"""Runs the distributed mode on this machine until it is stopped: `python -m distributed`."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from distributed import parts
from distributed.apps import WEB
from distributed.containers import addresses, containers, engine_answers, mail_url
from distributed.local_run import ROOT, Addresses, CommandFailed, LocalRun, Plan, print_line
from distributed.processes import NotReady, Process
from distributed.servers import StartFailed

# What the run decides by itself.
_ITS_OWN: Final = {
    "TODO_MODE",
    "TODO_DATABASE_URL",
    "TODO_REDIS_URL",
    "TODO_KAFKA_BROKERS",
    "TODO_SECRET_STORE",
    "TODO_DATA_DIR",
    "TODO_PORT",
}


# Images that are not there yet are fetched first.
_PULL_SECONDS = 600.0
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class FolderTaken(Exception):
    """Another run uses the same folder."""


class Stopped(BaseException):
    """Somebody asked the run to end."""


def main() -> int:
    """Run until SIGINT, SIGTERM or SIGHUP; the exit status."""
    for number in _SIGNALS:
        signal.signal(number, _stop)
    given = _settings()
    folder = Path(given.get("TODO_DATA_DIR", "data")).resolve() / "distributed"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(folder), _containers(folder) as (addresses, extra):
            plan = Plan(
                folder=folder,
                ports={"web-1": int(given.get("TODO_PORT", "3000"))},
                settings={**extra, **{name: given[name] for name in given.keys() - _ITS_OWN}},
                addresses=addresses,
            )
            _run(plan)
    except (parts.PartsMissing, NotReady, StartFailed, CommandFailed, FolderTaken) as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        pass
    return 0


def _run(plan: Plan) -> None:
    with LocalRun(plan) as run:
        addresses = " and ".join(f"http://localhost:{run.ports[app.name]}" for app in WEB)
        print(f"Punctual is ready at {addresses} (Ctrl-C stops it)", flush=True)
        threading.Event().wait()


@contextmanager
def _containers(folder: Path) -> Iterator[tuple[Addresses | None, dict[str, str]]]:
    """Where the servers are, and settings that go with them; nothing, when the run has to start its own."""
    if not engine_answers():
        parts.get()
        yield None, {}
        return
    parts.get([parts.DAPRD.name])
    running = Process(containers(folder), say=print_line, is_kept_alive=True)
    try:
        running.start()
        running.wait_until_ready(_PULL_SECONDS)
        yield addresses(), {"TODO_SMTP_URL": mail_url()}
    finally:
        running.stop()


def _settings() -> dict[str, str]:
    """What the file `.env` and the environment say, the latter first."""
    file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return {name: value for name, value in {**file, **os.environ}.items() if name.startswith("TODO_")}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "in-use.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderTaken(f"Another run uses {folder}. Stop it, or set TODO_DATA_DIR.") from None
        yield


def _stop(*_: object) -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # it is stopping already
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
