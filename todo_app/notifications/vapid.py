"""Who a push message is from (VAPID, RFC 8292): the server's key and the signed header made with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from todo_app.notifications.push_encryption import from_base64url, to_base64url, uncompressed
from todo_app.secret_key import purpose_key
from todo_app.settings import Settings

# Of the curve's points (SEC 2 §2.4.2); a private key is less.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# At most a day is allowed (RFC 8292 §2).
_VALID_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class VapidKey:
    """The key, and whom a push service may write to about its use."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    subject: str

    @property
    def public(self) -> str:
        """What a browser subscribes with."""
        return to_base64url(uncompressed(self.private.public_key()))

    def authorization(self, endpoint: str, *, now: datetime) -> str:
        """The header for one push service (RFC 8292 §3)."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + _VALID_FOR).timestamp()),
            "sub": self.subject,
        }
        signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
        r, s = decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = to_base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={signed}.{signature},k={self.public}"


def vapid_key(settings: Settings) -> VapidKey:
    """The key from the settings, else one made from the secret key, so that a backup has it as well.

    Raises:
        ValueError: when there is no secret key.
    """
    if settings.vapid_private_key is not None:
        number = int.from_bytes(from_base64url(settings.vapid_private_key.get_secret_value()), "big")
    else:
        number = int.from_bytes(purpose_key(settings, "web push"), "big") % (_ORDER - 1) + 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    return VapidKey(private, settings.vapid_subject or f"mailto:{settings.mail_from}")


def _json(claims: dict[str, object]) -> str:
    return to_base64url(json.dumps(claims, separators=(",", ":")).encode())
