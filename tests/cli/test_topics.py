"""The commands for topics when there is no broker; with one they are tried in tests/distributed/."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", ["topics", "lag"])
@pytest.mark.parametrize(
    ("brokers", "says"),
    [("127.0.0.1:1", "No Kafka broker answers at 127.0.0.1:1."), (None, "Set TODO_KAFKA_BROKERS")],
)
def test_they_say_in_a_line_what_to_do(tmp_path: Path, command: str, brokers: str | None, says: str) -> None:
    settings = {} if brokers is None else {"TODO_KAFKA_BROKERS": brokers}
    done = subprocess.run(
        [sys.executable, "-m", "todo_app", "events", command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
