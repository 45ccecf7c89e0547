"""Paths with a line break in them, which Starlette's mounts do not take."""

from __future__ import annotations

from starlette.convertors import PathConvertor, register_url_convertor


class WholePath(PathConvertor):
    """All that is left of a path, whatever is in it: every address is to get the answer of its own part."""

    regex = "(?s:.*)"


def take_whole_paths() -> None:
    """Let mounts that are made from now on take every path below them."""
    register_url_convertor("path", WholePath())
