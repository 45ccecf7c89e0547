"""iCalendar files: those of other programs, and what ours say to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from todo_app.domain.events import RecurrenceData
from todo_app.domain.task import Due, Priority
from todo_app.exchange import calendar
from todo_app.exchange.formats import Format, read
from todo_app.exchange.records import Reading, Remark, ReminderRecord, TaskRecord
from todo_app.services.import_plan import contents_of

SAMPLE = Path(__file__).parent / "samples" / "Nextcloud-tasks.ics"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def tasks() -> dict[str, TaskRecord]:
    found, items = read(SAMPLE.read_bytes(), None, Reading(NOW, BERLIN))
    assert found is Format.ICS
    contents = contents_of(items, now=NOW, zone=BERLIN)
    return {record.title: record for record in contents.tasks}


def _written(task: TaskRecord) -> Calendar:
    zones = [task.due.timezone] if task.due and task.due.timezone else []
    whole = Calendar.from_ical(calendar.begin(zones) + calendar.write([task]) + calendar.end())
    assert isinstance(whole, Calendar)
    return whole


def test_everything_of_a_task_is_read(tasks: dict[str, TaskRecord]):
    task = tasks["Clean the gutters, front and back"]

    assert task.description == "Take the long ladder.\nAsk Ben to hold it.\n\nLocation: Garage"
    assert (task.priority, task.tags, task.project) == (Priority.HIGH, ("home", "outside"), "Household")
    assert task.due == Due(date(2026, 11, 28), time(12))
    assert task.recurrence == RecurrenceData(
        rule="FREQ=YEARLY;BYMONTH=11;BYDAY=-1SA", start="2026-11-28T12:00"
    )
    assert task.created_at == datetime(2026, 7, 1, 9, 41, 52, tzinfo=UTC)


def test_reminders_count_from_the_start_unless_they_say_otherwise(tasks: dict[str, TaskRecord]):
    assert tasks["Clean the gutters, front and back"].reminders == (
        ReminderRecord(minutes_before=135),
        ReminderRecord(at=datetime(2026, 11, 27, 17, tzinfo=UTC)),
    )


def test_subtasks_statuses_and_folded_lines(tasks: dict[str, TaskRecord]):
    gloves = next(task for title, task in tasks.items() if title.startswith("Buy gloves"))

    assert gloves.title.endswith("since a line has only seventy-five octets")
    assert gloves.parent_key == tasks["Clean the gutters, front and back"].key
    assert gloves.completed_at == datetime(2026, 7, 2, 10, tzinfo=UTC)
    assert (tasks["Call the plumber"].skipped, tasks["Call the plumber"].due) == (
        True,
        Due(date(2026, 12, 1)),
    )


def test_zones_are_kept_and_instants_follow_the_person(tasks: dict[str, TaskRecord]):
    assert tasks["Meeting with Lima"].due == Due(date(2026, 12, 1), time(9), "America/Lima")
    assert tasks["An instant"].due == Due(date(2026, 12, 1), time(10))


def test_what_can_not_be_taken_over_is_said(tasks: dict[str, TaskRecord]):
    assert {note.field for note in tasks["Meeting with Lima"].notes} == {"RRULE"}
    assert {note.field for note in tasks["Damaged"].notes} == {"DUE"}
    assert {note.field for note in tasks["Clean the gutters, front and back"].notes} == {"EXDATE"}
    remarks = list(read(SAMPLE.read_bytes(), None, Reading(NOW, BERLIN))[1])
    assert any(isinstance(item, Remark) and "VEVENT" in item.reason for item in remarks)


def test_other_programs_see_a_plain_task():
    rule = RecurrenceData(rule="FREQ=DAILY;X-WORKDAYS=TRUE;UNTIL=20261231", start="2026-12-01T09:00")
    due = Due(date(2026, 12, 1), time(9), "Europe/Berlin")
    task = TaskRecord(
        0, "a-1", "Grüße 🎉 " * 20, "a\nb", Priority.MEDIUM, ("a, b", "c"), "Flat", "p-1", due, rule
    )

    (found,) = _written(task).walk("VTODO")

    assert found["UID"] == "a-1@punctual"
    assert found["RELATED-TO"] == "p-1@punctual"
    assert (str(found["SUMMARY"]), found["PRIORITY"]) == (task.title, 5)
    assert found["DUE"].dt == datetime(2026, 12, 1, 9, tzinfo=BERLIN)
    assert found["DTSTART"].dt == found["DUE"].dt
    assert found["RRULE"].to_ical().decode() == "FREQ=WEEKLY;UNTIL=20261231T225959Z;BYDAY=MO,TU,WE,TH,FR"
    lines = (calendar.begin([]) + calendar.write([task])).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75


@pytest.mark.parametrize(
    ("due", "rule", "until"),
    [
        (Due(date(2026, 12, 1)), "FREQ=DAILY;UNTIL=20261231T120000Z", "20261231"),
        (Due(date(2026, 12, 1), time(9)), "FREQ=DAILY;UNTIL=20261231", "20261231T235959"),
        (
            Due(date(2026, 12, 1), time(9), "America/Lima"),
            "FREQ=DAILY;UNTIL=20261231",
            "20270101T045959Z",
        ),
    ],
)
def test_the_end_of_a_rule_is_of_the_kind_of_its_start(due: Due, rule: str, until: str):
    task = TaskRecord(0, "a-1", "Title", due=due, recurrence=RecurrenceData(rule=rule))

    (found,) = _written(task).walk("VTODO")

    assert f"UNTIL={until}" in found["RRULE"].to_ical().decode()


def test_zones_come_with_their_rules():
    task = TaskRecord(0, "a-1", "Title", due=Due(date(2026, 12, 1), time(9), "America/Lima"))

    assert [str(zone["TZID"]) for zone in _written(task).walk("VTIMEZONE")] == ["America/Lima"]
