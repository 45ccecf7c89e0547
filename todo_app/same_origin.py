"""Reflex plugin that makes the page and its socket one origin, whatever host and port they are reached at.

Reflex writes the server's absolute address (`http://localhost:8000/ping`, `ws://…/_event`) into the page
and lets the socket be opened from a fixed list of origins. Copies of Punctual share a build and run on
different ports and names, so the page takes the address from the browser, and the socket accepts the
origin that has the host it was asked for.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Unpack
from urllib.parse import urlsplit

from reflex_base.config import get_config
from reflex_base.plugins.base import Plugin, PostBuildContext, PostCompileContext

_CHUNK = "assets/reflex-env-*.js"
_ADDRESS = re.compile(r"""(["'`])(?P<scheme>https?|wss?)://[^/"'`]+(?P<path>/[^"'`]*)\1""")
_ORIGIN = {"http": "location.origin", "ws": 'location.origin.replace(/^http/,"ws")'}


class SameOriginPlugin(Plugin):
    """Rewrites the built page, and guards the socket of the running app."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Rewrite the chunk that holds the server's addresses; Reflex compresses the files after this.

        Raises:
            RuntimeError: The build has no such chunk, so a newer Reflex keeps the addresses elsewhere.
        """
        chunks = list(Path(context["static_dir"]).glob(_CHUNK))
        if not chunks:
            raise RuntimeError(f"the built page has no {_CHUNK}; see todo_app/same_origin.py")
        for chunk in chunks:
            chunk.write_text(relative_to_browser(chunk.read_text(encoding="utf-8")), encoding="utf-8")

    def post_compile(self, **context: Unpack[PostCompileContext]) -> None:
        """Let the socket be opened from the configured origins and from the host that the request names."""
        socket = context["app"].sio
        if socket is not None:
            socket.eio.cors_allowed_origins = may_open_socket


def may_open_socket(origin: str | None, environ: Mapping[str, str]) -> bool:
    """Whether a page of `origin` may open the socket; `environ` is the request in WSGI's form.

    Schemes are not compared: behind a proxy that ends TLS the server sees plain http.
    """
    host = urlsplit(origin or "").netloc
    if not host:  # "null", from a sandboxed frame
        return False
    asked = {environ.get("HTTP_HOST"), environ.get("HTTP_X_FORWARDED_HOST", "").split(",")[0].strip()}
    return host in asked or origin in get_config().cors_allowed_origins


def relative_to_browser(script: str) -> str:
    """Replace every absolute address in `script` by an expression on the page's own origin.

    Raises:
        RuntimeError: There is none.
    """
    rewritten, count = _ADDRESS.subn(_expression, script)
    if not count:
        raise RuntimeError("the built page names no server address; see todo_app/same_origin.py")
    return rewritten


def _expression(match: re.Match[str]) -> str:
    scheme = "ws" if match["scheme"].startswith("ws") else "http"
    return f'{_ORIGIN[scheme]}+"{match["path"]}"'
