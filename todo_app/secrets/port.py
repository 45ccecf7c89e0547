"""What a secret store can do: the environment, and in the distributed mode Dapr's as well."""

from __future__ import annotations

from typing import Protocol


class SecretStoreUnavailable(Exception):
    """The store is not there, not set up, or does not answer in time."""


class NotForThisProcess(Exception):
    """The store has the secret perhaps, but keeps it from this process."""


class SecretStore(Protocol):
    """Secrets by name, in lower case with hyphens: ``database-url``."""

    async def get(self, name: str) -> str | None:
        """The secret of this name, ``None`` when there is none.

        Raises:
            NotForThisProcess: when the process may not have it.
            SecretStoreUnavailable: when the store can't tell.
        """
