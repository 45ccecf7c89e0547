"""The whole distributed mode with the tests' wiring, and the orders that its processes are given."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import psycopg

from distributed.apps import APPS, App
from distributed.local_run import Change, LocalRun, Plan
from tests.distributed.torture.process import FOLDER

SECOND: Final = App("recurrence-2", "todo-recurrence", ["worker", "recurrence"])
SERVERS: Final = ("kafka", "postgresql", "redis")
WEB: Final = ("web-1", "web-2")


@contextlib.contextmanager
def running(settings: Mapping[str, str], *, log: Path) -> Iterator[Stage]:
    """Run everything while the block lasts, in a folder of its own that is removed.

    Not under pytest's folder: as root PostgreSQL runs as another user, who could not get in there.

    Args:
        settings: Variables of every app.
        log: For the lines of all processes.
    """
    folder = Path(tempfile.mkdtemp(prefix="punctual-torture-"))
    folder.chmod(0o711)
    stage = Stage(folder, settings, log=log)
    try:
        stage.start()
        yield stage
    finally:
        stage.close()
        shutil.rmtree(folder)


class Stage:
    """A run, and the folder in which its processes look for orders."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *, log: Path) -> None:
        self.orders = folder / "orders"
        for each in ("armed", "hit"):
            (self.orders / each).mkdir(parents=True, exist_ok=True)
        module = "tests.distributed.torture.process"
        wiring = {
            app.name: Change(command=[sys.executable, "-m", module, *app.arguments])
            for app in (*APPS, SECOND)
        }
        # What everything says, line by line; it stays when the data is removed.
        self.log = log
        self._lines = log.open("w", encoding="utf-8")
        shared = {FOLDER: str(self.orders), **settings}
        plan = Plan(folder=folder, settings=shared, changes=wiring, apps=(*APPS, SECOND))
        self.run = LocalRun(plan, say=self._note)
        # What is on the broker from before is of no concern.
        self.began_at = time.time()

    def start(self) -> None:
        """Start everything but the second recurrence worker, which is started to make sure that it can be."""
        self.run.start()
        self.leave_alone()

    def leave_alone(self) -> None:
        """Let the second recurrence worker go."""
        self.run[SECOND.name].kill()
        self.run[SECOND.sidecar].kill()

    def begin_anew(self, *, without: str) -> None:
        """Start the apps again with nothing in the database, and perhaps without one of their safeguards."""
        for app in APPS:
            self.run[app.name].kill()
        self.began_at = time.time()
        for name in ("poison", "backwards", "failed"):
            self.order(name, wanted=False)
        self.disarm()
        for file in (self.orders / "hit").iterdir():
            file.unlink()
        (self.orders / "without").write_text(without, encoding="ascii")
        tables = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        names = ", ".join(str(name) for (name,) in self.rows(tables))
        with psycopg.connect(self.run.addresses.database_url) as connection:
            connection.execute(f"TRUNCATE {names} CASCADE")  # type: ignore[arg-type]  # names of our own
        for app in APPS:
            self.run[app.name].start()
        for app in APPS:
            self.run[app.name].wait_until_ready()

    def close(self) -> None:
        """Stop everything."""
        self.run.close()
        self._lines.close()

    @property
    def urls(self) -> dict[str, str]:
        """Where the web processes are."""
        return {name: self.run.url(name) for name in WEB}

    def order(self, name: str, *, wanted: bool) -> None:
        """Let the processes do something from now on, or no longer."""
        file = self.orders / name
        file.touch() if wanted else file.unlink(missing_ok=True)

    def arm(self, point: str, event_type: str) -> None:
        """Let whoever next gets to a point with an event of this type die there."""
        (self.orders / "armed" / f"{point}={event_type}").touch()

    def disarm(self) -> None:
        """Let nobody die any more who has not yet."""
        for file in (self.orders / "armed").iterdir():
            file.unlink(missing_ok=True)

    @property
    def hit(self) -> list[tuple[str, str]]:
        """The points that were died at, with the event types."""
        names = [file.name.split("=") for file in (self.orders / "hit").iterdir()]
        return [(point, event_type) for point, event_type, _ in names]

    def failures(self, consumer: str) -> int:
        """How often an effect has failed at a consumer because it was to."""
        file = self.orders / "failed"
        return file.read_text(encoding="ascii").split().count(consumer) if file.exists() else 0

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the database answers."""
        with psycopg.connect(self.run.addresses.database_url, connect_timeout=5) as connection:
            return connection.execute(query).fetchall()

    def _note(self, name: str, line: str) -> None:
        if not self._lines.closed:
            self._lines.write(f"{time.strftime('%H:%M:%S')} {name:22}| {line}\n")
