"""Finding tasks through the tools: lists, orders, search and the overview, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.conftest import Someone
from tests.tools.conftest import Agent, agent_of
from todo_app.domain.errors import Invalid


@pytest.fixture
async def filled(agent: Agent) -> Agent:
    await agent.add(
        "Pay rent 2026-11-20 #home p1",
        "Write report today #work p2 +Office",
        "Call Bob tomorrow #work #calls",
        "Someday",
        "Visit Ann 2026-12-24 #home",
    )
    return agent


_LISTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["Pay rent", "Write report", "Call Bob", "Visit Ann", "Someday"]),
    ({"view": "today"}, ["Pay rent", "Write report"]),
    ({"view": "overdue"}, ["Pay rent"]),
    ({"view": "upcoming"}, ["Write report", "Call Bob", "Visit Ann"]),
    ({"view": "inbox", "sort": "title"}, ["Call Bob", "Pay rent", "Someday", "Visit Ann"]),
    ({"filter": "#work & !+Office"}, ["Call Bob"]),
    ({"view": "today", "filter": "#home"}, ["Pay rent"]),
    ({"priority": ["high", "medium"]}, ["Pay rent", "Write report"]),
    ({"priority": "none", "sort": "-due"}, ["Someday", "Visit Ann", "Call Bob"]),
    ({"tags": ["calls", "home"]}, ["Pay rent", "Call Bob", "Visit Ann"]),
    ({"project": "office"}, ["Write report"]),
    ({"due_after": "tomorrow", "due_before": "2026-12-24"}, ["Call Bob", "Visit Ann"]),
    ({"status": "completed"}, []),
]


async def test_a_list_has_what_passes_every_filter(filled: Agent) -> None:
    assert [await filled.titles(**wanted) for wanted, _ in _LISTS] == [titles for _, titles in _LISTS]


async def test_completed_and_deleted_tasks_have_lists(filled: Agent) -> None:
    await filled("complete_tasks", filter="#calls", confirm=True, expected_count=1)
    await filled("delete_tasks", filter="no date", confirm=True, expected_count=1)
    assert await filled.titles(view="completed") == ["Call Bob"]
    assert await filled.titles(view="trash") == ["Someday"]
    assert await filled.titles(filter="completed") == ["Call Bob"]


async def test_the_same_tasks_come_in_a_chosen_order_both_ways(filled: Agent) -> None:
    for by, first in (
        ("due", "Pay"),
        ("priority", "Pay"),
        ("title", "Call"),
        ("created", "Pay"),
        ("manual", "Pay"),
    ):
        there = [row["title"] for row in (await filled("sort_tasks", by=by))["items"]]
        back = [row["title"] for row in (await filled("sort_tasks", by=by, descending=True))["items"]]
        assert (there[0].split()[0], len(there)) == (first, 5)
        assert back == there[::-1]


async def test_search_brings_the_best_matches_first_and_goes_on(filled: Agent) -> None:
    await filled("add_task", title="Read", description="the report of last year")
    first = await filled("search_tasks", query="report", limit=1)
    assert [row["title"] for row in first["items"]] == ["Write report"]
    second = await filled("search_tasks", query="report", limit=1, cursor=first["next_cursor"])
    assert [row["title"] for row in second["items"]] == ["Read"]
    assert "next_cursor" not in second
    with pytest.raises(Invalid):
        await filled("search_tasks", query="other", cursor=first["next_cursor"])


async def test_pages_hold_everything_once(filled: Agent) -> None:
    await filled.add("A +One", "B +Two", "C +Three")
    for tool, more in (
        ("list_tasks", {}),
        ("sort_tasks", {"by": "created"}),
        ("list_tags", {}),
        ("list_projects", {}),
    ):
        whole = (await filled(tool, **more))["items"]
        found, page = [], {"limit": 2}
        while page:
            answer = await filled(tool, **more, **page)
            found += answer["items"]
            page = {"limit": 2, "cursor": answer["next_cursor"]} if "next_cursor" in answer else {}
        assert found == whole


async def test_what_can_not_be_asked_is_refused(filled: Agent) -> None:
    wrong: list[dict[str, Any]] = [
        {"filter": "#work &"},
        {"filter": ""},
        {"due_before": "never ever"},
        {"sort": "colour"},
        {"limit": 0},
        {"limit": 101},
        {"cursor": "nonsense"},
        {"colour": "red"},
    ]
    for wanted in wrong:
        with pytest.raises(Invalid):
            await filled("list_tasks", **wanted)


async def test_the_overview_tells_how_things_stand(filled: Agent) -> None:
    said = await filled("overview")
    assert (said["today"], said["timezone"]) == ("Monday 2026-11-23", "Europe/Berlin")
    assert (said["open_tasks"], said["inbox"]) == (5, 4)
    assert [row["title"] for row in said["overdue"]["items"]] == ["Pay rent"]
    assert [row["title"] for row in said["due_today"]["items"]] == ["Write report"]
    assert [row["title"] for row in said["next_7_days"]["items"]] == ["Call Bob"]
    assert [(each["name"], each["tasks"]) for each in said["projects"]] == [("Office", 1)]
    assert {each["name"]: each["tasks"] for each in said["tags"]} == {"home": 2, "work": 2, "calls": 1}


async def test_nobody_finds_anything_of_another_person(filled: Agent, ben: Someone) -> None:
    stranger = await agent_of(ben)
    assert await stranger.titles() == []
    assert (await stranger("search_tasks", query="report"))["items"] == []
    assert (await stranger("overview"))["open_tasks"] == 0
    assert (await stranger("list_tags"))["items"] == (await stranger("list_projects"))["items"] == []
