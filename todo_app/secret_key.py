"""The secret key of this installation, and the keys for single purposes made from it."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from pathlib import Path

from todo_app import owner_only
from todo_app.settings import Settings

logger = logging.getLogger(__name__)

FILE = "secret.key"


def purpose_key(settings: Settings, purpose: str) -> bytes:
    """A key for one purpose, so that what is made with it can't be taken for something else."""
    return hmac.new(secret_key(settings), f"punctual {purpose}".encode(), hashlib.sha256).digest()


def secret_key(settings: Settings) -> bytes:
    """The key from the settings, else from a file in the data folder, which is made when there is none.

    Raises:
        ValueError: when the file holds no key.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    file = settings.data_dir / FILE
    if not file.exists():
        _make(file)
    if file.stat().st_mode & 0o077:
        logger.warning("%s could be read by others; it is for its owner alone now", file)
        file.chmod(0o600)
    key = file.read_text(encoding="ascii").strip()
    if not key:
        raise ValueError(
            f"{file} is empty; restore it, or remove it and accept that the audit log can't be verified"
        )
    return key.encode()


def _make(file: Path) -> None:
    owner_only.make_folder(file.parent)
    draft = file.with_name(f".{FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as text:
        text.write(f"{secrets.token_urlsafe(48)}\n")
        text.flush()
        os.fsync(text.fileno())
    try:
        # Linking never overwrites: of two processes that start together, the first one's key stays.
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
