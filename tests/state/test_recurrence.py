"""The recurrence dialog's events: what it shows of a task, what the fields come to, what is saved."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from state.details import DetailsState
from state.list import ListState
from state.recurrence import RecurrenceState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline
from todo_app.domain.events import RecurrenceData
from todo_app.domain.task import Due
from todo_app.services import tasks
from todo_app.services.occurrences import advance
from todo_app.services.tasks import AddTask

# A Monday that is ahead for long.
MONDAY = date(2040, 1, 2)


async def task_of(ada: Person, **fields: Any) -> UUID:
    async with ada.application.work.write(ada.identity) as uow:
        return (await tasks.add(uow, AddTask("Pay rent", **fields))).id


async def opened(pipeline: Pipeline, ada: Person, task: UUID) -> BrowserTab:
    tab = await pipeline.open_tab(cookie=ada.cookie, path=f"/all?task={task}")
    await tab.send(RecurrenceState.open, str(task))
    return tab


async def rule_of(ada: Person, task: UUID) -> tuple[str, str, str, str] | None:
    """Rule, anchor, what follows a late one, and when the task is due."""
    async with ada.application.work.read(ada.identity) as uow:
        found = await uow.tasks.get(task)
        await uow.recurrences.load([found])
        series = uow.recurrences.of(found)
        if series is None or series.ended_at is not None:
            return None
        return series.rule, series.anchor, series.if_overdue, str(found.due.date if found.due else "")


def draft(tab: BrowserTab, **fields: object) -> dict[str, object]:
    return {**tab.var(RecurrenceState, "draft"), "source": "builder", "turn": 7, **fields}


async def consider(tab: BrowserTab, **fields: object) -> dict[str, Any]:
    await tab.send(RecurrenceState.consider, draft(tab, **fields))
    seen: dict[str, Any] = tab.var(RecurrenceState, "foreseen")
    return seen


async def test_it_opens_with_what_fits_the_date_and_nothing_is_stored(
    pipeline: Pipeline, ada: Person
) -> None:
    task = await task_of(ada, due=Due(MONDAY))
    tab = await opened(pipeline, ada, task)

    labels = [each["label"] for each in tab.var(RecurrenceState, "presets")]
    assert labels[2:4] == ["Every Monday", "Every month on the 2nd"]
    assert tab.var(RecurrenceState, "foreseen")["words"] == "every Monday"
    assert tab.var(RecurrenceState, "repeats") is False
    assert await rule_of(ada, task) is None


async def test_every_preset_says_what_its_label_says(pipeline: Pipeline, ada: Person) -> None:
    tab = await opened(pipeline, ada, await task_of(ada, due=Due(MONDAY)))
    for preset in tab.var(RecurrenceState, "presets"):
        seen = await consider(tab, **preset["fields"])
        assert seen["words"].capitalize() == preset["label"].capitalize()
        assert len(seen["dates"]) == 5


async def test_saving_makes_it_due_on_the_first_day_that_fits(pipeline: Pipeline, ada: Person) -> None:
    task = await task_of(ada, due=Due(MONDAY))
    tab = await opened(pipeline, ada, task)
    seen = await consider(tab, unit="week", weekdays=[4], every="2")
    assert (seen["note"], seen["turn"]) == ("Due moves to Fri 6 Jan 2040", 7)

    answer = await tab.send(RecurrenceState.save, draft(tab, unit="week", weekdays=[4], every="2"))

    assert await rule_of(ada, task) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "schedule", "future", "2040-01-06")
    assert answer.toast == "“Pay rent” repeats every 2 weeks on Friday"
    assert tab.var(RecurrenceState, "is_open") is False
    assert tab.var(DetailsState, "task")["repeats"] == "every 2 weeks on Friday"


async def test_undo_takes_the_rule_back(pipeline: Pipeline, ada: Person) -> None:
    task = await task_of(ada, due=Due(MONDAY))
    tab = await opened(pipeline, ada, task)
    answer = await tab.send(RecurrenceState.save, draft(tab, unit="day"))

    await tab.send(ListState.undo, answer.changed["ToastState.toast"]["undo_id"])

    assert await rule_of(ada, task) is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("every", {"every": "0"}),
        ("every", {"every": "two"}),
        ("every", {"every": "²"}),
        ("day", {"unit": "month", "on": "day", "day": "32"}),
        ("day", {"unit": "year", "on": "day", "day": "31", "month": 4}),
        ("until", {"ends": "date", "until": ""}),
        ("until", {"ends": "date", "until": "2040-01-01"}),
        ("until", {"ends": "date", "until": "tomorrow"}),
        ("count", {"ends": "count", "count": "-1"}),
        ("weekdays", {"weekdays": [9]}),
        ("phrase", {"source": "phrase", "phrase": "now and then"}),
        ("phrase", {"source": "phrase", "phrase": ""}),
        ("phrase", {"source": "phrase", "phrase": "every day until 2020-01-01"}),
        ("phrase", {"source": "phrase", "phrase": "every day " * 900}),
    ],
)
async def test_what_can_not_be_is_said_at_its_field(
    pipeline: Pipeline, ada: Person, field: str, wrong: dict[str, object]
) -> None:
    task = await task_of(ada, due=Due(MONDAY))
    tab = await opened(pipeline, ada, task)

    assert (await consider(tab, **wrong))["error_field"] == field
    await tab.send(RecurrenceState.save, draft(tab, **wrong))

    assert tab.var(RecurrenceState, "foreseen")["error_field"] == field
    assert tab.var(RecurrenceState, "is_open") is True
    assert await rule_of(ada, task) is None


@pytest.mark.parametrize(
    "forged",
    [
        {"unit": "century"},
        {"weekdays": "all"},
        {"user_id": "x"},
        {"month": 13, "unit": "year"},
        {"nth": 10**9},
        {"turn": "x"},
    ],
)
async def test_a_forged_draft_changes_nothing(
    pipeline: Pipeline, ada: Person, forged: dict[str, object]
) -> None:
    task = await task_of(ada, due=Due(MONDAY))
    tab = await opened(pipeline, ada, task)

    answer = await tab.send(RecurrenceState.save, draft(tab, on="weekday", unit="month") | forged)

    assert "Something went wrong" not in answer.text
    assert await rule_of(ada, task) is None


async def test_a_phrase_fills_the_fields_or_is_custom(pipeline: Pipeline, ada: Person) -> None:
    tab = await opened(pipeline, ada, await task_of(ada, due=Due(MONDAY)))

    seen = await consider(tab, source="phrase", phrase="every! 3 days for 5 times")
    assert {name: seen["fields"][name] for name in ("every", "unit", "anchor", "ends", "count")} == {
        "every": "3",
        "unit": "day",
        "anchor": "completion",
        "ends": "count",
        "count": "5",
    }
    seen = await consider(tab, source="phrase", phrase="every 1st and 15th")
    assert (seen["is_custom"], seen["fields"], seen["words"]) == (
        True,
        None,
        "every month on the 1st and 15th",
    )


async def test_a_phrase_with_a_time_sets_the_time(pipeline: Pipeline, ada: Person) -> None:
    task = await task_of(ada, due=Due(MONDAY))
    tab = await opened(pipeline, ada, task)

    await tab.send(RecurrenceState.save, draft(tab, source="phrase", phrase="every monday at 9:15"))

    async with ada.application.work.read(ada.identity) as uow:
        assert (await uow.tasks.get(task)).due == Due(MONDAY, time(9, 15))


async def test_what_follows_a_late_one_changes_without_the_rule(pipeline: Pipeline, ada: Person) -> None:
    custom = RecurrenceData(rule="FREQ=MONTHLY;BYMONTHDAY=2,16", start="2040-01-02")
    task = await task_of(ada, due=Due(MONDAY), recurrence=custom)
    tab = await opened(pipeline, ada, task)
    assert tab.var(RecurrenceState, "draft")["source"] == "kept"

    await tab.send(RecurrenceState.save, draft(tab, source="kept", if_overdue="next"))

    assert await rule_of(ada, task) == ("FREQ=MONTHLY;BYMONTHDAY=2,16", "schedule", "next", "2040-01-02")


async def completed_once(ada: Person, rule: RecurrenceData) -> UUID:
    """The second occurrence of a series that begins on Monday."""
    first = await task_of(ada, due=Due(MONDAY), recurrence=rule)
    async with ada.application.work.write(ada.identity) as uow:
        await tasks.complete(uow, [first])
    async with ada.application.work.write(ada.identity) as uow:
        await advance(uow, first)
    async with ada.application.work.read(ada.identity) as uow:
        (second,) = await uow.recurrences.successors([first])
    return second


async def test_a_series_that_ends_after_some_shows_those_that_are_left(
    pipeline: Pipeline, ada: Person
) -> None:
    second = await completed_once(ada, RecurrenceData(rule="FREQ=DAILY;COUNT=3", start="2040-01-02"))
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")

    await tab.send(RecurrenceState.open, str(second))

    assert tab.var(RecurrenceState, "draft")["count"] == "2"
    seen = tab.var(RecurrenceState, "foreseen")
    assert (list(seen["dates"]), seen["is_over"]) == (["Tue 3 Jan 2040", "Wed 4 Jan 2040"], True)
    await tab.send(RecurrenceState.save, draft(tab))
    assert (await rule_of(ada, second) or "")[0] == "FREQ=DAILY;COUNT=3"


async def test_so_does_one_from_completion(pipeline: Pipeline, ada: Person) -> None:
    rule = RecurrenceData(rule="FREQ=DAILY;COUNT=3", start="2040-01-02", anchor="completion")
    second = await completed_once(ada, rule)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")

    await tab.send(RecurrenceState.open, str(second))

    assert tab.var(RecurrenceState, "draft")["count"] == "2"
    seen = tab.var(RecurrenceState, "foreseen")
    assert (len(seen["dates"]), seen["is_over"], seen["words"]) == (
        2,
        True,
        "every! day for 2 times",
    )
    await tab.send(RecurrenceState.save, draft(tab, if_overdue="next"))
    assert (await rule_of(ada, second) or "")[:3] == ("FREQ=DAILY;COUNT=3", "completion", "next")
    async with ada.application.work.read(ada.identity) as uow:
        task = await uow.tasks.get(second)
        await uow.recurrences.load([task])
        series = uow.recurrences.of(task)
        assert series is not None
        assert series.occurrences_made == 2


async def test_removing_ends_the_series(pipeline: Pipeline, ada: Person) -> None:
    task = await task_of(ada, due=Due(MONDAY), recurrence=RecurrenceData(rule="FREQ=DAILY"))
    tab = await opened(pipeline, ada, task)

    answer = await tab.send(RecurrenceState.remove)

    assert answer.toast == "“Pay rent” repeats no longer"
    assert await rule_of(ada, task) is None


async def test_a_completed_task_is_told_so(pipeline: Pipeline, ada: Person) -> None:
    task = await task_of(ada, due=Due(MONDAY))
    async with ada.application.work.write(ada.identity) as uow:
        await tasks.complete(uow, [task])
    tab = await opened(pipeline, ada, task)

    await tab.send(RecurrenceState.save, draft(tab))

    assert tab.var(RecurrenceState, "foreseen")["error_field"] == "form"
    assert "Only an open task can repeat" in tab.var(RecurrenceState, "foreseen")["error"]


async def test_without_an_open_dialog_there_is_no_task(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie)
    answer = await tab.send(RecurrenceState.consider, {"every": "2"})
    assert answer.toast == "This task does not exist any more."


async def test_a_long_overdue_task_shows_days_that_are_ahead_of_its_date(
    pipeline: Pipeline, ada: Person
) -> None:
    due = MONDAY - timedelta(days=365 * 30)
    tab = await opened(pipeline, ada, await task_of(ada, due=Due(due)))
    seen = await consider(tab, unit="day")
    assert len(seen["dates"]) == 5
