"""Typed lines become tasks with all that they say."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.fixtures.zones import everywhere
from tests.services.conftest import Someone
from todo_app.db.models import Task
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due, Priority
from todo_app.domain.views import ListName, View
from todo_app.services import quick_add, undo
from todo_app.services.task_fields import value_of

ALL = View.of(ListName.ALL)


async def _add(someone: Someone, text: str, view: View = ALL) -> list[Task]:
    return await someone.does(lambda uow: quick_add.add(uow, text, view=view))


@everywhere
async def test_a_line_sets_everything_it_says(ada: Someone):
    (task,) = await _add(ada, "Pay rent every month on the 1st at 9am #home +Flat p1 !30 min before")

    assert (task.title, task.priority) == ("Pay rent", Priority.HIGH)
    assert task.due == Due(date(2026, 12, 1), time(9))
    async with ada.application.work.read(ada.identity) as uow:
        (found,) = await uow.tasks.many([task.id])
        await uow.recurrences.load([found])
        await uow.reminders.load([found.id])
        assert value_of(uow, found, "recurrence") == {
            "rule": "FREQ=MONTHLY;BYMONTHDAY=1",
            "anchor": "schedule",
            "if_overdue": "future",
            "start": "2026-12-01T09:00",
            "made": 1,
        }
        assert value_of(uow, found, "reminders") == [{"minutes_before": 30, "at": None, "snooze": False}]
        assert len(uow.tasks.tag_ids(found)) == 1


@everywhere
async def test_a_reminder_at_a_time_needs_no_date(ada: Someone):
    (task,) = await _add(ada, "Call Ben !tomorrow 9am")

    async with ada.application.work.read(ada.identity) as uow:
        await uow.reminders.load([task.id])
        assert [row.at for row in uow.reminders.of(task)] == [ada.instant(date(2026, 11, 24), time(9))]
    assert task.due is None


@everywhere
async def test_lines_become_tasks_and_indented_ones_subtasks(ada: Someone):
    text = "Trip p1\n  Book train tomorrow\n    Compare prices\n\n\tPack\nWater the plants every day\n"
    added = await _add(ada, text)

    by_id = {task.id: task.title for task in added}
    assert [(task.title, by_id.get(task.parent_id)) for task in added] == [
        ("Trip", None),
        ("Book train", "Trip"),
        ("Compare prices", "Book train"),
        ("Pack", "Book train"),
        ("Water the plants", None),
    ]
    assert added[-1].series_id is not None

    await ada.does(lambda uow: undo.undo(uow, ada.last_command))
    assert await ada.sees(ListName.ALL) == []


async def test_lines_nested_too_deep_stay_at_the_last_level(ada: Someone):
    added = await _add(ada, "\n".join(" " * depth + f"Level {depth}" for depth in range(8)))

    assert len(added) == 8


async def test_of_several_lines_it_says_which_is_wrong_and_adds_none(ada: Someone):
    with pytest.raises(Invalid, match="Line 2"):
        await _add(ada, f"Good\n{'x' * 600}")

    assert await ada.sees(ListName.ALL) == []


@pytest.mark.parametrize("text", ["", " \n ", "\n".join(map(str, range(101))), "x" * 10_001])
async def test_what_is_no_task_or_too_much_is_refused(ada: Someone, text: str):
    with pytest.raises(Invalid):
        await _add(ada, text)


@everywhere
async def test_only_the_top_lines_take_the_date_of_today(ada: Someone):
    top, child = await _add(ada, "Trip\n  Pack", View.of(ListName.TODAY))

    assert (top.due, child.due) == (Due(date(2026, 11, 23)), None)
