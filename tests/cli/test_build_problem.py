"""When the page can't be built, the command says why in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from todo_app.cli import _build_problem
from todo_app.frontend import BuildFailed

BAR = "Compiling: ━━━━━━━━━━━━━━━━ 100% 17/17 0:00:01"


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            f"npm warn old\nError: Could not resolve './gone' in app.jsx\n    at build.js:1\n{BAR}\n",
            "Error: Could not",
        ),
        ("ModuleNotFoundError: No module named 'gone'\n\n", "ModuleNotFoundError: No module"),
        (f"npm error network timeout\r\n{BAR}\r{BAR}\n\n", "npm error network timeout"),
        ("Killed\n", "Killed"),
        ("", "no output"),
    ],
)
def test_the_last_line_that_tells_of_an_error_is_shown(
    output: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TODO_DATA_DIR", str(tmp_path / "data"))

    said = _build_problem(BuildFailed(output))

    assert said.startswith(f"The page could not be built ({reason}")
    assert (tmp_path / "data" / "page-build.log").read_bytes().decode() == output
