"""How long does a start take when everything is built, and how much memory does an idle server hold?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.figures import Figure
from bench.libraries import library
from todo_app.frontend import ensure_built
from todo_app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SIZE, STARTS, IDLE_SECONDS = 10_000, 3, 5
START_S, STOP_S, MEMORY_MB = 5, 5, 250


def answer() -> Sequence[Figure]:
    """Start and stop the server a few times as `make run` does; the best start counts, the rest is noise."""
    ensure_built()
    with library(SIZE) as settings:
        # The first start publishes the events of the library.
        runs = [_run(settings) for _ in range(1 + STARTS)][1:]
    return [
        Figure("start", min(started for started, _, _ in runs), "s", START_S),
        Figure("stop", max(stopped for _, _, stopped in runs), "s", STOP_S),
        Figure("memory, idle", max(memory for _, memory, _ in runs), "MB", MEMORY_MB, relative=True),
    ]


def _run(settings: Settings) -> tuple[float, float, float]:
    environment = {**os.environ, "TODO_DATA_DIR": str(settings.data_dir), "TODO_PORT": str(_free_port())}
    before = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "todo_app", "migrate"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    server = subprocess.Popen(
        [sys.executable, "-m", "todo_app", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(f"http://localhost:{environment['TODO_PORT']}/readyz", server)
        started = time.monotonic() - before
        _wait_until_idle(server.pid)
        memory = _resident_megabytes(server.pid)
        before = time.monotonic()
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        return started, memory, time.monotonic() - before
    finally:
        server.kill()


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError("the server ended by itself")


def _wait_until_idle(pid: int) -> None:
    """Wait until the process has used hardly any time for a while."""
    quiet_since, used = time.monotonic(), _seconds_used(pid)
    while time.monotonic() - quiet_since < IDLE_SECONDS:
        time.sleep(0.5)
        now_used = _seconds_used(pid)
        if now_used - used > 0.1:
            quiet_since = time.monotonic()
        used = now_used


def _seconds_used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
