"""Free ports of this machine."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterable
from typing import Final

# Below those that systems give to clients (Linux: from 32768): one of them could be taken before a server has
# it, or while a server that was killed is away.
_LOWEST: Final = 10_000
_HIGHEST: Final = 32_000


def free_ports(names: Iterable[str]) -> dict[str, int]:
    """A free port of loopback for each name, all of them different."""
    found: dict[str, int] = {}
    for name in names:
        port = _some_port()
        while port in found.values() or not _is_free(port):
            port = _some_port()
        found[name] = port
    return found


def _some_port() -> int:
    return _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
