"""The distributed mode to measure: its processes, and what its database says of events."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg

from distributed import parts
from distributed.apps import APPS, App
from distributed.local_run import LocalRun, Plan
from todo_app.domain.events import event_types
from todo_app.settings import Settings
from workers.reminders import reminders_consumer
from workers.roster import AUDIT, REMINDERS

_PATIENCE_SECONDS, _LOOK_EVERY_SECONDS = 600, 0.25
_TYPES = {AUDIT: sorted(event_types()), REMINDERS: sorted(reminders_consumer().types)}
_PARTS = (parts.KAFKA, parts.POSTGRESQL, parts.DAPRD, parts.REDIS)


class LeftOut(Exception):
    """A question can't be answered here; the message says why, and what to do about it."""


@dataclass(frozen=True)
class Whole:
    """A run, and what its database says."""

    run: LocalRun

    @property
    def settings(self) -> Settings:
        """Settings of a process that commits to its database."""
        return Settings(_env_file=None, database_url=self.run.addresses.database_url)

    def keep_commit_times(self) -> None:
        """Let PostgreSQL note from now on when each transaction is committed; no app may run yet."""
        with psycopg.connect(self.run.addresses.database_url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        server = self.run["postgresql"]
        server.stop()
        server.start()
        server.wait_until_ready()

    def numbers(self, query: LiteralString, *values: object) -> list[float]:
        """The numbers that a query finds, one a row."""
        with psycopg.connect(self.run.addresses.database_url) as connection:
            return [float(row[0]) for row in connection.execute(query, values)]

    def waiting(self) -> int:
        """How many events are still to be published."""
        return int(self.numbers("SELECT count(*) FROM outbox WHERE published_at IS NULL")[0])

    def taken(self, consumer: str) -> int:
        """How many events have taken effect at a consumer."""
        return int(self.numbers("SELECT count(*) FROM inbox WHERE consumer = %s", consumer)[0])

    def undone(self, consumer: str) -> int:
        """How many events have still to take effect at a consumer, of the types that it takes."""
        [found] = self.numbers(
            """
            SELECT count(*) FROM outbox
            WHERE type = ANY(%s)
            AND NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = outbox.id AND inbox.consumer = %s)
            """,
            _TYPES[consumer],
            consumer,
        )
        return int(found)

    def sustained(self, consumer: str) -> float:
        """Effects a second at a consumer, from the first to the last quarter of them."""
        [found] = self.numbers(
            """
            WITH numbered AS (
                SELECT processed_at, count(*) OVER () AS of,
                    row_number() OVER (ORDER BY processed_at) AS place
                FROM inbox WHERE consumer = %s
            )
            SELECT count(*) / greatest(extract(epoch FROM max(processed_at) - min(processed_at)), 0.001)
            FROM numbered WHERE place BETWEEN of / 4 AND of * 3 / 4
            """,
            consumer,
        )
        return found

    def megabytes(self, name: str) -> float:
        """The memory that a process and what it has started hold; shared pages count for each."""
        process = psutil.Process(self.run[name].pid)
        return sum(each.memory_info().rss for each in (process, *process.children(recursive=True))) / 1e6


@contextmanager
def whole(apps: Sequence[App] = APPS) -> Iterator[Whole]:
    """The servers, with every commit flushed to the disk, and some apps with their sidecars.

    Raises:
        LeftOut: when parts are missing.
    """
    with servers(apps) as found:
        found.run.start_apps()
        yield found


@contextmanager
def servers(apps: Sequence[App]) -> Iterator[Whole]:
    """The servers of a run whose apps are still to be started.

    Raises:
        LeftOut: when parts are missing.
    """
    if not all(part.exists() for part in _PARTS):
        raise LeftOut("it needs the parts of the distributed mode; run `make parts`")
    with tempfile.TemporaryDirectory(prefix="bench-whole-") as folder:
        # As root, PostgreSQL runs as another user, who must get in.
        Path(folder).chmod(0o711)
        run = LocalRun(Plan(Path(folder), apps=apps), say=lambda *_: None)
        try:
            run.start_servers()
            run.prepare()
            yield Whole(run)
        finally:
            run.close()


def wait_until(holds: Callable[[], bool]) -> float:
    """Wait for something; for how many seconds.

    Raises:
        TimeoutError: when it does not come to hold.
    """
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise TimeoutError("what was waited for did not come")
        time.sleep(_LOOK_EVERY_SECONDS)
    return time.monotonic() - began
