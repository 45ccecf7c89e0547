"""How this process trusts other servers: by the system's certificates."""

from __future__ import annotations

import functools
import ssl


@functools.cache
def trusted() -> ssl.SSLContext:
    """One context for all connections: reading the certificates takes 20 ms, which nobody else can use."""
    return ssl.create_default_context()
