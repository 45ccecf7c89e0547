"""The parts, started once for all tests: servers alone, and servers with sidecars and apps that stand in."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from distributed.apps import APPS
from distributed.local_run import Change, LocalRun, Plan
from e2e.conftest import pytest_runtest_makereport  # noqa: F401  # for pictures of what browsers showed last
from tests.distributed.stand_in import NOTES

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """What a sidecar answers."""

    status: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class StandIns:
    """A run whose apps only note what their sidecars bring."""

    run: LocalRun

    def call(
        self,
        app: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        kind: str = "application/json",
        token: str = "",
    ) -> Answer:
        """Ask the sidecar of an app, with the app's token unless another one is given."""
        connection = HTTPConnection("127.0.0.1", self.run.ports[f"{app}-sidecar-http"], timeout=20)
        headers = {"dapr-api-token": token or self.run.tokens.dapr, "content-type": kind}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            connection.close()

    def notes(self, app: str, path: str) -> list[dict[str, Any]]:
        """What the sidecar of an app has brought to a path so far."""
        file = notes_of(self.run.plan.folder, app)
        lines = file.read_text().splitlines() if file.exists() else []
        return [note for note in map(json.loads, lines) if note["path"] == path]

    def events(self, app: str, path: str) -> list[str]:
        """The ids of the events that were brought to a path so far; what has none is no event."""
        events = [event for note in self.notes(app, path) for event in note["events"]]
        return [event["id"] for event in events if "id" in event]


def notes_of(folder: Path, app: str) -> Path:
    return folder / f"{app}.notes"


def eventually(holds: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: when it does not in time.
    """
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """Not under pytest's folder: as root PostgreSQL runs as another user, who could not get in there."""
    folder = Path(tempfile.mkdtemp(prefix="punctual-run-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def stand_ins(run_folder: Path) -> Iterator[StandIns]:
    """Servers, a sidecar for every app, and an app that stands in for each."""
    command = [sys.executable, "-m", "tests.distributed.stand_in"]
    changes = {
        app.name: Change({NOTES: str(notes_of(run_folder, app.name))}, command=command) for app in APPS
    }
    plan = Plan(run_folder, changes=changes, is_thrown_away=True, is_kept_alive=False)
    with LocalRun(plan, say=lambda *_: None) as run:
        yield StandIns(run)


@pytest.fixture(scope="session")
def servers(stand_ins: StandIns) -> LocalRun:
    """PostgreSQL, Redis and Kafka, with the database migrated and the topics made."""
    return stand_ins.run
