"""The date picker's events: what is typed, what is chosen, what is refused at its field."""

from __future__ import annotations

from uuid import UUID

import pytest

from state.date_picker import DatePickerState
from state.list import ListState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline
from todo_app.domain.task import Due


async def opened(pipeline: Pipeline, ada: Person, task: UUID) -> BrowserTab:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    await tab.send(DatePickerState.open, str(task))
    return tab


async def due_of(ada: Person, task: UUID) -> Due | None:
    async with ada.application.work.read(ada.identity) as uow:
        return (await uow.tasks.get(task)).due


async def test_it_opens_with_the_date_of_its_task(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Pay rent")
    tab = await opened(pipeline, ada, task)
    await tab.send(DatePickerState.choose, "2027-07-24", "17:00", "Asia/Tokyo")

    await tab.send(DatePickerState.open, str(task))

    shown = [tab.var(DatePickerState, name) for name in ("day", "time", "timezone", "own_timezone")]
    assert shown == ["2027-07-24", "17:00", "Asia/Tokyo", "Europe/Berlin"]
    assert [each["name"] for each in tab.var(DatePickerState, "shortcuts")] == [
        "today",
        "tomorrow",
        "weekend",
        "next week",
    ]


async def test_what_is_typed_is_understood_at_once_and_nothing_is_set(
    pipeline: Pipeline, ada: Person
) -> None:
    task = await ada.add("Pay rent")
    tab = await opened(pipeline, ada, task)

    await tab.send(DatePickerState.understand, "24 july 2027 5pm")

    understood = tab.var(DatePickerState, "understood")
    assert understood["label"] == "Saturday 24 July 2027, 17:00"
    assert (understood["day"], understood["time"]) == ("2027-07-24", "17:00")
    assert await due_of(ada, task) is None


@pytest.mark.parametrize("text", ["31 feb", "9999-01-01", "1800-01-01", "blah", "2026-02-30", "x" * 5000])
async def test_a_typed_date_that_cannot_be_is_refused_while_typing_and_when_sent(
    pipeline: Pipeline, ada: Person, text: str
) -> None:
    task = await ada.add("Pay rent")
    tab = await opened(pipeline, ada, task)

    await tab.send(DatePickerState.understand, text)
    await tab.send(DatePickerState.choose_text, text, "")

    assert tab.var(DatePickerState, "understood")["error"]
    assert tab.var(DatePickerState, "error_field") == "text"
    assert await due_of(ada, task) is None


async def test_a_typed_date_is_set_with_its_undo(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Pay rent")
    tab = await opened(pipeline, ada, task)

    answer = await tab.send(DatePickerState.choose_text, "24 july 2027 5pm", "Asia/Tokyo")

    due = await due_of(ada, task)
    assert due is not None
    assert (due.date.isoformat(), f"{due.time:%H:%M}", due.timezone) == ("2027-07-24", "17:00", "Asia/Tokyo")
    assert tab.var(DatePickerState, "accepted") == 1
    assert answer.toast == "Rescheduled “Pay rent”"


async def test_no_date_takes_the_date_away(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Pay rent")
    tab = await opened(pipeline, ada, task)
    await tab.send(DatePickerState.choose, "2027-07-24", "", "")

    await tab.send(DatePickerState.choose, "", "", "")

    assert await due_of(ada, task) is None


@pytest.mark.parametrize(
    ("day", "time", "zone", "field"),
    [
        ("2027-02-31", "", "", "day"),
        ("9999-12-31", "", "", "day"),
        ("0001-01-01", "10:00", "Asia/Tokyo", "day"),
        ("2027-02-01", "25:00", "", "time"),
        ("2027-02-01", "soon", "", "time"),
        ("2027-02-01", "10:00", "Mars/Olympus", "timezone"),
        ("2027-02-01", "10:00", "../../etc/passwd", "timezone"),
        ("2027-02-01", "", "Asia/Tokyo", "time"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    pipeline: Pipeline, ada: Person, day: str, time: str, zone: str, field: str
) -> None:
    task = await ada.add("Pay rent")
    tab = await opened(pipeline, ada, task)

    answer = await tab.send(DatePickerState.choose, day, time, zone)

    assert tab.var(DatePickerState, "error_field") == field
    assert tab.var(DatePickerState, "error")
    assert answer.toast == ""
    assert await due_of(ada, task) is None


async def test_a_time_alone_is_its_next_one(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Pay rent")
    tab = await opened(pipeline, ada, task)

    await tab.send(DatePickerState.choose, "", "5pm", "")

    due = await due_of(ada, task)
    assert due is not None
    assert f"{due.time:%H:%M}" == "17:00"


async def test_several_selected_tasks_get_one_date(pipeline: Pipeline, ada: Person) -> None:
    tasks = [await ada.add(title) for title in ("One", "Two")]
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    await tab.send(ListState.select_all)
    await tab.send(DatePickerState.open, "selected")

    answer = await tab.send(DatePickerState.choose, "2027-07-24", "", "")

    assert answer.toast == "Rescheduled 2 tasks"
    assert [str((await due_of(ada, task)).date) for task in tasks] == ["2027-07-24"] * 2  # type: ignore[union-attr]


async def test_somebody_elses_task_looks_like_none(pipeline: Pipeline, ada: Person, ben: Person) -> None:
    secret = await ben.add("Secret")
    tab = await pipeline.open_tab(cookie=ada.cookie)

    answer = await tab.send(DatePickerState.open, str(secret))

    assert answer.toast == "This task does not exist any more."
    assert "Secret" not in answer.text
