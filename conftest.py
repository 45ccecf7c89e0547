"""Registers the fixtures of every suite; each kind is in a module of its own under tests/fixtures/."""

import os

import pytest

from tests.fixtures.memory import write_to_memory

pytest_plugins = [
    "tests.fixtures.postgresql",
    "tests.fixtures.databases",  # after the one it imports, so that pytest explains the asserts of both
    "tests.fixtures.settings",
    "tests.fixtures.live_server",
]

# Their asserts explain themselves too.
pytest.register_assert_rewrite(
    "tests.conformance.state_store_suite", "tests.conformance.secret_store_suite", "tests.mcp.journey"
)

# A developer's own settings must not reach a test.
for name in [name for name in os.environ if name.startswith("TODO_")]:
    del os.environ[name]

write_to_memory()
