"""The server in a process of its own, on the data of a library, as `make run` starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from todo_app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
# Long enough for the first start, which builds the page.
READY_SECONDS, STOP_SECONDS = 180, 60


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def megabytes(self) -> float:
        """The memory that it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def wait_until_idle(self, seconds: float = 5) -> None:
        """Wait until it has used hardly any time for so long."""
        quiet_since, used = time.monotonic(), self.seconds_used()
        while time.monotonic() - quiet_since < seconds:
            time.sleep(0.5)
            now_used = self.seconds_used()
            if now_used - used > 0.1:
                quiet_since = time.monotonic()
            used = now_used

    def stop(self) -> None:
        """End it in the polite way."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)

    def seconds_used(self) -> float:
        """The processor's time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(settings: Settings, *, workers: bool = True, **more: str) -> Iterator[Server]:
    """Migrate and serve, and kill what has not been stopped at the end; it answers when the block begins.

    Without ``workers`` it answers and does nothing else; ``more`` are variables of its environment.
    """
    port = _free_port()
    environment = {**os.environ, "TODO_DATA_DIR": str(settings.data_dir), "TODO_PORT": str(port), **more}
    command = [sys.executable, "-m", "todo_app"]
    subprocess.run([*command, "migrate"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    serve = [*command, "serve"] if workers else [sys.executable, "-m", "bench.without_workers"]
    process = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_until_ready(f"http://localhost:{port}/readyz", process)
        yield Server(f"http://localhost:{port}", process)
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError("the server ended by itself, or is not ready in time")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
