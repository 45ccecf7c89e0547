"""The case files under ``tests/cases``, read as pytest parameters named by their ids."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.quick_add import Reminder, ReminderAt, ReminderBefore
from todo_app.domain.task import Due

Row = dict[str, str]

_CASES = Path(__file__).parents[2] / "cases"


def cases(name: str, *, only: Callable[[Row], bool] = lambda row: True) -> list[object]:
    """The rows of one case file, each a parameter with the row's id."""
    return [pytest.param(row, id=row["id"]) for row in rows(name) if only(row)]


def rows(name: str) -> list[Row]:
    """All rows of one case file."""
    with (_CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def now_of(row: Row) -> datetime:
    """The instant of a row; a wall clock without offset is in the row's own zone."""
    now = datetime.fromisoformat(row["now"])
    return now if now.tzinfo is not None else now.replace(tzinfo=zone_of(row))


def zone_of(row: Row) -> ZoneInfo:
    """The zone of the person."""
    return ZoneInfo(row["timezone"])


def start_of(row: Row) -> date | datetime:
    """The start of a series: a date alone is an all-day one."""
    start = row["start"]
    return datetime.fromisoformat(start) if "T" in start else date.fromisoformat(start)


def due_of(row: Row) -> Due | None:
    """The due date a row expects."""
    if not row["due_date"]:
        return None
    return Due(
        date.fromisoformat(row["due_date"]), time.fromisoformat(row["due_time"]) if row["due_time"] else None
    )


def list_of(cell: str) -> tuple[str, ...]:
    """A cell whose values are separated by bars."""
    return tuple(cell.split("|")) if cell else ()


def reminders_of(row: Row) -> tuple[Reminder, ...]:
    """The reminders a row expects, minutes before or an instant each."""
    return tuple(
        ReminderBefore(int(cell))
        if cell.isdigit()
        else ReminderAt(datetime.fromisoformat(cell).astimezone(UTC))
        for cell in list_of(row["reminders"])
    )
