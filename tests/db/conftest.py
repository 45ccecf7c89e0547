"""Databases in which nothing has been set up yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from todo_app.settings import Settings


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The settings of a database without a table; the test runs once per kind."""
    url = (
        request.getfixturevalue("empty_postgresql_database")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path / 'empty.db'}"
    )
    return Settings(_env_file=None, database_url=url, data_dir=tmp_path / "data")


@pytest.fixture
def empty_postgresql_database(postgresql_server, postgresql_template) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    postgresql_template.execute(f"CREATE DATABASE {name}")
    yield postgresql_server.get_uri(name)
    postgresql_template.execute(f"DROP DATABASE {name} WITH (FORCE)")
