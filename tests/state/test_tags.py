"""The tag manager and the tag menu: what they change, undo and refuse."""

from __future__ import annotations

from uuid import uuid4

import pytest

from state.list import ListState
from state.tag_menu import TagMenuState
from state.tags import TagsState
from state.toasts import ToastState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline


async def managing(pipeline: Pipeline, ada: Person, *names: str) -> BrowserTab:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    await tab.send(TagsState.open_manager)
    for name in names:
        await tab.send(TagsState.create, name)
    return tab


def names(tab: BrowserTab) -> dict[str, int]:
    return {tag["name"]: tag["tasks"] for tag in tab.var(TagsState, "managed")}


def id_of(tab: BrowserTab, name: str) -> str:
    return next(str(tag["id"]) for tag in tab.var(TagsState, "managed") if tag["name"] == name)


def tags_of(tab: BrowserTab, title: str) -> list[str]:
    rows = [row for group in tab.var(ListState, "groups") for row in group["rows"]]
    return [tag["name"] for row in rows if row["title"] == title for tag in row["tags"]]


async def undo(tab: BrowserTab) -> None:
    await tab.send(ListState.undo, tab.var(ToastState, "toast")["undo_id"])
    await tab.send(TagsState.refresh)


async def test_tags_are_created_in_different_colours(pipeline: Pipeline, ada: Person) -> None:
    tab = await managing(pipeline, ada, "home", "work")

    assert names(tab) == {"home": 0, "work": 0}
    assert len({tag["color"] for tag in tab.var(TagsState, "managed")}) == 2
    await undo(tab)
    assert names(tab) == {"home": 0}


@pytest.mark.parametrize("name", ["", "  ", "HOME", "x" * 10_000])
async def test_a_name_that_cannot_be_is_refused_at_the_field(
    pipeline: Pipeline, ada: Person, name: str
) -> None:
    tab = await managing(pipeline, ada, "home")

    answer = await tab.send(TagsState.create, name)

    assert tab.var(TagsState, "error_id") == "new"
    assert tab.var(TagsState, "error")
    assert answer.toast == ""
    assert names(tab) == {"home": 0}


async def test_a_rename_is_shown_undone_and_refused_at_its_own_row(pipeline: Pipeline, ada: Person) -> None:
    tab = await managing(pipeline, ada, "home", "work")
    home = id_of(tab, "home")

    await tab.send(TagsState.rename, home, "Work")
    assert tab.var(TagsState, "error_id") == home
    await tab.send(TagsState.rename, home, "flat")
    assert set(names(tab)) == {"flat", "work"}
    assert tab.var(TagsState, "error_id") == ""
    await undo(tab)
    assert set(names(tab)) == {"home", "work"}


async def test_a_colour_of_the_palette_is_taken_and_no_other(pipeline: Pipeline, ada: Person) -> None:
    tab = await managing(pipeline, ada, "home")

    await tab.send(TagsState.recolor, id_of(tab, "home"), "pink")
    answer = await tab.send(TagsState.recolor, id_of(tab, "home"), "javascript:alert(1)")

    assert tab.var(TagsState, "managed")[0]["color"] == "pink"
    assert "is not a colour of the palette" in answer.toast


