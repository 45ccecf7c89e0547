"""`serve` says when it is ready, takes one port, and stops at once and cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from urllib.request import urlopen

import pytest

from tests.cli.conftest import Shell

READY_SECONDS = 180  # the first start of a checkout builds the page
STOP_SECONDS = 5


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def shell_with_port(sqlite_shell: Shell) -> Shell:
    return replace(sqlite_shell, environment={**sqlite_shell.environment, "TODO_PORT": str(_free_port())})


@contextmanager
def _serving(shell: Shell) -> Iterator[subprocess.Popen[str]]:
    process = shell.start("serve")
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _wait_until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "ready at" in line:
            return line
    raise AssertionError("".join(said))


@pytest.mark.timeout(READY_SECONDS + 60)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_when_told(shell_with_port, number):
    with _serving(shell_with_port) as process:
        url = f"http://localhost:{shell_with_port.environment['TODO_PORT']}"
        assert url in _wait_until_ready(process)
        with urlopen(f"{url}/readyz", timeout=10) as answer:
            assert answer.status == 200
        # A browser that keeps its connection open does not hold the server up.
        host, port = "127.0.0.1", int(shell_with_port.environment["TODO_PORT"])
        with socket.create_connection((host, port)) as idle:
            idle.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(100)

            before = time.monotonic()
            process.send_signal(number)

            assert process.wait(STOP_SECONDS) == 0
            assert time.monotonic() - before < STOP_SECONDS
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()


def test_a_port_that_is_taken_is_told_at_once(shell_with_port):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", int(shell_with_port.environment["TODO_PORT"])))
        other.listen()

        assert "TODO_PORT" in shell_with_port.refuses("serve")


def test_a_database_that_is_not_migrated_is_told_at_once(bare_shell):
    line = bare_shell.refuses("serve", TODO_PORT=str(_free_port()))

    assert "python -m todo_app migrate" in line


def test_nothing_is_restored_under_a_running_server(shell_with_port, tmp_path):
    file = tmp_path / "punctual.backup"
    shell_with_port.does("backup", file)
    with _serving(shell_with_port) as process:
        _wait_until_ready(process)

        assert "Stop it first" in shell_with_port.refuses("restore", file)
