"""Many tasks through the tools: rehearsed, confirmed by their count, done as a whole and undone as a whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from uuid6 import uuid7

from tests.services.conftest import Someone
from tests.tools.conftest import Agent, agent_of
from todo_app.domain.errors import Invalid, NotFound

_BULK: list[tuple[str, dict[str, Any]]] = [
    ("update_tasks", {"priority": "high"}),
    ("complete_tasks", {}),
    ("reopen_tasks", {}),
    ("reschedule_tasks", {"due": "friday"}),
    ("delete_tasks", {}),
    ("restore_tasks", {}),
]


async def test_a_filter_changes_nothing_before_its_count_is_confirmed(agent: Agent) -> None:
    await agent.add("One #work", "Two #work", "Three #home")
    foreseen = await agent("update_tasks", filter="#work", priority="high", add_tags=["soon"])
    assert (foreseen["dry_run"], foreseen["matched"], foreseen["changed"]) == (True, 2, 2)
    assert {item["title"] for item in foreseen["items"]} == {"One", "Two"}
    assert "undo" not in foreseen
    assert await agent.titles(priority="high") == []
    assert (await agent("list_tags"))["items"][0]["name"] == "home"

    with pytest.raises(Invalid) as refused:
        await agent("update_tasks", filter="#work", priority="high", confirm=True)
    assert refused.value.field == "expected_count"
    with pytest.raises(Invalid, match="2 tasks now, not 3"):
        await agent("update_tasks", filter="#work", priority="high", confirm=True, expected_count=3)

    done = await agent("update_tasks", filter="#work", priority="high", confirm=True, expected_count=2)
    assert (done["dry_run"], done["changed"]) == (False, 2)
    assert sorted(await agent.titles(priority="high")) == ["One", "Two"]
    assert (await agent("undo", id=done["undo"]))["undone"] == 2
    assert await agent.titles(priority="high") == []


async def test_five_ids_are_changed_at_once_and_six_are_asked_about(agent: Agent) -> None:
    ids = await agent.add(*(f"Task {number}" for number in range(6)))
    assert (await agent("update_tasks", ids=ids[:5], project="Flat"))["changed"] == 5
    assert (await agent("delete_tasks", ids=ids))["dry_run"] is True
    assert len(await agent.titles()) == 6
    assert (await agent("delete_tasks", ids=ids, confirm=True, expected_count=6))["changed"] == 6
    assert await agent.titles() == []
    assert (await agent("restore_tasks", ids=ids, confirm=True, expected_count=6))["changed"] == 6
    assert len(await agent.titles(project="Flat")) == 5


async def test_an_empty_choice_never_means_all(agent: Agent) -> None:
    await agent.add("Report")
    empty: list[dict[str, Any]] = [{}, {"ids": []}, {"ids": None}, {"filter": ""}, {"ids": [], "filter": ""}]
    for (tool, more), chosen in product(_BULK, empty):
        with pytest.raises(Invalid):
            await agent(tool, **chosen, **more, confirm=True, expected_count=1)
    assert await agent.titles() == ["Report"]


async def test_it_is_all_or_nothing_and_never_another_persons(agent: Agent, ben: Someone) -> None:
    (mine,) = await agent.add("Report")
    (theirs,) = await (await agent_of(ben)).add("Secret")
    for (tool, more), foreign in product(_BULK, (theirs, str(uuid4()))):
        with pytest.raises(NotFound, match="no task with this id"):
            await agent(tool, ids=[mine, foreign], **more)
    found = (await agent("get_task", id=mine))["task"]
    assert (found["status"], found["version"]) == ("open", 1)


async def test_a_filter_that_finds_nothing_says_so(agent: Agent) -> None:
    await agent.add("Report")
    said = await agent("complete_tasks", filter="#nowhere", confirm=True, expected_count=0)
    assert (said["matched"], said["changed"], said["items"]) == (0, 0, [])
    assert "finds no task" in said["message"]


async def test_completing_what_repeats_tells_what_follows(agent: Agent) -> None:
    (daily, plain) = await agent.add("Stretch every day at 8am", "Report")
    done = await agent("complete_tasks", ids=[daily, plain])
    following = {item["title"]: item.get("next") for item in done["items"]}
    assert following["Report"] is None
    assert following["Stretch"]["due"] == {"date": "2026-11-25", "time": "08:00"}
    assert following["Stretch"]["pending"] is True
    assert (await agent("reopen_tasks", ids=[daily]))["changed"] == 1


async def test_occurrences_are_skipped_and_what_does_not_repeat_is_not(agent: Agent) -> None:
    (daily, plain) = await agent.add("Stretch every day", "Report")
    assert (await agent("complete_tasks", ids=[daily], skip=True))["changed"] == 1
    with pytest.raises(Invalid, match="repeats"):
        await agent("complete_tasks", ids=[plain], skip=True)


async def test_rescheduling_keeps_the_rule_and_the_time_of_day(agent: Agent) -> None:
    (timed, repeating, dateless) = await agent.add("Call 9am tomorrow", "Water every tuesday", "Think")
    moved = await agent("reschedule_tasks", ids=[timed, repeating, dateless], due="friday")
    assert moved["changed"] == 3
    tasks = [(await agent("get_task", id=each))["task"] for each in (timed, repeating, dateless)]
    assert [task["due"] for task in tasks] == [
        {"date": "2026-11-27", "time": "09:00"},
        {"date": "2026-11-27"},
        {"date": "2026-11-27"},
    ]
    assert tasks[1]["recurrence"]["rule"] == "FREQ=WEEKLY;BYDAY=TU"

    await agent("reschedule_tasks", ids=[timed], due="2026-12-01T15:30")
    assert (await agent("get_task", id=timed))["task"]["due"] == {"date": "2026-12-01", "time": "15:30"}
    await agent("reschedule_tasks", ids=[timed], due=None)
    assert "due" not in (await agent("get_task", id=timed))["task"]


async def test_several_calls_of_one_command_are_undone_as_one(agent: Agent) -> None:
    await agent.add("One #work", "Two #work")
    turn = Agent(replace(agent.caller, command_id=uuid7()))
    (three,) = await turn.add("Three #work")
    await turn("update_task", id=three, title="Third")
    done = await turn("complete_tasks", filter="#work", confirm=True, expected_count=3)
    assert await agent.titles() == []
    await agent("undo", id=done["undo"])
    assert sorted(await agent.titles()) == ["One", "Two"]
