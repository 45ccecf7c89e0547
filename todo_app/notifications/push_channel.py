"""Notifications through the browser's push service (RFC 8030)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpcore

from todo_app.db.unit_of_work import Clock
from todo_app.domain.errors import Invalid
from todo_app.notifications.addresses import is_private_host
from todo_app.notifications.guarded_http import Answer, PrivateAddress, post, retry_after
from todo_app.notifications.port import Gone, Message, Refused, TryLater
from todo_app.notifications.push_encryption import (
    PLAIN_MAX,
    BrowserKeys,
    encrypt,
    from_base64url,
    to_base64url,
)
from todo_app.notifications.vapid import VapidKey

# A reminder that a device has not fetched after a day is of no use.
_KEPT_FOR_SECONDS = 86_400
# In characters, of which some take four bytes.
_TEXT_MAX, _TEXT_MAX_IF_WIDE = 1_000, 200
ENDPOINT_MAX = 2_000
# The address, and two keys of less than 100 characters.
SUBSCRIPTION_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives to be reached: an address at its push service, and its keys."""

    endpoint: str
    keys: BrowserKeys

    def dump(self) -> str:
        """As it is stored."""
        keys = {"p256dh": to_base64url(self.keys.public), "auth": to_base64url(self.keys.secret)}
        return json.dumps({"endpoint": self.endpoint, "keys": keys})

    @property
    def service(self) -> str:
        """The push service's host."""
        return urlsplit(self.endpoint).hostname or ""


def read_subscription(text: str, *, allow_private: bool) -> Subscription:
    """A subscription as ``PushSubscription.toJSON()`` gives it.

    Raises:
        Invalid: when it is none, or its address is not one of a push service on the internet.
    """
    try:
        data = json.loads(text)
        keys = BrowserKeys(from_base64url(data["keys"]["p256dh"]), from_base64url(data["keys"]["auth"]))
        endpoint = str(data["endpoint"])
        parts = urlsplit(endpoint)
        parts.port  # noqa: B018  # raises when it is no number
    except (ValueError, KeyError, TypeError):
        raise Invalid("subscription", "The browser gave no usable subscription. Try again.") from None
    if len(endpoint) > ENDPOINT_MAX:
        raise Invalid("subscription", f"The push service's address is longer than {ENDPOINT_MAX} characters.")
    schemes = ("https", "http") if allow_private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username:
        raise Invalid("subscription", "The push service's address must begin with https://.")
    if not allow_private and is_private_host(parts.hostname):
        raise Invalid("subscription", str(PrivateAddress(parts.hostname)))
    return Subscription(endpoint, keys)


class PushChannel:
    """Implements `Channel` for browsers; the target is a subscription as JSON."""

    def __init__(self, key: VapidKey, *, clock: Clock, allow_private: bool) -> None:
        self._key = key
        self._clock = clock
        self._allow_private = allow_private

    async def send(self, target: str, message: Message) -> None:
        """Encrypt the message for the browser and hand it to its push service."""
        subscription = self._read(target)
        try:
            answer = await post(
                subscription.endpoint,
                headers=self._headers(subscription, message),
                content=encrypt(_payload(message), subscription.keys),
                allow_private=self._allow_private,
            )
        except PrivateAddress as error:
            raise Refused(str(error)) from error
        except TimeoutError as error:
            raise TryLater(f"{subscription.service} did not answer in time.") from error
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise TryLater(f"{subscription.service} can't be reached.") from error
        _judge(answer, subscription.service, now=self._clock())

    def _read(self, target: str) -> Subscription:
        try:
            return read_subscription(target, allow_private=self._allow_private)
        except Invalid as error:
            raise Refused(str(error)) from error

    def _headers(self, subscription: Subscription, message: Message) -> dict[str, str]:
        return {
            "Authorization": self._key.authorization(subscription.endpoint, now=self._clock()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_KEPT_FOR_SECONDS),
            "Urgency": "high",
            # While the device is away, a second copy takes the place of the first (RFC 8030 §5.4).
            "Topic": to_base64url(message.id.bytes),
        }


def _payload(message: Message) -> bytes:
    text = "\n".join(filter(None, (message.line, message.body)))
    parts = urlsplit(message.open_url)
    shown = {
        # The page's own origin is the service worker's matter.
        "path": f"{parts.path}?{parts.query}" if parts.query else parts.path,
        "tag": str(message.id),
    }

    def plain(longest: int) -> bytes:
        texts = {"title": message.title[:longest], "body": text[:longest]}
        return json.dumps(shown | texts, ensure_ascii=False).encode()

    long = plain(_TEXT_MAX)
    return long if len(long) <= PLAIN_MAX else plain(_TEXT_MAX_IF_WIDE)


def _judge(answer: Answer, service: str, *, now: datetime) -> None:
    if answer.status in (200, 201, 202, 204):
        return
    if answer.status in (404, 410):
        raise Gone("The browser has ended its subscription. Turn notifications on in that browser again.")
    says = f"{service} answered {answer.status}"
    if answer.status == 429 or answer.status >= 500:
        raise TryLater(f"{says}.", after=retry_after(answer, now=now))
    raise Refused(f"{says} and did not take the message.")