async def test_merging_moves_the_tasks_and_is_undone(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Sweep")
    tab = await managing(pipeline, ada, "home", "house")
    await tab.send(TagMenuState.open, str(task))
    await tab.send(TagMenuState.toggle, id_of(tab, "house"))
    await tab.send(TagsState.begin_merging, id_of(tab, "house"))
    assert tab.var(TagsState, "merging")["tasks"] == 0  # as the manager last showed it

    await tab.send(TagsState.merge, id_of(tab, "house"), id_of(tab, "home"))

    assert names(tab) == {"home": 1}
    assert tags_of(tab, "Sweep") == ["home"]
    assert tab.var(TagsState, "merging")["id"] == ""
    await undo(tab)
    assert names(tab) == {"home": 0, "house": 1}
    assert tags_of(tab, "Sweep") == ["house"]


async def test_deleting_asks_with_the_number_of_tasks_and_is_undone(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Sweep")
    tab = await managing(pipeline, ada, "home")
    await tab.send(TagMenuState.open, str(task))
    await tab.send(TagMenuState.toggle, id_of(tab, "home"))
    await tab.send(TagsState.refresh)
    home = id_of(tab, "home")

    await tab.send(TagsState.begin_deleting, home)
    assert tab.var(TagsState, "deleting")["tasks"] == 1
    await tab.send(TagsState.delete, home)

    assert names(tab) == {}
    assert tags_of(tab, "Sweep") == []
    await undo(tab)
    assert names(tab) == {"home": 1}
    assert tags_of(tab, "Sweep") == ["home"]


async def test_the_list_of_a_tag_that_is_gone_is_left(pipeline: Pipeline, ada: Person) -> None:
    first = await managing(pipeline, ada, "home", "house")
    home, house = id_of(first, "home"), id_of(first, "house")
    tab = await pipeline.open_tab(cookie=ada.cookie, path=f"/tag/{house}")
    await tab.send(TagsState.open_manager)

    assert (await tab.send(TagsState.merge, house, home)).redirect == f"/tag/{home}"
    tab.path = f"/tag/{home}"
    await tab.send(ListState.open_page)
    assert (await tab.send(TagsState.delete, home)).redirect == "/today"


async def test_the_menu_shows_what_all_and_what_some_of_the_selected_have(
    pipeline: Pipeline, ada: Person
) -> None:
    one, _ = await ada.add("One"), await ada.add("Two")
    tab = await managing(pipeline, ada, "home")
    home = id_of(tab, "home")
    await tab.send(TagMenuState.open, str(one))
    await tab.send(TagMenuState.toggle, home)
    assert tab.var(TagMenuState, "checked") == [home]

    await tab.send(ListState.select_all)
    await tab.send(TagMenuState.open, "selected")
    assert (tab.var(TagMenuState, "checked"), tab.var(TagMenuState, "mixed")) == ([], [home])
    answer = await tab.send(TagMenuState.toggle, home)

    assert answer.toast == "Tagged 2 tasks"
    assert (tab.var(TagMenuState, "checked"), tab.var(TagMenuState, "mixed")) == ([home], [])
    assert len(tab.var(ListState, "selected")) == 2
    await tab.send(TagMenuState.toggle, home)
    assert tags_of(tab, "One") == tags_of(tab, "Two") == []


async def test_a_new_tag_from_the_menu_is_one_change(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Sweep")
    tab = await managing(pipeline, ada)
    await tab.send(TagMenuState.open, str(task))

    await tab.send(TagMenuState.make, "#Home")
    assert tags_of(tab, "Sweep") == ["Home"]
    await tab.send(TagMenuState.make, "home")
    assert tags_of(tab, "Sweep") == ["Home"]
    await undo(tab)

    assert names(tab) == {}


async def test_what_the_menu_cannot_do_is_said_in_it(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Sweep")
    tab = await managing(pipeline, ada)
    await tab.send(TagMenuState.open, str(task))

    await tab.send(TagMenuState.make, "x" * 5000)

    assert tab.var(TagMenuState, "error")


async def test_foreign_and_unknown_ids_look_the_same(pipeline: Pipeline, ada: Person, ben: Person) -> None:
    theirs = await managing(pipeline, ben, "secret")
    tab = await managing(pipeline, ada, "home")
    home = id_of(tab, "home")
    for foreign in (id_of(theirs, "secret"), str(uuid4()), "no id"):
        for answer in (
            await tab.send(TagsState.rename, foreign, "mine"),
            await tab.send(TagsState.recolor, foreign, "pink"),
            await tab.send(TagsState.delete, foreign),
            await tab.send(TagsState.merge, foreign, home),
            await tab.send(TagsState.merge, home, foreign),
            await tab.send(TagsState.begin_deleting, foreign),
        ):
            assert answer.toast == "This tag does not exist any more."

    await theirs.send(TagsState.refresh)
    assert set(names(theirs)) == {"secret"}
