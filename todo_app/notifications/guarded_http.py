"""HTTP to addresses that users have given: the address that is connected to is the one that was checked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore

from todo_app.notifications.addresses import is_public
from todo_app.tls import trusted

_ANSWER_MAX = 4_096
_RETRY_AFTER_MAX = timedelta(days=1)


class PrivateAddress(Exception):
    """A name leads to no address of the open internet."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} is an address inside this network. "
            "The operator can allow such addresses with TODO_ALLOW_PRIVATE_TARGETS."
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    text: str


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Looks a name up once, refuses private addresses, and connects to what it has found.

    The name still decides which certificate is expected. Every connection comes through here, so neither
    a name that changes its address between two looks nor a redirect leads past it.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        # The pool's own choice when it is given none.
        self._network: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the port's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of the host that answers.

        Raises:
            PrivateAddress: when it has none that may be connected to.
            httpcore.ConnectError: when there is no such host, or nothing answers.
        """
        error: Exception = httpcore.ConnectError(f"{host} is not known")
        for address in await self._addresses(host, port):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # the port's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never.

        Raises:
            PrivateAddress: always.
        """
        raise PrivateAddress(path)

    async def sleep(self, seconds: float) -> None:
        """Wait, as the pool does between attempts."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=6)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [each for each in addresses if self._allow_private or is_public(each)]
        if not allowed:
            raise PrivateAddress(host)
        return allowed


async def post(
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes,
    allow_private: bool,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """POST once, following no redirect; the beginning of the answer is read.

    Raises:
        PrivateAddress: when the host's address may not be connected to.
        OSError: when it can't be reached.
        httpcore.NetworkError: likewise.
        httpcore.ProtocolError: when what answers speaks no HTTP.
    """
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), 20.0)
    async with (
        httpcore.AsyncConnectionPool(
            ssl_context=tls or trusted(),
            network_backend=GuardedBackend(allow_private=allow_private),
        ) as pool,
        pool.stream(
            "POST", url, headers=list(headers.items()), content=content, extensions={"timeout": timeouts}
        ) as response,
    ):
        text = b""
        async for part in response.aiter_stream():
            text += part
            if len(text) >= _ANSWER_MAX:
                break
    fields = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(response.status, fields, text[:_ANSWER_MAX].decode("utf-8", "replace"))


def retry_after(answer: Answer, *, now: datetime) -> timedelta | None:
    """How long the other side asks to be left alone (RFC 9110 §10.2.3), a day at most."""
    text = answer.headers.get("retry-after", "")
    if text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), _RETRY_AFTER_MAX)
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    asked = instant.replace(tzinfo=instant.tzinfo or UTC) - now
    return min(max(asked, timedelta()), _RETRY_AFTER_MAX)
