"""Open tabs that cost next to nothing, so that hundreds of them don't slow down the server that is measured.

A tab notes when each message came, and reads it later. It offers to inflate messages as every browser does,
so that the bytes that are counted are those that a browser gets.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from websockets.client import ClientProtocol
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate
from websockets.frames import Frame, Opcode
from websockets.typing import ExtensionParameter, Origin
from websockets.uri import parse_uri

_ROOT = "reflex___state____state"
LIST = f"{_ROOT}.state___list____list_state"
DETAILS = f"{_ROOT}.state___details____details_state"
QUICK_ADD = f"{_ROOT}.state___quick_add____quick_add_state"
_NAMESPACE = "/_event"
_BOOT = f"{_ROOT}.hydrate_and_load"
_LOAD = f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal"

_SECONDS, _POLL_SECONDS, _AT_ONCE = 60, 0.001, 10
# An engine.io ping, which wants an answer, is not longer on the wire.
_PING_BYTES = 16


@dataclass(frozen=True, slots=True)
class Message:
    """What came, and when."""

    at: float
    text: str

    def vars(self) -> dict[str, Any]:
        """The vars that it sets, by state and name."""
        if not self.text.startswith(f"42{_NAMESPACE},"):
            return {}
        delta = json.loads(self.text.partition(",")[2])[1].get("delta") or {}
        return {
            f"{state}.{name.removesuffix('_rx_state_')}": value
            for state, values in delta.items()
            for name, value in values.items()
        }


class Tab(asyncio.Protocol):
    """One open tab."""

    def __init__(self, url: str, cookie: str, path: str) -> None:
        self.received_bytes = 0
        self.path, self._cookie = path, cookie
        address = f"{url.replace('http', 'ws', 1)}{_NAMESPACE}/?token={uuid4()}&EIO=4&transport=websocket"
        self._socket = ClientProtocol(
            parse_uri(address), origin=Origin(url), extensions=[_InflateLater()], max_size=None
        )
        self._messages: list[Message] = []
        self._unread: list[tuple[float, Frame]] = []
        self._transport: Any = None

    # What a person does.

    async def open(self) -> None:
        """Connect and load the page."""
        host, port = self._socket.uri.host, self._socket.uri.port
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        await last_arrival([self], "0{", after=[0])
        self._write(f"40{_NAMESPACE},{json.dumps({'event': self._event(_BOOT, {'hashes': []})})}")
        await last_arrival([self], '"is_hydrated_rx_state_":true', after=[0])

    def close(self) -> None:
        """Close the tab."""
        self._transport.abort()

    def send(self, event: str, /, **payload: object) -> float:
        """Do what a click would; the time when the event left."""
        before = time.perf_counter()
        self._write(f"42{_NAMESPACE},{json.dumps(['event', self._event(event, payload)])}")
        return before

    def go_to(self, path: str) -> float:
        """Follow a link to another list; the time when the event left."""
        self.path = path
        return self.send(_LOAD)

    # What it has received.

    @property
    def count(self) -> int:
        """How many messages."""
        return len(self._messages) + len(self._unread)

    @property
    def messages(self) -> Sequence[Message]:
        """The messages, read now."""
        self._messages += [Message(at, self._text(frame)) for at, frame in self._unread]
        self._unread.clear()
        return self._messages

    def rows(self) -> list[dict[str, Any]]:
        """The rows that it shows."""
        groups = next(
            values[f"{LIST}.groups"]
            for message in reversed(self.messages)
            if f"{LIST}.groups" in (values := message.vars())
        )
        return [row for group in groups for row in group["rows"]]

    def ids(self) -> list[str]:
        """The ids of the tasks that it shows."""
        return [str(row["id"]) for row in self.rows()]

    # The socket.

    def connection_made(self, transport: Any) -> None:
        """Shake hands."""
        self._transport = transport
        request = self._socket.connect()
        request.headers["Cookie"] = self._cookie
        self._socket.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Note what came and when, and answer pings."""
        now = time.perf_counter()
        self.received_bytes += len(data)
        self._socket.receive_data(data)
        for event in self._socket.events_received():
            if not isinstance(event, Frame) or event.opcode is not Opcode.TEXT:
                continue
            self._unread.append((now, event))
            if len(event.data) <= _PING_BYTES and self.messages[-1].text == "2":
                self._write("3")
        self._flush()

    def _write(self, text: str) -> None:
        self._socket.send_text(text.encode())
        self._flush()

    def _flush(self) -> None:
        for data in self._socket.data_to_send():
            if data:
                self._transport.write(data)

    def _text(self, frame: Frame) -> str:
        for extension in self._socket.extensions:
            if isinstance(extension, _Deflated):
                return bytes(extension.inflate(frame)).decode()
        return bytes(frame.data).decode()

    def _event(self, name: str, payload: dict[str, object]) -> dict[str, object]:
        path, _, query = self.path.partition("?")
        parameters = dict(part.split("=", 1) for part in query.split("&") if part)
        splat = [part for part in path.split("/") if part]
        return {
            "name": name,
            "payload": payload,
            "router_data": {"pathname": path, "asPath": self.path, "query": {"splat": splat, **parameters}},
        }


@asynccontextmanager
async def open_tabs(url: str, cookies: Sequence[str], path: str) -> AsyncIterator[list[Tab]]:
    """A tab for each of these cookies."""
    tabs = [Tab(url, cookie, path) for cookie in cookies]
    try:
        for start in range(0, len(tabs), _AT_ONCE):
            await asyncio.gather(*(tab.open() for tab in tabs[start : start + _AT_ONCE]))
        yield tabs
    finally:
        for tab in tabs:
            tab.close()


async def last_arrival(tabs: Sequence[Tab], marker: str, *, after: Sequence[int]) -> float:
    """When the last of the tabs got its first message with a marker in it, of those after so many.

    Raises:
        TimeoutError: when one of them gets none.
    """
    seen, arrivals = list(after), [0.0] * len(tabs)
    waiting = set(range(len(tabs)))
    async with asyncio.timeout(_SECONDS):
        while waiting:
            await asyncio.sleep(_POLL_SECONDS)
            # Nothing is read as long as a tab has got nothing yet, since reading would delay the others.
            if any(tabs[index].count == seen[index] for index in waiting):
                continue
            for index in tuple(waiting):
                for message in tabs[index].messages[seen[index] :]:
                    if marker in message.text:
                        arrivals[index] = message.at
                        waiting.discard(index)
                        break
                seen[index] = tabs[index].count
    return max(arrivals)


class _InflateLater(ClientPerMessageDeflateFactory):
    """Offers the compression of messages as a browser does."""

    def process_response_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> _Deflated:
        agreed = super().process_response_params(params, accepted_extensions)
        return _Deflated(
            agreed.remote_no_context_takeover,
            agreed.local_no_context_takeover,
            agreed.remote_max_window_bits,
            agreed.local_max_window_bits,
        )


class _Deflated(PerMessageDeflate):
    """Leaves messages as they came until they are read."""

    def __init__(self, *agreed: Any) -> None:
        super().__init__(*agreed)
        self._is_deflated: deque[bool] = deque()

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        if frame.opcode is Opcode.TEXT:
            self._is_deflated.append(frame.rsv1)
        return replace(frame, rsv1=False)

    def inflate(self, frame: Frame) -> Any:
        """What a message says; messages are to be read in the order in which they came."""
        return super().decode(replace(frame, rsv1=self._is_deflated.popleft())).data
