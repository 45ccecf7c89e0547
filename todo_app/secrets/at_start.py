"""Completes the settings of a process by what the secret store holds, before anything else is done."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

from pydantic import ValidationError

from todo_app.domain.errors import DomainError
from todo_app.secrets.environment import EnvironmentSecrets
from todo_app.secrets.port import NotForThisProcess, SecretStore, SecretStoreUnavailable
from todo_app.settings import Settings

logger = logging.getLogger(__name__)

SECRETS: Final = (
    "database_url",
    "redis_url",
    "secret_key",
    "smtp_url",
    "vapid_private_key",
    "metrics_token",
    "kafka_password",
    "llm_key",
)
# Without these each process would make its own.
NEEDED: Final = ("database_url", "secret_key")
# A sidecar that is started beside the app takes a while, and so does one that waits for its components.
PATIENCE = timedelta(seconds=60)
_PAUSE_SECONDS = 0.5


class SecretsMissing(DomainError):
    """A process can't start without them; the message says which and where they were looked for."""


def settings_with_secrets(settings: Settings | None = None, *, patience: timedelta = PATIENCE) -> Settings:
    """The settings of the environment; what is not set there comes from the secret store, if one is named.

    Call it where no event loop runs. A process asks the store once.

    Args:
        settings: Other settings than those of the environment.
        patience: How long to wait for the sidecar and the store.

    Raises:
        SecretsMissing: when the store does not answer, lacks what is needed, or holds what can't be used.
    """
    settings = settings or Settings()
    if settings.mode == "embedded" or settings.secret_store is None:
        return settings
    return _completed(settings, settings.secret_store, patience)


@lru_cache(maxsize=1)
def _completed(settings: Settings, component: str, patience: timedelta) -> Settings:
    found = asyncio.run(_read(settings, component, patience))
    try:
        return Settings.model_validate({**settings.model_dump(), **found})
    except ValidationError as error:
        problems = "; ".join(f"{_secret_name(str(each['loc'][0]))}: {each['msg']}" for each in error.errors())
        raise SecretsMissing(f"The secret store {component} holds what can't be used: {problems}") from None


async def _read(settings: Settings, component: str, patience: timedelta) -> dict[str, str]:
    # What it needs takes time to load, and a laptop does without.
    from todo_app.secrets.dapr import DaprSecrets
    from todo_app.sidecar import Sidecar

    sidecar = Sidecar(settings)
    stores = (EnvironmentSecrets(settings), DaprSecrets(sidecar, component))
    deadline, waiting = time.monotonic() + patience.total_seconds(), False
    try:
        while True:
            try:
                return await _read_all(stores, component)
            except SecretStoreUnavailable as error:
                says = f"The secret store {component} can't be read: {error}"
                if time.monotonic() > deadline:
                    raise SecretsMissing(says) from None
                if not waiting:
                    logger.warning("Waiting. %s", says)
                waiting = True
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        await sidecar.close()


async def _read_all(stores: Sequence[SecretStore], component: str) -> dict[str, str]:
    found, missing = {}, []
    for name in SECRETS:
        try:
            value = await _first(stores, _secret_name(name))
        except NotForThisProcess:
            continue
        if value is not None:
            found[name] = value
        elif name in NEEDED:
            missing.append(name)
    if missing:
        raise SecretsMissing(_says(missing, component))
    return found


async def _first(stores: Iterable[SecretStore], name: str) -> str | None:
    for store in stores:
        value = await store.get(name)
        if value is not None:
            return value
    return None


def _says(missing: Sequence[str], component: str) -> str:
    variables = " and ".join(f"TODO_{name.upper()}" for name in missing)
    names = " and ".join(map(_secret_name, missing))
    return f"The secret store {component} has no {names}. Add it there, or set {variables}."


def _secret_name(setting: str) -> str:
    return setting.replace("_", "-")
