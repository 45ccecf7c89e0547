"""Reflex plugin that makes one build of the page work behind any host and port.

Reflex writes the server's absolute address (`http://localhost:8000/ping`, `ws://…/_event`) into the page. Copies of
Punctual share a build and run on different ports and names, so the address is taken from the browser instead.
"""

import re
from pathlib import Path
from typing import Unpack

from reflex_base.plugins.base import Plugin, PostBuildContext

_CHUNK = "assets/reflex-env-*.js"
_ADDRESS = re.compile(r"""(["'`])(?P<scheme>https?|wss?)://[^/"'`]+(?P<path>/[^"'`]*)\1""")
_ORIGIN = {"http": "location.origin", "ws": 'location.origin.replace(/^http/,"ws")'}


class SameOriginPlugin(Plugin):
    """Rewrites the built chunk that holds the server's addresses; runs before Reflex compresses the files."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Rewrite the chunk in place.

        Raises:
            RuntimeError: The build has no such chunk or no address in it, so a newer Reflex keeps them elsewhere.
        """
        chunks = list(Path(context["static_dir"]).glob(_CHUNK))
        if not chunks:
            raise RuntimeError(f"the built page has no {_CHUNK}; see todo_app/same_origin.py")
        for chunk in chunks:
            chunk.write_text(relative_to_browser(chunk.read_text(encoding="utf-8")), encoding="utf-8")


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
