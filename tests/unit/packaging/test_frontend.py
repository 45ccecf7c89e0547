"""The page is built once per state of its sources, by whoever comes first, and never half.

Runs the real module in a copy of the project's shape; in place of Reflex stands a script that writes a page.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[3] / "todo_app" / "frontend.py"
STAND_IN = """
import pathlib, sys, time
with open("builds", "a") as builds:
    builds.write(" ".join(sys.argv[1:]) + "\\n")
if pathlib.Path("broken").exists():
    sys.exit("no such component")
time.sleep(0.3)
for folder in ("build/client", "backend"):
    pathlib.Path(".web", folder).mkdir(parents=True, exist_ok=True)
pathlib.Path(".web/build/client/index.html").write_text(pathlib.Path("components/row.py").read_text())
pathlib.Path("reflex.lock").mkdir(exist_ok=True)
pathlib.Path("reflex.lock/package-lock.json").write_text("{}")
pathlib.Path("reflex.lock/package.json").write_text('{"b": 1, "a": 2}')
pathlib.Path("assets/external").mkdir(parents=True, exist_ok=True)
pathlib.Path("assets/external/row.js").write_text("")
"""
START = "from todo_app.frontend import ensure_built; import os; print(ensure_built()); print(os.environ['REFLEX_WEB_WORKDIR'])"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("todo_app", "components"):
        (tmp_path / folder).mkdir()
    shutil.copy(FRONTEND, tmp_path / "todo_app")
    (tmp_path / "components" / "row.py").write_text("row = 1")
    (tmp_path / "reflex.py").write_text(STAND_IN)
    return tmp_path


def start(project: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "NPM_CONFIG_REGISTRY": "unused", "PYTHONPATH": str(project)}
    return subprocess.Popen(
        [sys.executable, "-c", START],
        cwd=project,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def page_of(process: subprocess.Popen[str]) -> Path:
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    returned, told_to_reflex = output.split()
    assert returned == told_to_reflex
    return Path(returned)


def builds(project: Path) -> list[str]:
    return (project / "builds").read_text().splitlines()


def test_processes_that_start_at_once_build_once(project: Path) -> None:
    pages = {page_of(process) for process in [start(project) for _ in range(3)]}

    assert len(pages) == 1
    assert (pages.pop() / "build/client/index.html").read_text() == "row = 1"
    assert builds(project) == ["export --frontend-only --no-zip"]


def test_a_second_start_builds_nothing(project: Path) -> None:
    assert page_of(start(project)) == page_of(start(project))
    assert len(builds(project)) == 1


def test_a_changed_component_is_built_beside_the_page_that_is_being_served(project: Path) -> None:
    served = page_of(start(project))
    (project / "components" / "row.py").write_text("row = 2")
    newer = page_of(start(project))

    assert (served / "build/client/index.html").read_text() == "row = 1"
    assert (newer / "build/client/index.html").read_text() == "row = 2"


def test_a_change_that_the_page_does_not_show_builds_nothing(project: Path) -> None:
    page = page_of(start(project))
    (project / "todo_app" / "services.py").write_text("anything")

    assert page_of(start(project)) == page
    assert len(builds(project)) == 1


def test_the_list_of_packages_is_written_in_one_order(project: Path) -> None:
    page_of(start(project))

    assert list(json.loads((project / "reflex.lock/package.json").read_text())) == ["a", "b"]


def test_a_failed_build_says_why_and_is_tried_again(project: Path) -> None:
    (project / "broken").touch()
    failed = start(project)
    _, errors = failed.communicate(timeout=30)

    assert failed.returncode == 1
    assert "no such component" in errors
    assert [entry for entry in (project / ".page").iterdir() if entry.is_dir()] == []

    (project / "broken").unlink()
    assert page_of(start(project)).is_dir()
