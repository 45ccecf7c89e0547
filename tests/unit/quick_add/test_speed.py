"""A long line is read in time that grows with its length alone."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.quick_add import parse

_NOW = datetime(2026, 7, 15, 21, tzinfo=UTC)
_ZONE = ZoneInfo("America/New_York")
_LENGTH = 10_000
_LIMIT = 0.020


@pytest.mark.parametrize(
    "piece",
    [
        "x", "1", "#", '#"', '#"a ', '+"a" ', "!", " ", "/", ":", '"', "'", "# ", "1 ", "1 1 1 1 1 1 1 1 1 1",
        "! ", "!1 ", "!1 h ", "+1 ", "+a ", "#a ", "p1 ", "at ", "in ", "in 1 ", "next ", "the ", "27th ", "9/11 ", "01.02 ",
        "1 week before ", "new year ", "mon ", "friday 9am ", "every ", "every 1, ", "every mon, ", "every! ",
        "mon, ", "after 3 ", "every 1 day at 9am and ", "every day until ", "every 3rd fri may, ", "every 0, ", "every day until 2020-01-01 ", "every 9th friday ", "every hour for 900 years ", "every jan 1 for 999 times, ", "Buy milk ",
    ],
)  # fmt: skip
def test_ten_thousand_characters_take_less_than_20_ms(piece: str) -> None:
    line = (piece * _LENGTH)[:_LENGTH]
    assert min(_seconds(line) for _ in range(8)) < _LIMIT


def _seconds(line: str) -> float:
    """Processor time, so that a busy machine does not count."""
    start = process_time()
    parse(line, now=_NOW, timezone=_ZONE)
    return process_time() - start
