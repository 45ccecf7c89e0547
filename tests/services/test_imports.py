"""What an import promises: a look first, all or nothing, once only, one undo, and nothing lost in silence."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from tests.services.conftest import Clock, Someone
from tests.services.test_recurrence import Series
from tests.services.transfer import exported, live, looked_at, taken_in, told
from todo_app.domain.errors import Invalid
from todo_app.domain.views import ListName, View
from todo_app.exchange import records
from todo_app.services import filters, imports, tasks, undo
from todo_app.services.exports import ExportFormat
from todo_app.services.imports import Outcome, Report
from todo_app.services.task_fields import TaskPatch
from todo_app.services.task_tree import DEPTH_MAX
from todo_app.services.tasks import AddTask, EditTasks


def _csv(*lines: str, header: str = "title,priority,due_date,parent_id,id") -> str:
    return "\r\n".join([header, *lines])


def _outcomes(report: Report) -> list[str]:
    return [row.outcome.value for row in report.rows]


async def test_a_look_says_what_would_become_of_each_row_and_writes_nothing(ada: Someone):
    file = _csv("Call Ben,high,2026-12-01", "Broken,urgent,", ",low,", "Fine,,")

    report = await looked_at(ada, file)

    assert not report.is_done
    assert [(row.row, row.title, row.outcome.value) for row in report.rows] == [
        (2, "Call Ben", "create"),
        (3, "Broken", "reject"),
        (4, "", "reject"),
        (5, "Fine", "create"),
    ]
    (note,) = report.rows[1].notes
    assert note.field == "priority"
    assert "high, medium or low" in note.reason
    assert await ada.sees(ListName.ALL) == []


async def test_nothing_is_imported_while_a_row_is_wrong(ada: Someone):
    report = await taken_in(ada, _csv("Call Ben,,", "Broken,urgent,"))

    assert (report.is_done, report.undo) == (False, None)
    assert await ada.sees(ListName.ALL) == []


async def test_rows_without_an_id_are_known_again_and_equal_ones_are_told_apart(ada: Someone):
    file = _csv("Buy milk,,", "Buy milk,,", "Buy bread,,")

    await taken_in(ada, file)
    again = await taken_in(ada, file)

    assert _outcomes(again) == ["skip"] * 3
    assert sorted(await ada.sees(ListName.ALL)) == ["Buy bread", "Buy milk", "Buy milk"]


async def test_one_undo_takes_back_everything_and_importing_again_brings_it_back(ada: Someone, clock: Clock):
    await live(ada, clock)
    file = await exported(ada)
    document = json.loads(file)
    for task in document["tasks"]:
        task |= {"id": str(uuid4()), "series_id": None, "parent_id": None}
    before = await told(ada)
    report = await taken_in(ada, json.dumps({**document, "tags": [{"name": "brand new"}]}))
    assert report.undo is not None

    await ada.does(lambda uow: undo.undo(uow, report.undo))

    kept = {task["id"] for task in before["tasks"]}
    after = await told(ada)
    assert all(task["deleted_at"] for task in after["tasks"] if task["id"] not in kept)
    assert [task for task in after["tasks"] if task["id"] in kept] == before["tasks"]
    await ada.counts()

    again = await taken_in(ada, json.dumps(document))
    trashed = [task for task in document["tasks"] if task["deleted_at"]]
    assert again.count(Outcome.RESTORE) == len(document["tasks"]) - len(trashed)
    assert again.count(Outcome.SKIP) == len(trashed)


async def test_what_was_changed_since_stays_as_it_is(ada: Someone):
    await taken_in(ada, _csv("Call Ben,,,,first"))
    (title,) = (await ada.window(View.of(ListName.ALL))).tasks
    await ada.does(lambda uow: tasks.edit(uow, EditTasks([title.id], TaskPatch(title="Call Bea"))))

    report = await taken_in(ada, _csv("Call Ben,,,,first"))

    assert _outcomes(report) == ["skip"]
    assert await ada.sees(ListName.ALL) == ["Call Bea"]


async def test_one_that_was_removed_for_good_comes_back(ada: Someone):
    task = await ada.does(lambda uow: tasks.add(uow, AddTask("Call Ben")))
    file = await exported(ada)
    await ada.does(lambda uow: tasks.delete(uow, [task.id]))
    await ada.does(lambda uow: tasks.purge(uow, [task.id]))

    report = await taken_in(ada, file)

    assert _outcomes(report) == ["restore"]
    assert await ada.sees(ListName.ALL) == ["Call Ben"]


async def test_an_import_that_fails_on_its_way_is_taken_back(ada: Someone, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "BATCH", 2)
    add, calls = tasks.rank_at, []

    def fails_at_last(*arguments):
        calls.append(arguments)
        if len(calls) == 5:
            raise RuntimeError("the disk is full")
        return add(*arguments)

    monkeypatch.setattr(imports, "rank_at", fails_at_last)
    with pytest.raises(RuntimeError, match="disk"):
        await taken_in(ada, _csv(*(f"Task {number},," for number in range(6))))

    assert await ada.sees(ListName.ALL) == []
    monkeypatch.undo()
    await taken_in(ada, _csv(*(f"Task {number},," for number in range(6))))
    assert len(await ada.sees(ListName.ALL)) == 6


async def test_several_transactions_are_one_command(ada: Someone, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "BATCH", 2)

    report = await taken_in(ada, _csv(*(f"Task {number},," for number in range(5))))
    by_hand = sorted((await told(ada))["tasks"], key=lambda task: task["rank"])
    assert [task["title"] for task in by_hand] == [f"Task {number}" for number in range(5)]
    assert [task["title"] for task in sorted(by_hand, key=lambda task: task["created_at"])] == [
        task["title"] for task in by_hand
    ]
    await ada.does(lambda uow: undo.undo(uow, report.undo))

    assert await ada.sees(ListName.ALL) == []


async def test_ids_of_another_account_can_be_neither_taken_nor_touched(ada: Someone, ben: Someone):
    task = await ada.does(lambda uow: tasks.add(uow, AddTask("Ada's own")))
    file = _csv(f"Mine,,,,{task.id}", f"Below it,,,{task.id},")

    report = await taken_in(ben, file)

    assert _outcomes(report) == ["create", "create"]
    assert await ada.sees(ListName.ALL) == ["Ada's own"]
    document = await told(ben)
    assert {each["title"]: each["parent_id"] for each in document["tasks"]}["Below it"] not in (
        None,
        str(task.id),
    )


async def test_a_parent_that_is_nowhere_is_named(ada: Someone):
    report = await taken_in(ada, _csv(f"Below,,,{uuid4()},"))

    assert report.is_done
    assert [note.field for note in report.rows[0].notes] == ["parent_id"]


async def test_subtasks_may_stand_before_their_parents_and_in_circles(ada: Someone):
    report = await taken_in(ada, _csv("Child,,,p,c", "Parent,,,,p", "A,,,b,a", "B,,,a,b"))

    assert _outcomes(report) == ["create"] * 4
    parents = {task["title"]: task["parent_id"] for task in (await told(ada))["tasks"]}
    assert parents["Child"] is not None
    assert [parents["A"], parents["B"]].count(None) == 1


async def test_a_chain_of_thousands_of_subtasks_is_flattened_to_what_fits(ada: Someone):
    lines = [f"Task {number},,,{number - 1 if number else ''},{number}" for number in range(300)]

    report = await taken_in(ada, _csv(*lines))

    assert report.is_done
    above = {task["id"]: task["parent_id"] for task in (await told(ada))["tasks"]}
    assert max(_depth(task_id, above) for task_id in above) == DEPTH_MAX


def _depth(task_id: str, above: dict[str, str | None]) -> int:
    parent = above[task_id]
    return 1 if parent is None else 1 + _depth(parent, above)


async def test_too_many_rows_are_refused_as_a_whole(ada: Someone, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "ROWS_MAX", 3)

    with pytest.raises(Invalid, match="more than 3 tasks"):
        await taken_in(ada, _csv(*(f"Task {number},," for number in range(4))))


async def test_long_texts_and_odd_names_are_fitted_and_said(ada: Someone):
    header = "title,description,tags,project,due_date,due_time,due_timezone"
    row = ["x" * 600, "y" * 50_000, '"home, ""a""b"" c"', "!!!", "2026-12-01", "09:00", "Mars/Olympus"]

    report = await taken_in(ada, _csv(",".join(row), header=header))

    (task,) = (await told(ada))["tasks"]
    assert len(task["title"]) <= 500
    assert task["due"] == {"date": "2026-12-01", "time": "09:00", "timezone": None}
    assert {note.field for note in report.rows[0].notes} == {"title", "description", "tags", "project", "due"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
async def test_files_of_any_encoding_are_read(ada: Someone, encoding: str):
    report = await taken_in(ada, _csv("Größe prüfen,,").encode(encoding))

    assert await ada.sees(ListName.ALL) == ["Größe prüfen"]
    assert bool(report.remarks) == (encoding == "cp1252")


@pytest.mark.parametrize(
    "data", [b"", b"   ", b"PK\x03\x04broken", b"\x00\x01\x02\x03binary\x00", b"{", b'{"a": 1}', b"a,b\n1,2"]
)
async def test_what_is_no_such_file_is_refused_with_a_reason(ada: Someone, data: bytes):
    with pytest.raises(Invalid) as refused:
        await looked_at(ada, data)

    assert refused.value.reason


async def test_a_csv_export_comes_back_with_all_that_a_table_can_say(
    ada: Someone, ben: Someone, clock: Clock
):
    await live(ada, clock)

    report = await taken_in(ben, await exported(ada, ExportFormat.CSV))

    assert report.is_done, [row for row in report.rows if row.outcome is Outcome.REJECT]
    names = ("title", "description", "status", "priority", "tags", "project", "due", "completed_at")
    mine, theirs = (await told(ada))["tasks"], (await told(ben))["tasks"]
    assert sorted(json.dumps([task[name] for name in names]) for task in theirs) == sorted(
        json.dumps([task[name] for name in names]) for task in mine
    )
    rules = {task["title"]: task["recurrence"] for task in mine if task["status"] == "open"}
    assert {task["title"]: task["recurrence"] for task in theirs if task["status"] == "open"} == rules


async def test_a_done_task_whose_next_one_was_not_made_yet_goes_on(ada: Someone, ben: Someone, clock: Clock):
    series = Series(ada, clock)
    task_id = await series.add("Water")
    await ada.does(lambda uow: tasks.complete(uow, [task_id]))
    file = await exported(ada)

    theirs = Series(ben, clock)
    report = await taken_in(ben, file)
    made = await theirs.work()

    assert [event.type for event in made] == ["task.recurred"]
    assert await ben.sees(ListName.ALL) == ["Water"]
    assert isinstance(report.undo, UUID)


async def test_a_calendar_comes_back_with_all_that_it_can_say(ada: Someone, ben: Someone, clock: Clock):
    await live(ada, clock)

    report = await taken_in(ben, await exported(ada, ExportFormat.ICS))
    again = await taken_in(ben, await exported(ada, ExportFormat.ICS))

    assert report.is_done
    assert {row.outcome for row in again.rows} == {Outcome.SKIP}
    names = ("title", "description", "status", "priority", "tags", "project", "due", "recurrence")
    mine, theirs = (await told(ada))["tasks"], (await told(ben))["tasks"]
    kept = [task for task in mine if task["deleted_at"] is None]
    for task in kept:
        # Of a series, a calendar has only the newest occurrence repeat.
        if task["status"] == "completed":
            task["recurrence"] = None
    assert sorted(json.dumps([task[name] for name in names]) for task in theirs) == sorted(
        json.dumps([task[name] for name in names]) for task in kept
    )


def _filters(*named: tuple[str, str]) -> str:
    return json.dumps({"tasks": [], "filters": [{"name": name, "query": query} for name, query in named]})


async def _saved(someone: Someone) -> list[tuple[str, str]]:
    return [(each["name"], each["query"]) for each in (await told(someone))["filters"]]


async def test_saved_filters_come_in_their_order_and_go_with_the_undo(ada: Someone):
    report = await taken_in(ada, _filters(("Now", "p1 & today"), ("Later", "no date")))

    assert list(report.new_filters) == ["Now", "Later"]
    assert await _saved(ada) == [("Now", "p1 & today"), ("Later", "no date")]
    assert report.undo is not None
    await ada.does(lambda uow: undo.undo(uow, report.undo))
    assert await _saved(ada) == []


async def test_a_filter_that_is_here_stays_and_one_that_can_t_be_read_is_left_out(ada: Someone):
    await ada.does(lambda uow: filters.create(uow, "Now", "p1"))

    report = await taken_in(ada, _filters(("NOW", "p2"), ("Broken", "(p1"), ("Later", "no date")))

    assert list(report.new_filters) == ["Later"]
    assert await _saved(ada) == [("Now", "p1"), ("Later", "no date")]
    here, broken = report.remarks
    assert "“NOW” is here already" in here
    assert "“Broken” can't be read" in broken


async def test_more_filters_than_there_can_be_are_refused(ada: Someone):
    many = [(f"F{number}", "p1") for number in range(filters.FILTERS_MAX)]
    await taken_in(ada, _filters(*many))

    with pytest.raises(Invalid, match="too many"):
        await looked_at(ada, _filters(("One more", "p1")))
    assert len(await _saved(ada)) == len(many)
