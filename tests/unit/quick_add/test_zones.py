"""A line means the same wall clock wherever the person is: the case files once more, in other zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.fixtures.zones import ZONES
from tests.unit.quick_add.case_files import Row, now_of, rows, zone_of
from todo_app.domain.quick_add import QuickAdd, ReminderAt, parse, preview_phrase

everywhere = pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=ZONES)


def _moved(row: Row, zone: ZoneInfo) -> datetime:
    """The wall clock of a row in another zone."""
    return now_of(row).astimezone(zone_of(row)).replace(tzinfo=zone)


def _by_wall_clock(parsed: QuickAdd, zone: ZoneInfo) -> QuickAdd:
    reminders = tuple(
        ReminderAt(each.instant.astimezone(zone).replace(tzinfo=None))
        if isinstance(each, ReminderAt)
        else each
        for each in parsed.reminders
    )
    return replace(parsed, reminders=reminders)


@everywhere
@pytest.mark.parametrize("name", ["dates.csv", "quick_add.csv", "not_tokens.csv"])
def test_a_line_is_read_by_the_wall_clock(name: str, zone: ZoneInfo) -> None:
    different = []
    for row in rows(name):
        here = parse(row["text"], now=now_of(row), timezone=zone_of(row))
        there = parse(row["text"], now=_moved(row, zone), timezone=zone)
        if _by_wall_clock(here, zone_of(row)) != _by_wall_clock(there, zone):
            different.append(row["id"])
    assert different == []


@everywhere
def test_a_phrase_repeats_by_the_wall_clock(zone: ZoneInfo) -> None:
    different = []
    for row in rows("recurrence_text.csv"):
        if row["rule"] == "error" or row["completed_at"]:
            continue
        shown = preview_phrase(
            row["text"], start=datetime.fromisoformat(row["now"]), timezone=zone, count=int(row["count"])
        )
        walls = [
            moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment
            for moment in shown.occurrences
        ]
        # What the row expects, without the offsets.
        if " ".join(wall.isoformat() for wall in walls) != " ".join(
            text[:19] for text in row["occurrences"].split()
        ):
            different.append(row["id"])
    assert different == []
