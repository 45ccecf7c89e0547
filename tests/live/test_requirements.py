"""What `make run` installs is enough: the developers' tools must not hide a missing requirement."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run_time_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    venv = tmp_path_factory.mktemp("run-time") / "venv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    python = venv / "bin" / "python"
    requirements = ["--require-hashes", "-r", ROOT / "requirements.txt"]
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *requirements], check=True)
    return python


def run(python: Path, *arguments: str, data: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TODO_DATA_DIR": str(data)}
    subprocess.run([python, *arguments], cwd=data, env=environment, check=True, timeout=60)


def test_the_database_is_migrated(run_time_python: Path, tmp_path: Path) -> None:
    run(run_time_python, "-m", "todo_app", "migrate", data=tmp_path)

    assert (tmp_path / "punctual.db").exists()


def test_the_app_is_put_together(run_time_python: Path, tmp_path: Path) -> None:
    (tmp_path / "rxconfig.py").symlink_to(ROOT / "rxconfig.py")

    run(run_time_python, "-c", "import todo_app.server, todo_app.todo_app", data=tmp_path)
