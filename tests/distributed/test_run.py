"""`python -m distributed`, as `make run-distributed` calls it, with the real apps."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from distributed.apps import APPS
from distributed.ports import free_ports
from distributed.sidecars import answers
from tests.distributed.conftest import eventually

ROOT = Path(__file__).resolve().parents[2]
# The first start of a checkout builds the page.
START_SECONDS = 240.0
STOP_SECONDS = 60.0

pytestmark = pytest.mark.timeout(600)


class Run:
    """The command in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_ports(["web"])["web"]
        self.log = folder / "log"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TODO_PORT": str(self.port),
            "TODO_DATA_DIR": str(folder / "data"),
            # No engine, also where there is one: the servers are to be the parts.
            "DOCKER_HOST": "unix:///nowhere",
        }

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "distributed"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def said(self, pattern: str) -> list[str]:
        return re.findall(pattern, self.log.read_text(errors="replace"))

    def family(self) -> dict[int, str]:
        """What it has started and runs, by process id."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # one that has just ended
                found[child.pid] = " ".join(child.cmdline())
        return found

    def wait_until_ready(self) -> None:
        ready = "Punctual is ready at http.* and "
        eventually(lambda: self.said(ready) or self.process.poll() is not None, seconds=START_SECONDS)
        assert self.said(ready), self.log.read_text()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """One for all tests of the module, since it takes long to start; the last one stops it."""
    folder = Path(tempfile.mkdtemp(prefix="punctual-command-"))
    folder.chmod(0o711)
    run = Run(folder)
    run.start()
    run.wait_until_ready()
    yield run
    if run.process.poll() is None:
        run.stop()
    shutil.rmtree(folder)


def test_everything_is_there(run: Run) -> None:
    [second] = run.said(r"and http://localhost:(\d+)")
    assert answers(run.port, "/readyz")
    assert answers(int(second), "/readyz")
    assert sum("daprd" in command for command in run.family().values()) == len(APPS)


def test_a_second_run_on_the_same_data_is_refused(run: Run) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "distributed"],
        cwd=ROOT,
        env=run.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert "Another run uses" in second.stderr


def test_what_is_killed_comes_back(run: Run) -> None:
    family = run.family()
    killed = {
        next(pid for pid, command in family.items() if program in command)
        for program in ("worker reminders", "redis-server", "--app-id todo-audit")
    }
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    eventually(lambda: len(run.said("ended by itself, status -9; starts again")) == len(killed))
    eventually(lambda: len(run.family().keys() - killed) == len(family))
    [second] = run.said(r"and http://localhost:(\d+)")
    eventually(lambda: answers(run.port, "/readyz") and answers(int(second), "/readyz"))


def test_nothing_is_left_after_an_interruption(run: Run) -> None:
    family = run.family()

    assert run.stop() == 0

    assert [pid for pid in family if psutil.pid_exists(pid)] == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", run.port), timeout=1)
