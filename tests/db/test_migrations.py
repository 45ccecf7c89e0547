"""The migrations lead to the tables that the models describe, from anywhere and back."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from todo_app import migrations
from todo_app.db.revision import newest_revision
from todo_app.settings import Settings

REVISIONS = migrations.known_revisions()


def _tables(settings: Settings) -> set[str]:
    engine = create_engine(settings.async_database_url.replace("+aiosqlite", ""))
    tables = set(inspect(engine).get_table_names())
    engine.dispose()
    return tables


def test_an_empty_database_is_brought_to_what_the_models_describe(empty):
    migrations.migrate(empty)

    migrations.compare_with_models(empty)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_any_revision_is_brought_to_what_the_models_describe(empty, revision):
    migrations.migrate(empty, revision)

    migrations.migrate(empty)

    migrations.compare_with_models(empty)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_can_be_taken_back_and_made_again(empty, revision):
    migrations.migrate(empty, revision)
    before = _tables(empty)

    migrations.downgrade(empty, "-1")
    migrations.migrate(empty, revision)

    assert _tables(empty) == before


def test_taking_everything_back_leaves_nothing(empty):
    migrations.migrate(empty)

    migrations.downgrade(empty, "base")

    assert _tables(empty) == {"alembic_version"}


def test_migrating_twice_changes_nothing(empty):
    migrations.migrate(empty)
    before = _tables(empty)

    migrations.migrate(empty)

    assert _tables(empty) == before


def test_the_newest_revision_is_told_without_alembic(empty):
    head = ScriptDirectory.from_config(migrations.configuration()).get_current_head()

    assert newest_revision() == head
