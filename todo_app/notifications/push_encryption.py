"""Encryption of a Web Push message for one browser (RFC 8291, in the encoding of RFC 8188)."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# The whole message is one record, which push services take up to this size (RFC 8030 §7.2).
RECORD_SIZE = 4_096
# What encryption adds: header (RFC 8188 §2.1) with our key, delimiter and tag.
PLAIN_MAX = RECORD_SIZE - (16 + 4 + 1 + 65) - 1 - 16
_LAST_RECORD = b"\x02"


@dataclass(frozen=True, slots=True)
class BrowserKeys:
    """The public key of a subscription (65 bytes, uncompressed) and its authentication secret (16 bytes)."""

    public: bytes
    secret: bytes

    def __post_init__(self) -> None:
        """Refuse what is no key.

        Raises:
            ValueError: when the sizes are wrong or the point is not on the curve.
        """
        if len(self.public) != 65 or len(self.secret) != 16:
            raise ValueError("a subscription has a key of 65 and a secret of 16 bytes")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.public)


def encrypt(
    plain: bytes,
    keys: BrowserKeys,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message; ``sender`` and ``salt`` are given to check against known values only.

    Raises:
        ValueError: when the text is too long.
    """
    if len(plain) > PLAIN_MAX:
        raise ValueError(f"a push message has at most {PLAIN_MAX} bytes")
    sender = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    own = uncompressed(sender.public_key())
    browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.public)
    shared = sender.exchange(ec.ECDH(), browser)
    # RFC 8291 §3.4, then RFC 8188 §2.2 and 2.3.
    key_info = b"WebPush: info\x00" + keys.public + own
    material = _derive(shared, salt=keys.secret, info=key_info, length=32)
    key = _derive(material, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(material, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    sealed = AESGCM(key).encrypt(nonce, plain + _LAST_RECORD, None)
    return salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(own)]) + own + sealed


def uncompressed(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_base64url(data: bytes) -> str:
    """Without padding, as everything about Web Push is written."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Bytes from base64url, with or without padding.

    Raises:
        ValueError: when it is none.
    """
    return base64.b64decode(
        text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True
    )


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
