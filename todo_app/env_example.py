"""Prints .env.example, from the settings: `python -m todo_app.env_example > .env.example`."""

import sys
import textwrap

from pydantic.fields import FieldInfo

from todo_app.settings import Settings

_HEAD = """\
# Settings of Punctual. Copy this file to .env and change what you need; a variable of the environment
# wins over the file. Written by `make env-example` from todo_app/settings.py.
"""


def render() -> str:
    """The file's text: every setting with what it means and its default, commented out."""
    entries = [_entry(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join([_HEAD, *entries])


def _entry(name: str, field: FieldInfo) -> str:
    meaning = textwrap.fill(field.description or "", 100, initial_indent="# ", subsequent_indent="# ")
    default = "" if field.default is None else field.default
    variable = field.validation_alias or f"TODO_{name.upper()}"
    return f"{meaning}\n#{variable}={default}\n"


if __name__ == "__main__":
    sys.stdout.write(render())
