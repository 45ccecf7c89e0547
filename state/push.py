"""The sockets of tabs: what they were opened with, and sending many of them the same, encoded once."""

from __future__ import annotations

from typing import Any

import reflex as rx
from engineio.packet import MESSAGE  # type: ignore[import-untyped]
from engineio.packet import Packet as SocketPacket
from reflex.app import EventNamespace
from reflex.state import BaseState, StateUpdate
from reflex_base.constants import SocketEvent
from socketio.packet import EVENT  # type: ignore[import-untyped]

_Delta = dict[str, dict[str, Any]]


class Push:
    """One change on its way to many tabs.

    The deltas of tabs that go from one picture to the next hold the very same values, those of the picture.
    So whether two deltas are one message is told by the identity of their values, without a look into them.
    """

    def __init__(self, app: rx.App) -> None:
        self._app = app
        # With each packet the delta it was made of: while that lives, no other value has the same identity.
        self._packets: dict[frozenset[tuple[str, str, int]], tuple[_Delta, SocketPacket]] = {}

    async def send(self, state: BaseState, token: str) -> None:
        """Send a tab what was changed in its state.

        To be called at the end of ``app.modify_state``, which then finds nothing left to send. The delta is
        Reflex's own, so the page has what the state holds; and since it is queued while the state is still
        locked, the answer to the tab's next event comes after it.
        """
        delta = await state._get_resolved_delta()
        state._clean()  # type: ignore[no-untyped-call]  # Reflex's own
        namespace, sockets = _sockets(self._app)
        sid = _sid_of(namespace, token)
        socket = sid and sockets.manager.eio_sid_from_sid(sid, namespace.namespace)
        if delta and socket:
            await sockets.eio.send_packet(socket, self._packet(delta))

    def _packet(self, delta: _Delta) -> SocketPacket:
        same = frozenset(
            (state, name, id(value)) for state, values in delta.items() for name, value in values.items()
        )
        if same not in self._packets:
            self._packets[same] = delta, self._encode(delta)
        return self._packets[same][1]

    def _encode(self, delta: _Delta) -> SocketPacket:
        namespace, sockets = _sockets(self._app)
        data = [str(SocketEvent.EVENT), StateUpdate(delta=delta)]
        packet = sockets.packet_class(EVENT, data=data, namespace=namespace.namespace)
        return SocketPacket(MESSAGE, packet.encode())


def cookies_of(app: rx.App, token: str) -> str | None:
    """The cookies that a tab's socket was opened with; none when it has no open socket here."""
    namespace, sockets = _sockets(app)
    sid = _sid_of(namespace, token)
    environ = sockets.get_environ(sid, namespace.namespace) if sid else None
    return None if environ is None else str(environ.get("HTTP_COOKIE", ""))


async def hang_up(app: rx.App, token: str) -> None:
    """Close a tab's connection, if it has one here; the page makes another and loads everything anew."""
    namespace, sockets = _sockets(app)
    sid = _sid_of(namespace, token)
    socket = sid and sockets.eio.sockets.get(sockets.manager.eio_sid_from_sid(sid, namespace.namespace))
    if socket:
        # The end of what is to be sent. A `disconnect` would tell the page that it is not wanted any more.
        await socket.queue.put(None)


def _sockets(app: rx.App) -> tuple[EventNamespace, Any]:
    namespace, sockets = app.event_namespace, app.sio
    if namespace is None or sockets is None:
        raise RuntimeError("the app has no sockets before it is served")
    return namespace, sockets


def _sid_of(namespace: EventNamespace, token: str) -> str | None:
    # Not by `token_to_sid`, which Reflex makes anew of all tabs whenever it is asked.
    record = namespace._token_manager.token_to_socket.get(token)
    return None if record is None else record.sid
