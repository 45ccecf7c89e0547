"""Files as other apps write them: what becomes of each row, and what is said of the rest."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.task import Due, Priority
from todo_app.exchange.formats import Format, read
from todo_app.exchange.records import Item, Reading, Rejected, Remark, ReminderRecord, TaskRecord
from todo_app.services.import_plan import Contents, contents_of

SAMPLES = Path(__file__).parent / "samples"
BERLIN = ZoneInfo("Europe/Berlin")
# Monday, ten o'clock in Berlin.
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _items(data: bytes, name: str, expected: Format) -> list[Item]:
    found, items = read(data, None, Reading(NOW, BERLIN, name))
    assert found is expected
    return list(items)


def _contents(items: list[Item]) -> Contents:
    return contents_of(items, now=NOW, zone=BERLIN)


def _sample(name: str, expected: Format) -> tuple[dict[str, TaskRecord], list[Item]]:
    items = _items((SAMPLES / name).read_bytes(), name, expected)
    contents = _contents(items)
    return {record.title: record for record in contents.tasks}, items


def _fields(record: TaskRecord) -> set[str]:
    return {note.field for note in record.notes}


class TestTodoist:
    @pytest.fixture
    def tasks(self) -> dict[str, TaskRecord]:
        return _sample("Balcony [2203306141].csv", Format.TODOIST)[0]

    def test_the_project_is_called_as_the_file(self, tasks):
        assert {task.project for task in tasks.values()} == {"Balcony"}

    def test_the_inbox_is_no_project(self):
        (task,) = _items(b"TYPE,CONTENT\ntask,Call Ben\n", "Inbox [17].csv", Format.TODOIST)
        assert isinstance(task, TaskRecord)
        assert task.project is None

    def test_priority_one_is_the_highest(self, tasks):
        assert tasks["Repot the basil"].priority is Priority.HIGH
        assert tasks["Check the seed tray"].priority is Priority.LOW
        assert tasks["Buy compost"].priority is None

    def test_labels_leave_the_title_and_sections_become_tags(self, tasks):
        assert tasks["Repot the basil"].tags == ("balcony", "weekend")
        assert tasks["Check the seed tray"].tags == ("Every week",)

    def test_an_address_is_no_label(self):
        (task,) = _items(b"TYPE,CONTENT\ntask,Write to ben@example.org\n", "", Format.TODOIST)
        assert isinstance(task, TaskRecord)
        assert (task.title, task.tags) == ("Write to ben@example.org", ())

    def test_indents_make_subtasks(self, tasks):
        assert tasks["Buy compost"].parent_key == tasks["Repot the basil"].key
        assert tasks["Ask for the price"].parent_key == tasks["Buy compost"].key
        assert tasks["Check the seed tray"].parent_key is None

    def test_dates_are_read_as_words(self, tasks):
        assert tasks["Repot the basil"].due == Due(date(2026, 12, 5))
        assert tasks['Order seeds, "heirloom" kind'].due == Due(
            date(2026, 12, 4), time(18), "America/New_York"
        )

    def test_recurrence_is_kept(self, tasks):
        ferns = next(task for task in tasks.values() if task.title == "Check the seed tray")
        assert ferns.recurrence is not None
        assert (ferns.recurrence.rule, ferns.recurrence.anchor) == ("FREQ=DAILY;INTERVAL=3", "completion")

    def test_a_time_at_home_follows_the_person(self):
        items = _sample("Balcony [2203306141].csv", Format.TODOIST)[1]
        first = next(
            item for item in items if isinstance(item, TaskRecord) and item.title == "Water the ferns"
        )
        assert first.due == Due(date(2026, 11, 30), time(9))
        assert first.recurrence == RecurrenceData(rule="FREQ=WEEKLY;BYDAY=MO", start="2026-11-30T09:00")

    def test_comments_and_attachments_stand_in_the_description(self, tasks):
        assert "> Get the peat-free one\n> from the shop at the corner" in tasks["Buy compost"].description
        seeds = tasks['Order seeds, "heirloom" kind'].description
        assert "[list.pdf](https://example.org/list.pdf)" in seeds
        assert "Deadline: Dec 9 2026" in seeds

    def test_what_is_not_understood_is_said(self, tasks):
        assert "Date: jeden zweiten Mond" in tasks["Zurückschneiden"].description
        assert _fields(tasks["Zurückschneiden"]) == {"DATE"}
        assert _fields(tasks["Ask for the price"]) == {"RESPONSIBLE"}
        assert "DURATION" in _fields(tasks["Repot the basil"])

    def test_a_comment_on_the_project_is_said(self):
        items = _sample("Balcony [2203306141].csv", Format.TODOIST)[1]
        remarks = [item.reason for item in items if isinstance(item, Remark)]
        assert any("Everything for the balcony" in remark for remark in remarks)

    def test_equal_tasks_are_told_apart_and_keys_do_not_change(self):
        first, again = (_sample("Balcony [2203306141].csv", Format.TODOIST)[1] for _ in range(2))
        keys = [item.key for item in first if isinstance(item, TaskRecord)]
        assert len(set(keys)) == len(keys)
        assert keys == [item.key for item in again if isinstance(item, TaskRecord)]

    def test_a_backup_holds_a_file_for_each_project(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("Inbox [1].csv", "TYPE,CONTENT\ntask,Call Ben\n")
            archive.writestr("Work [2].csv", "TYPE,CONTENT\ntask,Call Ben\n")
        tasks = [
            item
            for item in _items(packed.getvalue(), "backup.zip", Format.TODOIST)
            if isinstance(item, TaskRecord)
        ]
        assert [(task.title, task.project) for task in tasks] == [("Call Ben", None), ("Call Ben", "Work")]
        assert tasks[0].key != tasks[1].key


class TestTickTick:
    @pytest.fixture
    def tasks(self) -> dict[str, TaskRecord]:
        return _sample("TickTick-backup.csv", Format.TICKTICK)[0]

    def test_an_all_day_date_is_the_day_in_its_zone(self, tasks):
        # Midnight of the 23rd in Berlin is still the 22nd in UTC.
        assert tasks["All day thing"].due == Due(date(2026, 12, 23))

    def test_a_time_elsewhere_keeps_its_zone_and_one_at_home_follows(self, tasks):
        assert tasks["New York call"].due == Due(date(2026, 12, 1), time(9), "America/New_York")
        assert tasks["Weekly thing"].due == Due(date(2026, 11, 30), time(10, 30))

    def test_subtasks_may_stand_before_their_parent(self, tasks):
        assert tasks["Child before parent"].parent_key == tasks["Parent"].key

    def test_the_lines_of_a_checklist_become_subtasks(self, tasks):
        assert tasks["Packing"].description == "For the trip"
        assert tasks["Passport"].parent_key == tasks["Packing"].key
        assert (tasks["Passport"].completed_at, tasks["Tent"].completed_at) == (None, NOW)

    def test_priorities_tags_and_lists(self, tasks):
        assert [tasks[title].priority for title in ("Parent", "Child before parent", "All day thing")] == [
            Priority.HIGH,
            Priority.MEDIUM,
            Priority.LOW,
        ]
        assert tasks["All day thing"].tags == ("home", "errands")
        assert (tasks["All day thing"].project, tasks["Parent"].project) == (None, "Garden")
        assert tasks["Weekly thing"].tags == ("Doing",)

    def test_rules_are_kept_without_what_only_ticktick_knows(self, tasks):
        assert tasks["Weekly thing"].recurrence == RecurrenceData(
            rule="FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", start="2026-11-30T10:30"
        )
        assert {"Repeat", "Start Date"} <= _fields(tasks["Weekly thing"])
        assert tasks["Lunar"].recurrence is None
        assert _fields(tasks["Lunar"]) == {"Repeat"}

    def test_reminders(self, tasks):
        assert tasks["Weekly thing"].reminders == (
            ReminderRecord(minutes_before=30),
            ReminderRecord(minutes_before=0),
        )
        assert tasks["All day thing"].reminders == (ReminderRecord(at=datetime(2026, 12, 23, 8, tzinfo=UTC)),)

    def test_statuses(self, tasks):
        assert tasks["Done thing"].completed_at == datetime(2026, 7, 1, 11, 32, 41, tzinfo=UTC)
        assert (tasks["Done thing"].skipped, tasks["Given up"].skipped) == (False, True)
        assert tasks["Given up"].completed_at is not None

    def test_an_unknown_zone_is_said_and_yours_is_taken(self, tasks):
        assert tasks["A thought"].due == Due(date(2026, 12, 1), time(15))
        assert _fields(tasks["A thought"]) == {"Timezone", "Kind"}


class TestVikunja:
    @pytest.fixture
    def tasks(self) -> dict[str, TaskRecord]:
        return _sample("vikunja-data.json", Format.VIKUNJA)[0]

    def test_dates_are_of_the_persons_clock_and_year_one_is_none(self, tasks):
        assert tasks["Pay rent"].due == Due(date(2026, 12, 1), time(9))
        # The last second of a day stands for the whole day.
        assert tasks["Water the plants"].due == Due(date(2026, 11, 24))
        assert tasks["Fill in the form"].due is None

    def test_repetition_in_seconds_or_months_becomes_a_rule(self, tasks):
        rules = {title: task.recurrence for title, task in tasks.items() if task.recurrence}
        assert {title: (rule.rule, rule.anchor) for title, rule in rules.items()} == {
            "Pay rent": ("FREQ=MONTHLY;BYMONTHDAY=1", "schedule"),
            "Water the plants": ("FREQ=DAILY;INTERVAL=3", "completion"),
            "Paint": ("FREQ=WEEKLY;INTERVAL=2", "schedule"),
        }

    def test_subtasks_by_either_relation(self, tasks):
        assert tasks["Fill in the form"].parent_key == tasks["Pay rent"].key
        assert tasks["Buy paint"].parent_key == tasks["Paint"].key

    def test_descriptions_become_markdown_with_the_comments(self, tasks):
        assert tasks["Pay rent"].description == (
            "To the **landlord**, see [there](https://example.org).\n\n"
            "- [x] asked\n- [ ] paid\n\n> It went up.\n>\n> — ben"
        )

    def test_labels_priorities_projects_and_reminders(self, tasks):
        rent = tasks["Pay rent"]
        assert (rent.tags, rent.priority, rent.project) == (("home", "money"), Priority.HIGH, None)
        assert rent.reminders == (
            ReminderRecord(minutes_before=30),
            ReminderRecord(at=datetime(2026, 11, 30, 17, tzinfo=UTC)),
        )
        assert [tasks[title].priority for title in ("Buy paint", "Water the plants")] == [
            Priority.MEDIUM,
            Priority.LOW,
        ]
        assert tasks["Buy paint"].project == "House / Kitchen"

    def test_done_tasks_stay_done(self, tasks):
        assert tasks["Fill in the form"].completed_at == datetime(2026, 7, 2, 10, tzinfo=UTC)

    def test_what_has_no_place_is_said(self, tasks):
        assert _fields(tasks["Paint"]) == {"start_date", "percent_done", "related_tasks"}
        items = _sample("vikunja-data.json", Format.VIKUNJA)[1]
        assert [item.title for item in items if isinstance(item, Rejected)] == ["Broken"]
        assert any("Kitchen" in item.reason for item in items if isinstance(item, Remark))

    def test_the_zip_is_read_too(self, tasks):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("VERSION", "v2.2.2")
            archive.writestr("data.json", (SAMPLES / "vikunja-data.json").read_bytes())
        contents = _contents(_items(packed.getvalue(), "vikunja.zip", Format.VIKUNJA))
        assert {record.title for record in contents.tasks} == tasks.keys()


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("todo_app.exchange.formats.BYTES_MAX", 1_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps([" " * 2_000]))

    with pytest.raises(Invalid, match="Unpacked"):
        read(packed.getvalue(), None, Reading(NOW, BERLIN))
