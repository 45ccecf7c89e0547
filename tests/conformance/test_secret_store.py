"""Secrets from the environment, and settings completed by a secret store."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conformance.secret_store_suite import DATABASE_URL, SMTP_URL, SecretStoreSuite
from todo_app.secrets.at_start import NEEDED, SECRETS, SecretsMissing, settings_with_secrets
from todo_app.secrets.environment import EnvironmentSecrets
from todo_app.secrets.port import SecretStore
from todo_app.settings import Settings

# The first two are set by the sidecar's injector, the third by the person at whose machine an agent runs.
_HARMLESS = {"dapr_api_token", "app_api_token", "token"}


class TestEnvironment(SecretStoreSuite):
    @pytest.fixture
    def store(self, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
        monkeypatch.setenv("TODO_DATABASE_URL", DATABASE_URL)
        monkeypatch.setenv("TODO_SMTP_URL", SMTP_URL)
        return EnvironmentSecrets(Settings(_env_file=None))


def test_every_setting_that_is_a_secret_can_come_from_the_store() -> None:
    kept_secret = {
        name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
    }

    assert kept_secret - _HARMLESS <= set(SECRETS) <= set(Settings.model_fields)
    assert set(NEEDED) <= set(SECRETS)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(_env_file=None, secret_store="kubernetes-secrets"),
        Settings(_env_file=None, mode="dapr"),
    ],
    ids=["embedded", "no store"],
)
def test_without_a_store_the_settings_are_those_of_the_environment(settings: Settings) -> None:
    assert settings_with_secrets(settings) is settings


def test_a_sidecar_that_is_not_there_is_said_so(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = Settings(_env_file=None, mode="dapr", secret_store="vault", dapr_grpc_port=port)

    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(SecretsMissing, match=r"vault can't be read.*sidecar"),
    ):
        settings_with_secrets(settings, patience=timedelta(seconds=1))

    assert [record.getMessage()[:8] for record in caplog.records] == ["Waiting."]


def test_the_embedded_mode_loads_nothing_of_the_distributed_one(tmp_path: Path) -> None:
    script = "import sys, todo_app.todo_app; print(*{'dapr', 'grpc', 'aiokafka'} & sys.modules.keys())"
    environment = {"TODO_DATA_DIR": str(tmp_path / "data"), "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []
