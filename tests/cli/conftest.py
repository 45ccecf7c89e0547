"""Commands run as people run them: `python -m todo_app` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from todo_app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a command did and said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def last_line(self) -> str:
        return self.out.splitlines()[-1]


@dataclass(frozen=True)
class Shell:
    """A working folder outside the checkout, and the settings of one installation."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str | Path, stdin: str = "", **settings: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "todo_app", *map(str, arguments)],
            cwd=self.folder,
            env={**self.environment, **settings},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def does(self, *arguments: str | Path, stdin: str = "", **settings: str) -> Outcome:
        """Run a command that must succeed."""
        outcome = self.run(*arguments, stdin=stdin, **settings)
        assert outcome.status == 0, outcome
        return outcome

    def refuses(self, *arguments: str | Path, status: int = 1, **settings: str) -> str:
        """Run a command that must fail in one plain line, which is returned."""
        outcome = self.run(*arguments, **settings)
        assert outcome.status == status, outcome
        assert outcome.out == ""
        assert "Traceback" not in outcome.err
        (line,) = outcome.err.splitlines()
        return line

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "todo_app", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture
def shell(settings: Settings, tmp_path: Path) -> Shell:
    """On a migrated database; a test that uses it runs once per kind."""
    return _shell(tmp_path, TODO_DATABASE_URL=str(settings.database_url))


@pytest.fixture
def bare_shell(tmp_path: Path) -> Shell:
    """On a data folder in which there is nothing yet."""
    return _shell(tmp_path)


@pytest.fixture
def sqlite_shell(sqlite_database: str, tmp_path: Path) -> Shell:
    """On a migrated SQLite database, for what does not depend on its kind."""
    return _shell(tmp_path, TODO_DATABASE_URL=sqlite_database)


def _shell(folder: Path, **settings: str) -> Shell:
    return Shell(
        folder,
        {**os.environ, "PYTHONPATH": str(ROOT), "TODO_DATA_DIR": str(folder / "data"), **settings},
    )
