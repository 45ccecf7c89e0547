"""The example of a configuration lists what the settings read, and can be used as it is."""

from __future__ import annotations

from pathlib import Path

from todo_app.env_example import render
from todo_app.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[3] / ".env.example"


def test_the_example_lists_every_setting_as_it_is_now() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == render(), "run `make env-example`"


def test_the_example_changes_nothing() -> None:
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
