"""`export` and `import`: a file out and in, for people and for programs."""

from __future__ import annotations

import json
import stat


def _with_tasks(shell):
    shell.does("user", "create", "ada@example.org")
    shell.does("user", "create", "ben@example.org")
    shell.does("seed", "ada@example.org", "--tasks", "40")


def test_an_export_is_imported_once(shell):
    _with_tasks(shell)
    file = shell.folder / "tasks.json"

    out = shell.does("export", "Ada@example.org", file, "--json").json
    look = shell.does("import", "ben@example.org", file, "--dry-run", "--json").json
    done = shell.does("import", "ben@example.org", file, "--json").json
    again = shell.does("import", "ben@example.org", file)

    assert out == {"email": "Ada@example.org", "file": str(file), "format": "json", "tasks": 40}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (look["done"], look["created"], look["undo"]) == (False, 40, None)
    assert (done["done"], done["created"], done["rejected"]) == (True, 40, 0)
    assert [row["outcome"] for row in done["rows"]] == ["create"] * 40
    assert "Imported 0 tasks. 40 were here already." in again.out
    findings = {finding["subject"]: finding for finding in shell.does("doctor", "--json").json}
    assert findings["Counts"]["health"] == "ok"


def test_a_wrong_row_is_named_and_nothing_is_imported(sqlite_shell):
    sqlite_shell.does("user", "create", "ada@example.org")
    file = sqlite_shell.folder / "tasks.csv"
    file.write_text("title,priority\nFine,high\nBroken,urgent\n")

    outcome = sqlite_shell.run("import", "ada@example.org", file)

    assert outcome.status == 1
    assert "Row 3 “Broken”, priority: “urgent” is no priority." in outcome.out
    assert outcome.out.splitlines()[-1] == "Nothing was imported: correct 1 row first."


def test_csv_by_the_ending_and_nothing_half_written(sqlite_shell):
    sqlite_shell.does("user", "create", "ada@example.org")
    file = sqlite_shell.folder / "tasks.csv"

    sqlite_shell.does("export", "ada@example.org", file)
    assert file.read_text().startswith("id,title,")
    assert list(sqlite_shell.folder.glob("*.part")) == []
    sqlite_shell.does("export", "ada@example.org", sqlite_shell.folder / "all", "--format", "json")
    assert json.loads((sqlite_shell.folder / "all").read_text())["tasks"] == []


def test_what_can_not_be_done_is_refused_in_a_line(sqlite_shell):
    sqlite_shell.does("user", "create", "ada@example.org")
    odd = sqlite_shell.folder / "tasks.odd"
    odd.write_text("nothing\n")

    assert "--format" in sqlite_shell.refuses("export", "ada@example.org", odd, status=2)
    assert "which format" in sqlite_shell.refuses("import", "ada@example.org", odd)
    assert "No such file" in sqlite_shell.refuses("import", "ada@example.org", odd.with_name("none.csv"))
    assert "nobody@example.org" in sqlite_shell.refuses("import", "nobody@example.org", odd)
