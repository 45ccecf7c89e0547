"""The secrets that the environment or `.env` sets."""

from __future__ import annotations

from pydantic import SecretStr

from todo_app.settings import Settings


class EnvironmentSecrets:
    """Reads them where all settings are read: ``database-url`` is ``TODO_DATABASE_URL``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def get(self, name: str) -> str | None:
        """The secret of this name, ``None`` when it is not set."""
        value = getattr(self._settings, name.replace("-", "_"), None)
        return value.get_secret_value() if isinstance(value, SecretStr) else value
