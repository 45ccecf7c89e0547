"""Secrets behind a real sidecar, and what a process makes of them at its start."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conformance.secret_store_suite import DATABASE_URL, SMTP_URL, SecretStoreSuite
from tests.distributed.sidecars import RunningSidecar, component, run_sidecar
from todo_app.secrets.at_start import SecretsMissing, settings_with_secrets
from todo_app.secrets.dapr import DaprSecrets
from todo_app.secrets.port import NotForThisProcess, SecretStore, SecretStoreUnavailable
from todo_app.settings import Settings
from todo_app.sidecar import Sidecar

STORE = "kubernetes-secrets"
SECRET_KEY = "k" * 40


def resource(folder: Path, secrets: dict[str, str]) -> str:
    file = folder / "secrets.json"
    file.write_text(json.dumps(secrets), encoding="utf-8")
    return component(STORE, "secretstores.local.file", secretsFile=str(file))


def allowing(*names: str) -> str:
    """A configuration that lets the app read these secrets and no other."""
    scope = {"storeName": STORE, "defaultAccess": "deny", "allowedSecrets": list(names)}
    return json.dumps(
        {
            "apiVersion": "dapr.io/v1alpha1",
            "kind": "Configuration",
            "metadata": {"name": "secrets"},
            "spec": {"secrets": {"scopes": [scope]}},
        }
    )


def settings_for(running: RunningSidecar, **given: object) -> Settings:
    ports = running.settings.model_dump(include={"dapr_grpc_port", "dapr_http_port", "dapr_api_token"})
    return Settings(_env_file=None, mode="dapr", secret_store=STORE, **ports, **given)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSidecar]:
    folder = tmp_path_factory.mktemp("secrets")
    held = {"database-url": DATABASE_URL, "smtp-url": SMTP_URL}
    with run_sidecar(folder, "todo-web", [resource(folder, held)]) as running:
        yield running


@pytest.fixture
async def sidecar(running: RunningSidecar) -> AsyncIterator[Sidecar]:
    sidecar = Sidecar(running.settings)
    yield sidecar
    await sidecar.close()


class TestDaprSecrets(SecretStoreSuite):
    @pytest.fixture
    def store(self, sidecar: Sidecar) -> SecretStore:
        return DaprSecrets(sidecar, STORE)


async def test_a_store_that_is_not_set_up_is_not_taken_for_an_empty_one(sidecar: Sidecar) -> None:
    with pytest.raises(SecretStoreUnavailable, match="another-store"):
        await DaprSecrets(sidecar, "another-store").get("database-url")


async def test_a_process_without_the_scope_gets_no_secret(tmp_path: Path) -> None:
    resources = [resource(tmp_path, {"database-url": DATABASE_URL, "smtp-url": SMTP_URL})]
    with run_sidecar(tmp_path, "todo-audit", resources, configuration=allowing("database-url")) as scoped:
        sidecar = Sidecar(scoped.settings)
        store = DaprSecrets(sidecar, STORE)
        assert await store.get("database-url") == DATABASE_URL
        with pytest.raises(NotForThisProcess):
            await store.get("smtp-url")
        await sidecar.close()


def test_what_is_not_set_comes_from_the_store(tmp_path: Path) -> None:
    held = {"database-url": DATABASE_URL, "secret-key": SECRET_KEY, "smtp-url": SMTP_URL}
    with run_sidecar(tmp_path, "todo-web", [resource(tmp_path, held)]) as running:
        settings = settings_with_secrets(settings_for(running, smtp_url="smtp://mail.example.org", port=4000))

    assert settings.database_url == DATABASE_URL
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == SECRET_KEY
    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == "smtp://mail.example.org"
    assert (settings.redis_url, settings.port) == (None, 4000)


def test_what_is_needed_and_nowhere_to_be_found_is_named(running: RunningSidecar) -> None:
    with pytest.raises(SecretsMissing, match=r"kubernetes-secrets has no secret-key\. .*TODO_SECRET_KEY"):
        settings_with_secrets(settings_for(running))


def test_what_a_process_may_not_have_it_does_without(tmp_path: Path) -> None:
    resources = [resource(tmp_path, {"database-url": DATABASE_URL, "secret-key": SECRET_KEY})]
    with run_sidecar(tmp_path, "todo-reminders", resources, configuration=allowing("database-url")) as scoped:
        settings = settings_with_secrets(settings_for(scoped))

    assert settings.database_url == DATABASE_URL
    assert settings.secret_key is None


def test_a_secret_that_can_not_be_used_is_named_but_not_shown(tmp_path: Path) -> None:
    held = {"database-url": "mysql://root:hunter2@db/punctual", "secret-key": SECRET_KEY}
    with (
        run_sidecar(tmp_path, "todo-web", [resource(tmp_path, held)]) as running,
        pytest.raises(SecretsMissing, match="database-url") as caught,
    ):
        settings_with_secrets(settings_for(running))

    assert "hunter2" not in str(caught.value)


def test_a_sidecar_that_starts_later_is_waited_for(tmp_path: Path) -> None:
    held = {"database-url": DATABASE_URL, "secret-key": SECRET_KEY}
    resources = [resource(tmp_path, held)]
    with run_sidecar(tmp_path, "todo-web", resources) as first:
        settings = settings_for(first)
    found: list[Settings] = []
    waiting = threading.Thread(target=lambda: found.append(settings_with_secrets(settings)))
    waiting.start()

    (tmp_path / "again").mkdir()
    with run_sidecar(tmp_path / "again", "todo-web", resources, like=first):
        waiting.join(timedelta(seconds=30).total_seconds())

    assert [settings.database_url for settings in found] == [DATABASE_URL]


def test_a_command_works_on_the_database_that_the_store_names(tmp_path: Path, sqlite_database: str) -> None:
    held = {"database-url": sqlite_database, "secret-key": SECRET_KEY}
    with run_sidecar(tmp_path, "todo-web", [resource(tmp_path, held)]) as running:
        environment = {
            "TODO_MODE": "dapr",
            "TODO_SECRET_STORE": STORE,
            "TODO_DATA_DIR": str(tmp_path / "data"),
            "DAPR_GRPC_PORT": str(running.settings.dapr_grpc_port),
            "DAPR_HTTP_PORT": str(running.settings.dapr_http_port),
            "DAPR_API_TOKEN": running.tokens.dapr,
        }
        command = [sys.executable, "-m", "todo_app", "user", "create", "ada@example.org"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert again.returncode == 1
    assert "already" in again.stderr
