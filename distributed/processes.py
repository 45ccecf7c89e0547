"""Programs beside each other: started, watched, killed, paused, stopped; their lines are passed on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

READY_SECONDS: Final = 60.0
_LOOK_SECONDS = 0.05
_JOIN_SECONDS = 5.0
_BACKOFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
# After this long a program has run well, and its next end is taken for its first.
_STEADY_SECONDS = 60.0


class NotReady(Exception):
    """A program ended, or did not get ready in time; the message ends with its last lines."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is to be run under a name."""

    name: str
    command: Sequence[str]
    # Where it runs, and where what it says is kept.
    folder: Path
    log: Path
    # All of it; nothing is added.
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    # Asked again and again after its start.
    is_ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20.0
    # The system's user that it runs as, by default ours.
    user: str | None = None


class Process:
    """One program, and what runs of it at the moment. Any thread may ask anything of it."""

    def __init__(self, program: Program, *, say: Callable[[str, str], None], is_kept_alive: bool) -> None:
        """The program is not started yet.

        Args:
            program: What to run.
            say: Called with the program's name and each line of its output, and with what happens to it.
            is_kept_alive: Whether it is started again when it ends by itself.
        """
        self.program = program
        # How often it has ended without being asked to.
        self.ends = 0
        self._say = say
        self._is_kept_alive = is_kept_alive
        self._running: subprocess.Popen[bytes] | None = None
        self._is_wanted = threading.Event()
        self._is_unwanted = threading.Event()
        self._lock = threading.RLock()
        self._threads: list[threading.Thread] = []

    @property
    def is_running(self) -> bool:
        """Whether there is a process, be it paused or not ready."""
        running = self._running
        return running is not None and running.poll() is None

    @property
    def pid(self) -> int:
        """The id of the running process.

        Raises:
            NotReady: when there is none.
        """
        running = self._running
        if running is None or running.poll() is not None:
            raise NotReady(f"{self.program.name} is not running")
        return running.pid

    def start(self) -> None:
        """Start it unless it runs; does not wait until it is ready."""
        with self._lock:
            if self.is_running:
                return
            self._is_unwanted.clear()
            self._is_wanted.set()
            self._spawn()

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until it does its work.

        Raises:
            NotReady: when it does not in time, or when it ended and nothing starts it again.
        """
        deadline = time.monotonic() + seconds
        while not (self.is_running and self.program.is_ready()):
            if not self.is_running and not self._is_kept_alive:
                raise NotReady(f"{self.program.name} ended by itself:\n{self.last_lines()}")
            if time.monotonic() > deadline:
                raise NotReady(f"{self.program.name} is not ready:\n{self.last_lines()}")
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Ask it to end, and end it when it does not in time."""
        self._leave()
        running = self._running
        if running is None:
            return
        self.resume()  # a paused process can't hear
        with contextlib.suppress(ProcessLookupError):
            running.send_signal(self.program.stop_signal)
        try:
            running.wait(self.program.stop_seconds)
        except subprocess.TimeoutExpired:
            self._say(self.program.name, f"does not stop within {self.program.stop_seconds:.0f} s: killed")
            self._signal_all(signal.SIGKILL)
        self._finish()

    def kill(self) -> None:
        """End it and what it has started at once (``kill -9``); it stays away until it is started."""
        self._leave()
        self._signal_all(signal.SIGKILL)
        self._finish()

    def pause(self) -> None:
        """Hold it and what it has started where they are, as a machine that hangs (``SIGSTOP``)."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal_all(signal.SIGCONT)

    def last_lines(self, count: int = 40) -> str:
        """The end of what it has said."""
        if not self.program.log.exists():
            return ""
        return "\n".join(self.program.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])

    def _leave(self) -> None:
        """Start it no more."""
        with self._lock:
            self._is_wanted.clear()
            self._is_unwanted.set()

    def _finish(self) -> None:
        running, threads = self._running, self._threads
        self._running, self._threads = None, []
        if running is None:
            return
        running.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(running.pid, signal.SIGKILL)  # what it started and left behind
        for thread in threads:
            thread.join(_JOIN_SECONDS)

    def _spawn(self) -> None:
        running = subprocess.Popen(
            list(self.program.command),
            cwd=self.program.folder,
            env=dict(self.program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the run, which stops all in order
            user=self.program.user,
        )
        self._running = running
        for work in (self._pass_on_lines, self._watch):
            thread = threading.Thread(target=work, args=(running,), daemon=True)
            thread.start()
            self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]

    def _pass_on_lines(self, running: subprocess.Popen[bytes]) -> None:
        assert running.stdout is not None  # noqa: S101
        with running.stdout as lines, self.program.log.open("ab", buffering=0) as log:
            for line in lines:
                log.write(line)
                self._say(self.program.name, line.decode(errors="replace").rstrip())

    def _watch(self, running: subprocess.Popen[bytes]) -> None:
        started = time.monotonic()
        status = running.wait()
        if not self._is_wanted.is_set():
            return
        self.ends = 1 if time.monotonic() - started > _STEADY_SECONDS else self.ends + 1
        if not self._is_kept_alive:
            self._say(self.program.name, f"ended by itself, status {status}")
            return
        rest = _BACKOFF_SECONDS[min(self.ends, len(_BACKOFF_SECONDS)) - 1]
        self._say(self.program.name, f"ended by itself, status {status}; starts again in {rest:g} s")
        if self._is_unwanted.wait(rest):
            return
        with self._lock:
            if self._is_wanted.is_set():
                self._spawn()

    def _signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the process and to its children, which may have process groups of their own."""
        running = self._running
        if running is None or running.poll() is not None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(running.pid)
            for each in (parent, *parent.children(recursive=True)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each.pid, number)
