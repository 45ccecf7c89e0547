"""Durations as calendars write them (RFC 5545 §3.3.6), such as ``-PT30M`` or ``P1D``."""

from __future__ import annotations

import re
from datetime import timedelta

_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?"
)


def parse_duration(text: str) -> timedelta | None:
    """The duration that a text says; ``None`` when it is none."""
    found = _DURATION.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length
