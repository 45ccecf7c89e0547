"""A week of an agent's work for somebody, whatever it is connected by."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[..., Awaitable[dict[str, Any]]]
_DEADLINE_SECONDS = 30


async def spend_a_week(ask: Ask) -> None:
    """Add, plan, list, complete, reschedule, change many, undo and remind; the workers of the app have to run."""
    for line in (
        "Water the plants every day at 8am #home",
        "Write the report in 3 days at 15:00 #work +Office p1 !1 hour before",
        "Review the draft in 4 days #work +Office",
        "Send the invoice in 4 days #work",
        "Call the bank tomorrow #home",
        "Clean the cellar #home",
    ):
        await ask("add_task", line=line)
    await _plan(ask)
    await _complete_what_repeats(ask)
    await _reschedule(ask)
    await _change_many(ask)
    await _remind(ask)
    await _tidy_up(ask)


async def _plan(ask: Ask) -> None:
    said = await ask("overview")
    dated = sum(said[each]["count"] for each in ("overdue", "due_today", "next_7_days"))
    assert (said["open_tasks"], dated) == (6, 5)
    assert [each["name"] for each in said["projects"]] == ["Office"]
    assert await _titles(ask, filter="#work & p1") == ["Write the report"]
    assert await _titles(ask, view="inbox", due_before="tomorrow") in (
        ["Water the plants", "Call the bank"],
        ["Call the bank", "Water the plants"],
    )
    by_title = await ask("sort_tasks", by="title", limit=2)
    assert [row["title"] for row in by_title["items"]] == ["Call the bank", "Clean the cellar"]
    following = await ask("sort_tasks", by="title", limit=2, cursor=by_title["next_cursor"])
    assert [row["title"] for row in following["items"]] == ["Review the draft", "Send the invoice"]


async def _complete_what_repeats(ask: Ask) -> None:
    plants = await _the(ask, "plants")
    next_dates = (await ask("get_task", id=plants["id"]))["next_dates"]
    assert len(next_dates) == 5
    (item,) = (await ask("complete_tasks", ids=[plants["id"]]))["items"]
    assert item["next"]["due"] == next_dates[0]
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while await _titles(ask, filter="search: plants") != ["Water the plants"]:
        assert time.monotonic() < deadline, "the next occurrence never came"
        await asyncio.sleep(0.05)
    made = await _the(ask, "plants")
    assert (made["id"], made["due"]) == (item["next"]["id"], next_dates[0])


async def _reschedule(ask: Ask) -> None:
    plants, report = await _the(ask, "plants"), await _the(ask, "report")
    moved = await ask("reschedule_tasks", ids=[plants["id"], report["id"]], due="in 10 days")
    assert moved["changed"] == 2
    plants_now = (await ask("get_task", id=plants["id"]))["task"]
    assert plants_now["recurrence"]["rule"] == "FREQ=DAILY"
    assert plants_now["due"]["time"] == "08:00"
    assert (await ask("undo", id=moved["undo"]))["undone"] == 2
    assert (await _the(ask, "report"))["due"] == report["due"]


async def _change_many(ask: Ask) -> None:
    change = {"filter": "#work & !p1", "priority": "low", "add_tags": ["this week"]}
    foreseen = await ask("update_tasks", **change)
    assert (foreseen["dry_run"], foreseen["matched"]) == (True, 2)
    assert await _titles(ask, priority="low") == []
    done = await ask("update_tasks", **change, confirm=True, expected_count=2)
    assert sorted(await _titles(ask, tags="this week")) == ["Review the draft", "Send the invoice"]
    await ask("undo", id=done["undo"])
    assert await _titles(ask, priority="low") == []


async def _remind(ask: Ask) -> None:
    report = await _the(ask, "report")
    reminded = await ask("set_reminders", id=report["id"], reminders=["1 day before", {"minutes_before": 10}])
    assert {each["minutes_before"] for each in reminded["task"]["reminders"]} == {1440, 10}
    ruled = await ask("set_recurrence", id=report["id"], recurrence="every month")
    assert ruled["task"]["recurrence"]["text"].startswith("every month")
    assert "recurrence" not in (await ask("set_recurrence", id=report["id"], recurrence=None))["task"]


async def _tidy_up(ask: Ask) -> None:
    cellar = await _the(ask, "cellar")
    changed = await ask("update_task", id=cellar["id"], description="Boxes first", project="House")
    assert changed["task"]["project"] == "House"
    assert (await ask("search_tasks", query="boxes"))["items"][0]["id"] == cellar["id"]
    await ask("edit_project", action="rename", name="House", new_name="Home")
    await ask("edit_tag", action="create", name="later", color="slate")
    await ask("delete_tasks", ids=[cellar["id"]])
    assert await _titles(ask, view="trash") == ["Clean the cellar"]
    await ask("restore_tasks", ids=[cellar["id"]])
    assert await _titles(ask, project="Home") == ["Clean the cellar"]
    # The undo took the tag away too that the change had made.
    assert [each["name"] for each in (await ask("list_tags"))["items"]] == ["home", "later", "work"]
    assert [each["name"] for each in (await ask("list_projects"))["items"]] == ["Home", "Office"]


async def _titles(ask: Ask, **wanted: Any) -> list[str]:
    return [row["title"] for row in (await ask("list_tasks", **wanted))["items"]]


async def _the(ask: Ask, word: str) -> dict[str, Any]:
    """The open task with a word."""
    (row,) = (await ask("list_tasks", filter=f"search: {word}"))["items"]
    found: dict[str, Any] = row
    return found
