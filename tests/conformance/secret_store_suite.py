"""What every secret store promises; each adapter runs it with a store of its own."""

from __future__ import annotations

import pytest

from todo_app.secrets.port import SecretStore

DATABASE_URL = "postgresql://punctual:p%40ss w\"ö'rd@127.0.0.1/punctual?sslmode=require"
SMTP_URL = "smtp://127.0.0.1:25"


class SecretStoreSuite:
    """Needs the fixture ``store``, which holds the two secrets above and no other."""

    @pytest.mark.parametrize(("name", "value"), [("database-url", DATABASE_URL), ("smtp-url", SMTP_URL)])
    async def test_a_secret_is_read_as_it_was_written(
        self, store: SecretStore, name: str, value: str
    ) -> None:
        assert await store.get(name) == value

    @pytest.mark.parametrize("name", ["redis-url", "secret-key", "no-such-secret"])
    async def test_there_is_nothing_under_another_name(self, store: SecretStore, name: str) -> None:
        assert await store.get(name) is None
