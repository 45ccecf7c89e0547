"""The reminders' events: adding, refusing, removing, and what their lines say."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from state.details import DetailsState
from state.list import ListState
from state.reminders import RemindersState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline
from todo_app.domain.events import RecurrenceData, ReminderData
from todo_app.domain.task import Due
from todo_app.services import tasks
from todo_app.services.task_reminders import reminders_of
from todo_app.services.tasks import AddTask

DUE = Due(date(2040, 1, 2), time(15))


async def opened(pipeline: Pipeline, ada: Person, **fields: Any) -> tuple[BrowserTab, UUID]:
    async with ada.application.work.write(ada.identity) as uow:
        task = (await tasks.add(uow, AddTask("Call Ben", **fields))).id
    tab = await pipeline.open_tab(cookie=ada.cookie, path=f"/all?task={task}")
    await tab.send(RemindersState.open, str(task))
    return tab, task


async def stored(ada: Person, task: UUID) -> list[ReminderData]:
    async with ada.application.work.read(ada.identity) as uow:
        found = await uow.tasks.get(task)
        await uow.reminders.load([task])
        return reminders_of(uow, found)


def lines(tab: BrowserTab) -> list[tuple[str, str]]:
    return [(line["words"], line["note"]) for line in tab.var(RemindersState, "lines")]


async def test_they_are_listed_by_when_they_go_off(pipeline: Pipeline, ada: Person) -> None:
    tab, _ = await opened(pipeline, ada, due=DUE, reminders=[])
    await tab.send(RemindersState.add_before, 30)
    await tab.send(RemindersState.add_text, "1 day before")
    answer = await tab.send(RemindersState.add_text, "2 jan 2040 9am")

    assert lines(tab) == [
        ("1 day before", "1 Jan 2040 15:00"),
        ("2 Jan 2040 09:00", ""),
        ("30 minutes before", "2 Jan 2040 14:30"),
    ]
    assert answer.toast == "Changed the reminders of “Call Ben”"
    assert tab.var(RemindersState, "added") == 3
    assert [line["words"] for line in tab.var(DetailsState, "task")["reminders"]] == [
        "1 day before",
        "2 Jan 2040 09:00",
        "30 minutes before",
    ]


async def test_the_same_twice_is_one(pipeline: Pipeline, ada: Person) -> None:
    tab, task = await opened(pipeline, ada, due=DUE, reminders=[])
    for _ in range(2):
        await tab.send(RemindersState.add_text, "30 min")
    assert await stored(ada, task) == [ReminderData(minutes_before=30)]


@pytest.mark.parametrize("text", ["", "soon", "tomorrow", "1999-01-01 9am", "x" * 5000, "500 weeks before"])
async def test_what_can_not_be_is_said_and_nothing_changes(
    pipeline: Pipeline, ada: Person, text: str
) -> None:
    tab, task = await opened(pipeline, ada, due=DUE, reminders=[])

    answer = await tab.send(RemindersState.add_text, text)

    assert tab.var(RemindersState, "error")
    assert answer.toast == ""
    assert await stored(ada, task) == []


@pytest.mark.parametrize("minutes", [-1, 10**9, 2**63])
async def test_forged_minutes_are_refused(pipeline: Pipeline, ada: Person, minutes: int) -> None:
    tab, task = await opened(pipeline, ada, due=DUE, reminders=[])
    answer = await tab.send(RemindersState.add_before, minutes)
    assert tab.var(RemindersState, "error")
    assert "Something went wrong" not in answer.text
    assert await stored(ada, task) == []


async def test_removing_one_leaves_the_others(pipeline: Pipeline, ada: Person) -> None:
    both = [ReminderData(minutes_before=30), ReminderData(minutes_before=0)]
    tab, task = await opened(pipeline, ada, due=DUE, reminders=both)
    key = tab.var(RemindersState, "lines")[0]["key"]

    await tab.send(RemindersState.remove, key)
    await tab.send(RemindersState.remove, "no such key")

    assert await stored(ada, task) == [ReminderData(minutes_before=0)]
    assert lines(tab) == [("When it is due", "2 Jan 2040 15:00")]


async def test_without_a_date_they_say_what_is_missing(pipeline: Pipeline, ada: Person) -> None:
    tab, _ = await opened(pipeline, ada)
    await tab.send(RemindersState.add_before, 30)
    assert lines(tab) == [("30 minutes before", "needs a date")]


async def test_a_moment_that_was_past_says_so(pipeline: Pipeline, ada: Person) -> None:
    tab, _ = await opened(pipeline, ada, due=Due(date(2020, 1, 1), time(9)), reminders=[])
    await tab.send(RemindersState.add_before, 30)
    assert lines(tab) == [("30 minutes before", "already past")]


async def test_those_of_one_occurrence_alone_stay_with_it(pipeline: Pipeline, ada: Person) -> None:
    tab, task = await opened(
        pipeline, ada, due=DUE, recurrence=RecurrenceData(rule="FREQ=DAILY"), reminders=[]
    )
    await tab.send(DetailsState.apply_to, "this")
    await tab.send(RemindersState.add_before, 30)

    async with ada.application.work.read(ada.identity) as uow:
        assert "reminders" in ((await uow.tasks.get(task)).only_here or "")
    await tab.send(DetailsState.apply_to, "following")
    await tab.send(ListState.set_priority, str(task), "high")
    async with ada.application.work.read(ada.identity) as uow:
        assert "priority" not in ((await uow.tasks.get(task)).only_here or "")


async def test_somebody_elses_task_looks_like_none(pipeline: Pipeline, ada: Person, ben: Person) -> None:
    secret = await ben.add("Secret")
    tab = await pipeline.open_tab(cookie=ada.cookie)
    answer = await tab.send(RemindersState.open, str(secret))
    assert answer.toast == "This task does not exist any more."
    assert "Secret" not in answer.text
