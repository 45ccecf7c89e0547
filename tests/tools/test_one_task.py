"""One task through the tools: added, read, changed field by field, reminded of, repeated."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.services.conftest import Someone
from tests.tools.conftest import Agent, agent_of
from todo_app.domain.errors import Forbidden, Invalid, NotFound
from todo_app.domain.events import ActorKind
from todo_app.domain.identity import Scope


async def test_a_line_becomes_a_task_with_all_that_it_says(agent: Agent) -> None:
    added = await agent(
        "add_task", line="Pay rent every month on the 1st at 9am #home +Flat p1 !1 day before"
    )
    task = added["task"]
    assert (task["title"], task["priority"], task["tags"], task["project"]) == (
        "Pay rent",
        "high",
        ["home"],
        "Flat",
    )
    assert task["due"] == {"date": "2026-12-01", "time": "09:00"}
    assert task["recurrence"]["text"] == "every month on the 1st"
    assert [each["minutes_before"] for each in task["reminders"]] == [1440]
    assert added["next_dates"][:2] == [
        {"date": "2027-01-01", "time": "09:00"},
        {"date": "2027-02-01", "time": "09:00"},
    ]
    assert len(added["next_dates"]) == 5


async def test_fields_overrule_the_line_and_may_be_in_words(agent: Agent) -> None:
    added = await agent(
        "add_task", line="Call Bob tomorrow #calls", due="next friday 15:00", reminders=["30 min before"]
    )
    task = added["task"]
    assert (task["title"], task["tags"]) == ("Call Bob", ["calls"])
    assert task["due"] == {"date": "2026-12-04", "time": "15:00"}
    assert [each["minutes_before"] for each in task["reminders"]] == [30]


async def test_a_due_date_is_read_in_words_in_iso_and_as_an_object(agent: Agent) -> None:
    zoned = {"date": "2026-12-01", "time": "09:00", "timezone": "Asia/Tokyo"}
    written: list[tuple[Any, dict[str, str]]] = [
        ("tomorrow 9am", {"date": "2026-11-24", "time": "09:00"}),
        ("2026-12-01", {"date": "2026-12-01"}),
        ("2026-12-01T09:00", {"date": "2026-12-01", "time": "09:00"}),
        # The person is on a clock an hour ahead of UTC.
        ("2026-12-01T09:00:00Z", {"date": "2026-12-01", "time": "10:00"}),
        (zoned, zoned),
    ]
    for due, read in written:
        assert (await agent("add_task", title="Call", due=due))["task"]["due"] == read


async def test_what_is_left_out_stays_and_null_and_empty_clear(agent: Agent) -> None:
    (task_id,) = await agent.add("Report tomorrow #work +Office p2")
    await agent("update_task", id=task_id, description="All the figures")

    kept = (await agent("update_task", id=task_id, title="The report"))["task"]
    assert (kept["description"], kept["priority"], kept["tags"]) == ("All the figures", "medium", ["work"])
    assert (kept["project"], kept["due"]) == ("Office", {"date": "2026-11-24"})

    cleared = (
        await agent("update_task", id=task_id, description="", priority=None, tags=[], project=None, due=None)
    )["task"]
    assert cleared["description"] == ""
    assert cleared["title"] == "The report"
    assert not cleared.keys() & {"priority", "tags", "project", "due"}


async def test_what_can_not_be_is_refused_with_its_field(agent: Agent) -> None:
    (task_id,) = await agent.add("Report")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"description": None}, "description"),
        ({"priority": ""}, "priority"),
        ({"project": ""}, "project"),
        ({"due": ""}, "due"),
        ({"due": "someday soon"}, "due"),
        ({"due": 5}, "due"),
        ({"reminders": ["whenever"]}, "reminders"),
        ({"reminders": [{"minutes": 5}]}, "reminders.0"),
        ({"colour": "red"}, "colour"),
        ({}, "id"),
    ]
    for fields, field in wrong:
        with pytest.raises(Invalid) as refused:
            await agent("update_task", id=task_id, **fields)
        assert refused.value.field == field
    assert (await agent("get_task", id=task_id))["task"]["title"] == "Report"


async def test_a_rule_is_read_set_and_stopped(agent: Agent) -> None:
    (task_id,) = await agent.add("Water plants tomorrow")
    said = await agent("set_recurrence", id=task_id, recurrence="every 3 days")
    assert said["task"]["recurrence"]["rule"] == "FREQ=DAILY;INTERVAL=3"
    assert said["next_dates"][0] == {"date": "2026-11-27"}

    ruled = await agent("set_recurrence", id=task_id, recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=3")
    assert [each["date"] for each in ruled["next_dates"]] == ["2026-12-01", "2026-12-08"]

    stopped = await agent("set_recurrence", id=task_id, recurrence=None)
    assert "recurrence" not in stopped["task"]
    assert "next_dates" not in stopped
    with pytest.raises(Invalid):
        await agent("set_recurrence", id=task_id, recurrence="now and then")
    with pytest.raises(Invalid, match="missing"):
        await agent("set_recurrence", id=task_id)


async def test_reminders_are_exactly_those_that_are_named(agent: Agent) -> None:
    (task_id,) = await agent.add("Dentist tomorrow 9am")
    wanted = ["2 hours before", {"minutes_before": 10}, {"at": "2026-11-24T06:00:00Z"}]
    task = (await agent("set_reminders", id=task_id, reminders=wanted))["task"]
    assert {each.get("minutes_before", each.get("at")) for each in task["reminders"]} == {
        120,
        10,
        "2026-11-24T06:00:00Z",
    }
    assert "reminders" not in (await agent("set_reminders", id=task_id, reminders=[]))["task"]


async def test_a_long_description_is_read_in_parts(agent: Agent) -> None:
    text = "".join(f"Line {number}.\n" for number in range(2_000)).strip()
    task_id = (await agent("add_task", title="Long", description=text))["task"]["id"]
    read, start = "", 0
    while start is not None:
        task = (await agent("get_task", id=task_id, description_from=start))["task"]
        read, start = read + task["description"], task.get("description_continues_at")
    assert read == text


async def test_subtasks_come_with_their_parent(agent: Agent) -> None:
    (parent,) = await agent.add("Move house")
    child = (await agent("add_task", title="Pack", parent_id=parent))["task"]["id"]
    await agent("complete_tasks", ids=[child])
    found = await agent("get_task", id=parent)
    assert found["subtasks"] == [{"id": child, "title": "Pack", "status": "completed"}]


async def test_another_persons_task_does_not_exist(agent: Agent, ben: Someone) -> None:
    (theirs,) = await (await agent_of(ben)).add("Secret")
    for tool, arguments in (
        ("get_task", {}),
        ("update_task", {"title": "Mine"}),
        ("set_reminders", {"reminders": []}),
        ("set_recurrence", {"recurrence": None}),
    ):
        errors = []
        for task_id in (theirs, str(uuid4())):
            with pytest.raises(NotFound) as refused:
                await agent(tool, id=task_id, **arguments)
            errors.append(str(refused.value))
        assert errors[0] == errors[1]


async def test_a_token_that_may_only_read_changes_nothing(ada: Someone) -> None:
    reader = await agent_of(ada, Scope.READ)
    with pytest.raises(Forbidden, match="write"):
        await reader("add_task", title="Sneaked in")
    assert await reader.titles() == []


async def test_changes_bear_the_name_of_the_token_or_of_the_agent(ada: Someone, agent: Agent) -> None:
    for caller, name in ((agent, "Planner"), (agent.calling_itself("Assistant"), "Assistant")):
        undo = (await caller("add_task", title="Report"))["undo"]
        async with ada.application.work.read(ada.identity) as uow:
            events, _ = await uow.activity.of_command(UUID(undo))
        assert {(event.actor.kind, event.actor.name) for event in events} == {(ActorKind.AGENT, name)}


async def test_an_agent_arranges_tasks_and_that_is_undone(agent: Agent) -> None:
    ids = {title: (await agent("add_task", title=title))["task"]["id"] for title in ("One", "Two", "Three")}

    async def order() -> list[str]:
        return [row["title"] for row in (await agent("sort_tasks", by="manual"))["items"]]

    before = await order()
    first, _, last = before

    moved = await agent("update_task", id=ids[last], before=ids[first])
    assert await order() == [last, *before[:2]]

    await agent("undo", id=moved["undo"])
    assert await order() == before

    await agent("update_task", id=ids[first], after=ids[last], title=first)
    assert await order() == [*before[1:], first]


async def test_nobody_arranges_beside_the_tasks_of_another(agent: Agent, ben: Someone) -> None:
    mine = (await agent("add_task", title="Mine"))["task"]["id"]
    (theirs,) = await (await agent_of(ben)).add("Theirs")

    with pytest.raises(NotFound):
        await agent("update_task", id=mine, after=theirs)
