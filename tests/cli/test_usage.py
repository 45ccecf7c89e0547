"""Commands are quick to begin, ask nothing, and say in one line what went wrong and what to do."""

from __future__ import annotations

import subprocess
import sys

import pytest

from todo_app.cli import app

HEAVY = ("sqlalchemy", "sqlmodel", "pydantic", "reflex", "alembic", "uvicorn", "fastapi")


def test_nothing_heavy_is_imported_before_a_command_runs():
    script = f"import sys, todo_app.cli; print([name for name in {HEAVY} if name in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"


def test_help_names_every_command(bare_shell):
    outcome = bare_shell.does("--help")

    for name in ("serve", "migrate", "user", "seed", "backup", "restore", "doctor", "audit", "dead-letters"):
        assert name in outcome.out


@pytest.mark.parametrize("group", [[], *[[typer.name] for typer in app.registered_groups]])
def test_a_group_without_a_command_shows_its_help(bare_shell, group):
    outcome = bare_shell.run(*group)

    assert outcome.status == 2
    assert "Usage:" in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["user", "create"],
        ["seed", "ada@example.org", "--tasks", "many"],
        ["seed", "ada@example.org", "--tasks", "0"],
        ["migrate", "--fast"],
        ["dead-letters", "replay", "no-uuid"],
    ],
)
def test_wrong_use_is_status_2(bare_shell, arguments):
    assert bare_shell.refuses(*arguments, status=2)


def test_a_setting_that_can_not_be_is_named(bare_shell):
    assert "TODO_PORT" in bare_shell.refuses("migrate", TODO_PORT="http")


def test_what_is_wrong_with_it_is_said_in_our_own_words(bare_shell):
    line = bare_shell.refuses("migrate", TODO_SECRET_KEY="short", TODO_DATABASE_URL="mysql://punctual")

    assert line == (
        "Correct the configuration: "
        "TODO_DATABASE_URL: use sqlite:///file or postgresql://user:password@host/name; "
        "TODO_SECRET_KEY: use at least 32 random characters."
    )


def test_a_database_that_was_never_migrated_is_told_so(bare_shell):
    assert "migrate" in bare_shell.refuses("user", "create", "ada@example.org")


def test_a_database_that_does_not_answer_is_told_so(bare_shell):
    line = bare_shell.refuses("migrate", TODO_DATABASE_URL="postgresql://ada:secret@127.0.0.1:1/punctual")

    assert "TODO_DATABASE_URL" in line
    assert "secret" not in line


def test_a_database_url_that_is_none_is_told_so(bare_shell):
    assert "TODO_DATABASE_URL" in bare_shell.refuses("migrate", TODO_DATABASE_URL="punctual.db")


def test_a_data_folder_that_can_not_be_written_is_told_so(bare_shell):
    (bare_shell.folder / "data").write_text("a file")

    assert "data" in bare_shell.refuses("migrate")
