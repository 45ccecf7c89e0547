"""What the documents say is there: files, links, commands, tests, and every setting as it is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from todo_app.cli import app
from todo_app.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = ROOT / "README.md"

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
_CODE = re.compile(r"`([^`\n]+)`")
# Only what lies in these is taken for a path; other words with a slash are addresses or media types.
_FOLDERS = re.compile(
    r"^(\.ci|\.github|alembic|assets|bench|components|docs|e2e|state|tests|todo_app|workers)/[\w./\[\]-]*$"
)
_MAKE = re.compile(r"\bmake ([a-z][a-z-]+)")
_TEST = re.compile(r"^((?:tests|e2e)/[\w/]+\.py)::(\w+)$")
_COMMAND_ROW = re.compile(r"^\| ((?:`[^`]+`(?:, )?)+) \|", re.MULTILINE)


def code_of(document: Path) -> list[str]:
    return _CODE.findall(document.read_text(encoding="utf-8"))


@pytest.fixture(params=DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_links_lead_somewhere(document: Path) -> None:
    targets = [
        target for target in _LINK.findall(document.read_text(encoding="utf-8")) if "://" not in target
    ]

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_paths_exist(document: Path) -> None:
    paths = [text for text in code_of(document) if _FOLDERS.match(text)]

    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_tests_that_are_named_exist(document: Path) -> None:
    named = [match.groups() for match in map(_TEST.match, code_of(document)) if match]

    assert [
        f"{path}::{name}"
        for path, name in named
        if not re.search(rf"\b(def|class) {name}\b", (ROOT / path).read_text(encoding="utf-8"))
    ] == []


def test_make_knows_its_targets(document: Path) -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[0] for line in listed.splitlines()}
    said = [text for text in code_of(document) if text.startswith("make ")]

    assert set(_MAKE.findall("\n".join(said))) - targets == set()


def test_no_address_of_one_machine_is_in_them(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    assert re.findall(r"(?:^|[\s`(])/(?:home|root|work|tmp|Users)/\S*", text) == []


def test_every_decision_has_a_number_of_its_own() -> None:
    notes = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [note.name[:5] for note in notes] == [f"{number:04}-" for number in range(1, len(notes) + 1)]
    assert [note.read_text(encoding="utf-8")[:7] for note in notes] == [
        f"# {note.name[:4]} " for note in notes
    ]


def test_the_readme_describes_every_setting_as_it_is() -> None:
    table = settings_table()

    assert table in README.read_text(encoding="utf-8"), f"put this into README.md:\n\n{table}"


def test_the_readme_lists_every_command() -> None:
    section = README.read_text(encoding="utf-8").split("## Administration")[1].split("\n## ")[0]
    listed = {text.split()[0] for row in _COMMAND_ROW.findall(section) for text in _CODE.findall(row)}
    group = get_command(app)

    assert {name for name in group.commands if name not in listed} == set()  # type: ignore[attr-defined]


def settings_table() -> str:
    rows = ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        variable = field.validation_alias or f"TODO_{name.upper()}"
        rows.append(f"| `{variable}` | {default} | {field.description} |")
    return "\n".join(rows)
