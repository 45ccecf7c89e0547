"""After every command another tab shows exactly what a freshly loaded one does, wherever it looks."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fixtures.live_server import LiveServer
from tests.fixtures.tab import Tab, sign_up

_STATES = "reflex___state____state.state___"
_SHELL = f"{_STATES}shell____shell_state"
_LIST = f"{_STATES}list____list_state"
_DETAILS = f"{_STATES}details____details_state"
_TOASTS = f"{_STATES}toasts____toast_state"
_TAGS = f"{_STATES}tags____tags_state"
_PROJECTS = f"{_STATES}projects____projects_state"
_FILTERS = f"{_STATES}filters____filters_state"
_QUICK_ADD = f"{_STATES}quick_add____quick_add_state"
# What hangs on the data; the selection and the like are a tab's own.
_SHOWN = {
    _LIST: ("title", "subtitle", "groups", "more_before", "more_after"),
    _SHELL: ("counts", "projects", "tags", "filters", "email"),
    _DETAILS: ("task", "subtasks", "activity"),
}


def shown(tab: Tab) -> dict[str, Any]:
    """What a tab shows of the data."""
    return {
        f"{state}.{name}": tab.vars.get(state, {}).get(name)
        for state, names in _SHOWN.items()
        for name in names
    }


@dataclass
class Steps:
    """The ids that the commands below need."""

    rent: str = ""
    milk: str = ""
    home: str = ""
    work: str = ""
    flat: str = ""
    urgent: str = ""


def commands(ids: Steps) -> list[tuple[str, dict[str, Any]]]:
    """One of every command that changes something, in an order in which each has something to change."""
    due = {"day": "2030-01-02", "time": "09:00", "timezone": "Asia/Tokyo"}
    return [
        (f"{_FILTERS}.save", {"form": {"id": "", "name": "Work", "query": "#work | +Flat"}}),
        (f"{_FILTERS}.save", {"form": {"id": ids.urgent, "name": "Soon", "query": "p1 | #home"}}),
        (f"{_LIST}.set_priority", {"task_id": ids.rent, "priority": "medium"}),
        (f"{_LIST}.set_due", {"task_id": ids.milk, **due}),
        (f"{_LIST}.set_due", {"task_id": ids.milk, "day": "", "time": "", "timezone": ""}),
        (f"{_LIST}.set_project", {"task_id": ids.rent, "project_id": ids.flat}),
        (f"{_LIST}.add_tag", {"task_id": ids.milk, "tag_id": ids.home}),
        (f"{_LIST}.remove_tag", {"task_id": ids.milk, "tag_id": ids.home}),
        (f"{_LIST}.move", {"form": {"task_id": ids.milk, "after_id": "", "before_id": ids.rent}}),
        (f"{_DETAILS}.commit_text", {"field": "title", "value": "Pay the rent", "base": "Pay rent"}),
        (f"{_DETAILS}.commit_text", {"field": "description", "value": "**IBAN**", "base": ""}),
        (f"{_DETAILS}.add_subtask", {"title": "Find the IBAN"}),
        (f"{_LIST}.complete", {"task_id": ids.rent}),
        (f"{_LIST}.reopen", {"task_id": ids.rent}),
        (f"{_LIST}.delete", {"task_id": ids.rent}),
        (f"{_LIST}.restore", {"task_id": ids.rent}),
        (f"{_TAGS}.rename", {"tag_id": ids.home, "name": "house"}),
        (f"{_TAGS}.recolor", {"tag_id": ids.home, "color": "pink"}),
        (f"{_TAGS}.create", {"name": "garden"}),
        (f"{_FILTERS}.move_down", {"filter_id": ids.urgent}),
        (f"{_TAGS}.merge", {"source_id": ids.home, "target_id": ids.work}),
        ("undo", {}),
        (f"{_TAGS}.delete", {"tag_id": ids.work}),
        (f"{_PROJECTS}.create", {"name": "Garden"}),
        (f"{_PROJECTS}.rename", {"project_id": ids.flat, "name": "House"}),
        (f"{_PROJECTS}.delete", {"project_id": ids.flat}),
        ("undo", {}),
        (f"{_LIST}.delete", {"task_id": ids.milk}),
        (f"{_LIST}.purge", {"task_id": ids.milk}),
        ("undo", {}),
        (f"{_FILTERS}.delete", {"filter_id": ids.urgent}),
        ("undo", {}),
        (f"{_LIST}.empty_trash", {}),
    ]


@pytest.mark.parametrize(
    "look", ["/all", "/inbox?sort=manual", "/completed", "/trash", "/search?q=pay", "filter", "details"]
)
async def test_a_pushed_change_and_a_fresh_load_are_the_same(live_server: LiveServer, look: str) -> None:
    cookie = sign_up(live_server.url)
    async with AsyncExitStack() as stack:
        actor = await stack.enter_async_context(Tab(live_server.url, cookie, path="/all"))
        ids = await _begin(actor)
        # Texts are edited where the task's panel is open.
        editor_path = f"/all?task={ids.rent}"
        editor = await stack.enter_async_context(Tab(live_server.url, cookie, path=editor_path))
        path = {"details": editor_path, "filter": f"/filter/{ids.urgent}"}.get(look, look)
        watcher = await stack.enter_async_context(Tab(live_server.url, cookie, path=path))
        for name, payload in commands(ids):
            await _do(editor, name, payload)
            async with Tab(live_server.url, cookie, path=path) as fresh:
                await _agree(watcher, fresh, name)


async def _begin(tab: Tab) -> Steps:
    await tab.send(f"{_QUICK_ADD}.add", text="Pay rent tomorrow #home p1")
    await tab.send(f"{_QUICK_ADD}.add", text="Buy milk #work +Flat")
    await tab.until(lambda: {"Pay rent", "Buy milk"} <= set(tab.titles))
    await tab.send(f"{_FILTERS}.save", form={"id": "", "name": "Urgent", "query": "p1 | #home"})
    await tab.until(lambda: len(tab.vars[_SHELL]["filters"]) == 1)
    (urgent,) = (each["id"] for each in tab.vars[_SHELL]["filters"])
    tags = {tag["name"]: tag["id"] for tag in tab.vars[_SHELL]["tags"]}
    (flat,) = (each["id"] for each in tab.vars[_SHELL]["projects"] if each["name"] == "Flat")
    return Steps(tab.id_of("Pay rent"), tab.id_of("Buy milk"), tags["home"], tags["work"], flat, urgent)


async def _do(tab: Tab, name: str, payload: dict[str, Any]) -> None:
    before = tab.vars.get(_TOASTS, {}).get("toast")
    if name == "undo":
        name, payload = f"{_LIST}.undo", {"command_id": before["undo_id"]}
    silent = name.endswith((".move", ".commit_text", ".add_subtask"))
    deltas = tab.deltas
    await tab.send(name, **payload)
    if silent:
        await tab.until(lambda: tab.deltas > deltas)
    else:
        await tab.until(lambda: tab.vars.get(_TOASTS, {}).get("toast") != before, seconds=5)
        toast = tab.vars[_TOASTS]["toast"]
        assert not toast["is_error"], (name, toast)


async def _agree(watcher: Tab, fresh: Tab, name: str) -> None:
    try:
        await watcher.until(lambda: shown(watcher) == shown(fresh), seconds=5)
    except AssertionError:
        assert shown(watcher) == shown(fresh), name
