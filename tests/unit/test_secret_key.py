"""The secret key: made once, for its owner alone, and never replaced."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from todo_app.secret_key import purpose_key, secret_key
from todo_app.settings import Settings


def _settings(folder: Path, **values: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **values)


def test_the_key_is_made_once_and_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "data")
    key = secret_key(settings)
    assert len(key) >= 48
    assert secret_key(settings) == key
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret.key"]
    assert (tmp_path / "data/secret.key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(lambda _: secret_key(settings), range(16)))) == 1


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_a_short_one_is_refused_without_being_shown(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValidationError, match="use at least 32 random characters") as error:
        _settings(tmp_path, secret_key=key)
    assert f"'{key}'" not in str(error.value)


def test_a_key_from_the_settings_counts_and_makes_no_file(tmp_path: Path) -> None:
    settings = _settings(tmp_path, secret_key=SecretStr("k" * 40))
    assert secret_key(settings) == b"k" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_could_read_is_hidden_from_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = _settings(tmp_path)
    key = secret_key(settings)
    (tmp_path / "secret.key").chmod(0o644)
    with caplog.at_level(logging.WARNING):
        assert secret_key(settings) == key
    assert "could be read by others" in caplog.text
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("\n")
    with pytest.raises(ValueError, match="is empty"):
        secret_key(_settings(tmp_path))


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    assert len({purpose_key(settings, "audit"), purpose_key(settings, "links"), secret_key(settings)}) == 3
