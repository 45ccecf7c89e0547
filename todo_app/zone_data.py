"""The rules of time zones that this process reads, which change several times a year."""

from __future__ import annotations

import hashlib
import zoneinfo
from importlib import resources
from pathlib import Path


def digest() -> str:
    """A digest of the rules of every zone; reads some 600 small files, so it is worked out in a thread."""
    found = hashlib.sha256()
    for name in sorted(zoneinfo.available_timezones()):
        found.update(name.encode() + b"\0" + _rules_of(name))
    return found.hexdigest()


def _rules_of(name: str) -> bytes:
    # As ZoneInfo looks for them: the system's, then those of the package.
    for folder in zoneinfo.TZPATH:
        file = Path(folder, name)
        if file.is_file():
            return file.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
