"""Keeps secrets in the database so that the database alone does not give them away."""

from __future__ import annotations

import base64
import os
from functools import cached_property
from typing import Any

_NONCE = 12


class SecretBox:
    """Seals with AES-256-GCM.

    Args:
        key: 32 bytes that serve this purpose alone; see ``purpose_key``.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, plain: bytes) -> str:
        """What can be stored."""
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, None)).decode()

    def open(self, sealed: str) -> bytes:
        """What was sealed.

        Raises:
            cryptography.exceptions.InvalidTag: when it was sealed with another key, or changed since.
        """
        raw = base64.b64decode(sealed)
        plain: bytes = self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None)
        return plain

    @cached_property
    def _cipher(self) -> Any:
        # What it needs takes time to load, and most processes never seal anything.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)
