"""Programs that are run for the distributed mode: how they start, end, come back, hang and go."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from distributed.processes import NotReady, Process, Program

# Says that it is there, and stays; with a child that does the same.
STAYS = "import time; print('here', flush=True); time.sleep(60)"
WITH_CHILD = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {STAYS!r}]); {STAYS}"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"

Make = Callable[..., Process]


@pytest.fixture
def said() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def make(tmp_path: Path, said: list[tuple[str, str]]) -> Iterator[Make]:
    made: list[Process] = []

    def one(
        script: str, *, is_kept_alive: bool = False, is_ready: Callable[[], bool] | None = None
    ) -> Process:
        log = tmp_path / "log"
        program = Program(
            name="it",
            command=[sys.executable, "-c", script],
            folder=tmp_path,
            log=log,
            is_ready=is_ready or (lambda: log.exists() and "here" in log.read_text()),
            stop_seconds=1,
        )
        made.append(Process(program, say=lambda *line: said.append(line), is_kept_alive=is_kept_alive))
        return made[-1]

    yield one
    for process in made:
        process.kill()


def eventually(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.01)


def started(process: Process) -> Process:
    process.start()
    process.wait_until_ready()
    return process


def family(process: Process) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    eventually(parent.children)
    return [parent, *parent.children()]


def test_its_lines_are_passed_on_with_its_name(make: Make, said: list[tuple[str, str]]) -> None:
    started(make(STAYS))

    eventually(lambda: ("it", "here") in said)


def test_a_kill_takes_its_children_too_and_it_stays_away(make: Make) -> None:
    process = started(make(WITH_CHILD, is_kept_alive=True))
    members = family(process)

    process.kill()

    assert not process.is_running
    eventually(lambda: not any(each.is_running() for each in members))
    assert process.ends == 0
    started(process)


def test_it_stands_still_while_it_is_paused(make: Make) -> None:
    process = started(make(WITH_CHILD))
    members = family(process)

    process.pause()
    eventually(lambda: {each.status() for each in members} == {psutil.STATUS_STOPPED})

    process.resume()
    eventually(lambda: psutil.STATUS_STOPPED not in {each.status() for each in members})


def test_one_that_is_paused_can_be_stopped(make: Make) -> None:
    process = started(make(STAYS))
    process.pause()

    process.stop()

    assert not process.is_running


def test_one_that_does_not_hear_is_killed(make: Make, said: list[tuple[str, str]]) -> None:
    process = started(make(DEAF))

    process.stop()

    assert not process.is_running
    assert ("it", "does not stop within 1 s: killed") in said


def test_what_ends_by_itself_is_started_again(make: Make, said: list[tuple[str, str]]) -> None:
    process = started(make(STAYS, is_kept_alive=True))
    first = process.pid

    os.kill(first, signal.SIGKILL)

    eventually(lambda: process.is_running and process.pid != first)
    assert process.ends == 1
    assert ("it", "ended by itself, status -9; starts again in 0.5 s") in said


def test_it_waits_longer_each_time(make: Make, said: list[tuple[str, str]]) -> None:
    process = make("raise SystemExit(3)", is_kept_alive=True)
    process.start()

    eventually(lambda: process.ends == 3)

    waits = [line.rsplit(" in ")[1] for _, line in said if "starts again" in line]
    assert waits == ["0.5 s", "1 s", "2 s"]
    process.stop()
    assert not process.is_running


def test_what_is_not_kept_alive_and_ends_is_told_with_its_last_words(make: Make) -> None:
    process = make("print('no such folder'); raise SystemExit(3)", is_ready=lambda: False)
    process.start()

    with pytest.raises(NotReady, match="no such folder"):
        process.wait_until_ready()


def test_what_is_not_ready_in_time_is_told(make: Make) -> None:
    process = make(STAYS, is_ready=lambda: False)
    process.start()

    with pytest.raises(NotReady, match="not ready"):
        process.wait_until_ready(0.2)
