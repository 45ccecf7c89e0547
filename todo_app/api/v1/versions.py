"""Versions of objects: ``ETag``, ``If-Match`` and ``If-None-Match`` (RFC 9110 §8.8.3 and §13.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header

from todo_app.api.v1.commands import Answer
from todo_app.domain.errors import Stale

IfMatch = Annotated[
    str | None,
    Header(
        max_length=1_000,
        description="The `ETag` that the change is based on; 412 when the object is another one by now.",
    ),
]
IfNoneMatch = Annotated[
    str | None, Header(max_length=1_000, description="An `ETag`; 304 when it is still the object's.")
]
# A proxy that compresses an answer makes its tag a weak one, which still names the version.
_TAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')


NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "It is as it is known."}}


def etag(version: int) -> str:
    """The tag of a version."""
    return f'"{version}"'


def versions_of(header: str | None) -> frozenset[int] | None:
    """The versions that a header names; ``None`` when any will do."""
    if header is None or header.strip() == "*":
        return None
    found = (_TAG.fullmatch(part.strip()) for part in header.split(","))
    return frozenset(int(match[1]) for match in found if match)


def is_known(version: int, if_none_match: str | None) -> bool:
    """Whether a program that sent this header has this version already."""
    known = versions_of(if_none_match)
    return if_none_match is not None and (known is None or version in known)


def refuse_stale(what: str, current: Mapping[str, Any], versions: frozenset[int] | None) -> None:
    """Refuse to change an object, given as its document, that has none of the versions a program knows.

    Raises:
        Stale: it carries the object as it is.
    """
    if versions is not None and current["version"] not in versions:
        raise Stale(what, current)


def versioned(current: Mapping[str, Any], *, status: int = 200, location: str = "") -> Answer:
    """An object as an answer, with its tag, and its address when it is new."""
    headers = {"ETag": etag(current["version"])}
    return Answer(current, status, headers | ({"Location": location} if location else {}))
