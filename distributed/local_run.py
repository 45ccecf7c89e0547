"""The whole distributed mode as processes of one machine: servers, sidecars, web processes and workers."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from distributed import servers
from distributed.apps import APPS, App
from distributed.ports import free_ports
from distributed.processes import Process, Program
from distributed.sidecars import PORTS, Resources, StateStore, Tokens, answers, lay_out, sidecar

ROOT: Final = Path(__file__).resolve().parent.parent
SERVERS: Final = ("postgresql", "redis", "kafka")
_COMMAND_SECONDS = 120
_READY_SECONDS = 240.0  # the first start builds the page


class CommandFailed(Exception):
    """A command of the app failed while the run was prepared; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers are."""

    database_url: str
    # Both as host:port.
    redis: str
    kafka: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one process."""

    environment: Mapping[str, str] = field(default_factory=dict)
    # In the place of the app's own.
    command: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to be like."""

    # For data and logs. As root, other users must be able to pass through it: PostgreSQL runs as one.
    folder: Path
    # Names of processes or `<app>-sidecar-<http|grpc|internal|metrics>` to ports; by default free ones.
    ports: Mapping[str, int] = field(default_factory=dict)
    # Variables of every app.
    settings: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    apps: Sequence[App] = APPS
    state: StateStore = "postgres"
    # Servers that run elsewhere; by default they are started too.
    addresses: Addresses | None = None
    # Whether the data need not outlive a crash of the machine.
    is_thrown_away: bool = False
    # Whether what ends by itself is started again.
    is_kept_alive: bool = True


def print_line(name: str, line: str) -> None:
    """Print a line of a process after its name."""
    print(f"{name:22}| {line}", flush=True)


class LocalRun:
    """A run, whose processes go by name: `run["web-1"].kill()`."""

    def __init__(self, plan: Plan, *, say: Callable[[str, str], None] = print_line) -> None:
        """Nothing is started yet; ports are chosen."""
        self.plan = plan
        self.tokens = Tokens(dapr=secrets.token_urlsafe(24), app=secrets.token_urlsafe(24))
        self.ports = {**free_ports(_port_names(plan.apps)), **plan.ports}
        self.addresses = plan.addresses or Addresses(
            database_url=servers.database_url(self.ports["postgresql"]),
            redis=f"127.0.0.1:{self.ports['redis']}",
            kafka=f"127.0.0.1:{self.ports['kafka']}",
        )
        self._say = say
        self._lock = threading.Lock()
        self._processes: dict[str, Process] = {}

    def __getitem__(self, name: str) -> Process:
        return self._processes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._processes)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def url(self, name: str) -> str:
        """Where an app listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    @property
    def resources(self) -> Resources:
        """What the sidecars load."""
        return Resources(self.plan.folder / "dapr")

    def start(self) -> None:
        """Start everything, and wait until all of it is ready.

        Raises:
            NotReady: when a process ended, or was not ready in time.
            StartFailed: when a server's data could not be prepared.
            CommandFailed: when the database could not be migrated, or the topics not be made.
        """
        self.start_servers()
        self.prepare()
        self.start_apps()

    def start_servers(self) -> None:
        """Start PostgreSQL, Redis and Kafka, unless they run elsewhere, and wait until they are ready."""
        self.plan.folder.mkdir(parents=True, exist_ok=True)
        if self.plan.addresses is not None:
            return
        makers = [self._postgresql, self._redis, self._kafka]
        with ThreadPoolExecutor() as pool:
            for program in pool.map(lambda make: make(), makers):
                self._add(program).start()
        for name in SERVERS:
            self[name].wait_until_ready()

    def prepare(self) -> None:
        """Migrate the database, make the topics, and lay out what the sidecars load."""
        working = self.plan.folder / "apps"
        working.mkdir(exist_ok=True)
        if not (working / "rxconfig.py").exists():
            # Reflex reads it in the working directory only, where no developer's .env is read by accident.
            (working / "rxconfig.py").symlink_to(ROOT / "rxconfig.py")
        for command in (["migrate"], ["events", "topics"]):
            self._say("preparation", self.command(*command).strip())
        kept = self._secrets()
        shutil.rmtree(self.resources.folder, ignore_errors=True)
        lay_out(self.resources.folder, state=self.plan.state)
        self.resources.secrets.touch(mode=0o600)
        self.resources.secrets.write_text(json.dumps(kept, indent=2), encoding="utf-8")

    def start_apps(self, apps: Sequence[App] | None = None) -> None:
        """Start apps of the plan, by default all, and their sidecars together; wait until they are ready."""
        apps = self.plan.apps if apps is None else apps
        for app in apps:
            self._add(self._sidecar(app))
            self._add(self._app(app))
        names = [name for app in apps for name in (app.sidecar, app.name)]
        for name in names:
            self[name].start()
        for name in names:
            self[name].wait_until_ready(_READY_SECONDS)

    def close(self) -> None:
        """Stop everything in order: the apps, then their sidecars, then the servers."""
        apps = {app.name for app in self.plan.apps}
        sidecars = {app.sidecar for app in self.plan.apps}
        for group in (apps, sidecars, {"kafka"}, {"redis", "postgresql"}):
            running = [self[name] for name in self if name in group]
            with ThreadPoolExecutor(max_workers=max(1, len(running))) as pool:
                list(pool.map(Process.stop, running))

    def command(self, *arguments: str) -> str:
        """What `python -m todo_app ARGUMENTS` prints, run on the servers of the run.

        Raises:
            CommandFailed: when it failed.
        """
        done = subprocess.run(
            [sys.executable, "-m", "todo_app", *arguments],
            cwd=self.plan.folder / "apps",
            # Without sidecars, which need not run yet, and so without a secret store.
            env={**self._environment(), "TODO_MODE": "embedded", **self._key()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_COMMAND_SECONDS,
        )
        if done.returncode:
            raise CommandFailed(f"`{' '.join(arguments)}` failed: {done.stdout}{done.stderr}")
        return done.stdout

    def _add(self, program: Program) -> Process:
        process = Process(program, say=self._say_in_turn, is_kept_alive=self.plan.is_kept_alive)
        self._processes[program.name] = process
        return process

    def _say_in_turn(self, name: str, line: str) -> None:
        with self._lock:
            self._say(name, line)

    def _postgresql(self) -> Program:
        folder = self.plan.folder / "postgresql"
        return servers.postgresql(folder, self.ports["postgresql"], is_thrown_away=self.plan.is_thrown_away)

    def _redis(self) -> Program:
        return servers.redis_server(self.plan.folder, self.ports["redis"])

    def _kafka(self) -> Program:
        return servers.kafka(self.plan.folder, self.ports["kafka"], self.ports["kafka-controller"])

    def _sidecar(self, app: App) -> Program:
        return sidecar(
            app.sidecar,
            app_id=app.app_id,
            app_port=self.ports[app.name],
            ports={each: self.ports[f"{app.sidecar}-{each}"] for each in PORTS},
            tokens=self.tokens,
            resources=self.resources,
            addresses={
                "DATABASE_URL": self.addresses.database_url,
                "KAFKA_BROKERS": self.addresses.kafka,
                "REDIS_ADDRESS": self.addresses.redis,
            },
            log=self.plan.folder / f"{app.sidecar}.log",
        )

    def _app(self, app: App) -> Program:
        change = self.plan.changes.get(app.name, Change())
        port = self.ports[app.name]
        return Program(
            name=app.name,
            command=change.command or app.command,
            folder=self.plan.folder / "apps",
            log=self.plan.folder / f"{app.name}.log",
            environment={
                **self._environment(),
                "TODO_PORT": str(port),
                "DAPR_HTTP_PORT": str(self.ports[f"{app.sidecar}-http"]),
                "DAPR_GRPC_PORT": str(self.ports[f"{app.sidecar}-grpc"]),
                **change.environment,
            },
            is_ready=lambda: answers(port, "/readyz"),
        )

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TODO_", "DAPR_"))}
        return {
            **ours,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "TODO_MODE": "dapr",
            "TODO_DATA_DIR": str(self.plan.folder / "apps" / "data"),
            "TODO_DATABASE_URL": self.addresses.database_url,
            "TODO_REDIS_URL": f"redis://{self.addresses.redis}",
            "TODO_KAFKA_BROKERS": self.addresses.kafka,
            "TODO_SECRET_STORE": "kubernetes-secrets",
            "DAPR_API_TOKEN": self.tokens.dapr,
            "APP_API_TOKEN": self.tokens.app,
            **self.plan.settings,
        }

    def _key(self) -> dict[str, str]:
        file = self.resources.secrets
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return {"TODO_SECRET_KEY": kept["secret-key"]} if kept else {}

    def _secrets(self) -> dict[str, str]:
        """What the secret store is to hold; the key stays the same for as long as the data is there."""
        file = self.resources.secrets
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return {"secret-key": secrets.token_urlsafe(48), **kept, "database-url": self.addresses.database_url}


def _port_names(apps: Sequence[App]) -> list[str]:
    of_apps = [name for app in apps for name in (app.name, *(f"{app.sidecar}-{each}" for each in PORTS))]
    return [*SERVERS, "kafka-controller", *of_apps]
