"""Whatever a task holds, what is written of it is read again, in every format as far as that can say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from todo_app.domain.events import RecurrenceData
from todo_app.domain.task import Due, Priority
from todo_app.exchange import calendar, own_csv
from todo_app.exchange.records import Item, Reading, ReminderRecord, TaskRecord
from todo_app.exchange.table import guarded, unguarded

READING = Reading(datetime(2026, 11, 23, 9, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
RULES = (
    "FREQ=DAILY",
    "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU;COUNT=7",
    "FREQ=DAILY;INTERVAL=3;X-WORKDAYS=TRUE",
    "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=14\nFREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15",
)

_letters = st.characters(exclude_categories=("Cc", "Cs"))
_line = (
    st.one_of(
        st.text(_letters, min_size=1, max_size=60),
        st.sampled_from(["=1+1", "'=1", "''@x", "+49", "-", "@home", "a;b,c\\n", '"quoted"', "BEGIN:VTODO"]),
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_names = st.lists(
    st.sampled_from(["home", "on the, phone", "a;b", "Größe", "x 'y'"]), unique=True, max_size=3
).map(tuple)
_seconds = st.integers(0, 2_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
_dues = st.builds(
    lambda day, clock, zone: Due(day, clock, zone if clock else None),
    st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    st.none() | st.times().map(lambda clock: clock.replace(microsecond=0)),
    st.none() | st.sampled_from(["America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"]),
)
_reminders = st.lists(
    st.builds(ReminderRecord, minutes_before=st.integers(0, 40_000)) | st.builds(ReminderRecord, at=_seconds),
    max_size=3,
    unique=True,
).map(tuple)


@st.composite
def tasks(draw: st.DrawFn) -> TaskRecord:
    due = draw(st.none() | _dues)
    completed_at = draw(st.none() | _seconds)
    rule = draw(st.none() | st.sampled_from(RULES)) if due and completed_at is None else None
    anchor = draw(st.sampled_from(["schedule", "completion"]))
    start = due and (due.date.isoformat() if due.time is None else f"{due.date}T{due.time:%H:%M}")
    return TaskRecord(
        row=0,
        key=str(draw(st.uuids())),
        title=draw(_line),
        description="\n".join(draw(st.lists(_line, max_size=3))),
        priority=draw(st.none() | st.sampled_from(Priority)),
        tags=draw(_names),
        project=draw(st.none() | st.sampled_from(["Flat", "Website, relaunch"])),
        parent_key=draw(st.none() | st.uuids().map(str)),
        due=due,
        recurrence=RecurrenceData.model_validate({"rule": rule, "anchor": anchor, "start": start})
        if rule
        else None,
        reminders=draw(_reminders) if due else (),
        created_at=draw(st.none() | _seconds),
        updated_at=draw(st.none() | _seconds),
        completed_at=completed_at,
    )


def _csv(records: list[TaskRecord]) -> Iterator[Item]:
    return own_csv.read(own_csv.header() + own_csv.write(records), READING)


def _ics(records: list[TaskRecord]) -> Iterator[Item]:
    zones = {record.due.timezone for record in records if record.due and record.due.timezone}
    return calendar.read(calendar.begin(zones) + calendar.write(records) + calendar.end(), READING)


@pytest.mark.parametrize("through", [_csv, _ics])
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records=st.lists(tasks(), max_size=4, unique_by=lambda record: record.key))
def test_what_is_written_is_read_again(
    through: Callable[[list[TaskRecord]], Iterator[Item]], records: list[TaskRecord]
):
    read = list(through(records))

    assert [replace(item, row=0) for item in read if isinstance(item, TaskRecord)] == records
    assert len(read) == len(records)


@given(st.text())
def test_no_cell_is_run_as_a_formula_and_none_is_changed(text: str):
    cell = guarded(text)

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(cell) == text
