"""Filters, search and sort: each goes to an address, and the address brings everything back."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest
from reflex.state import OnLoadInternalState

from state.list import ListState
from state.pictures import ListPicture, picture_list
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline
from todo_app.domain.task import Priority
from todo_app.services import tags, tasks
from todo_app.services.task_fields import TaskPatch, due_data, parse_due
from todo_app.services.tasks import AddTask, EditTasks


async def add(
    ada: Person, title: str, *, priority: Priority | None = None, day: str = "", tag: str = ""
) -> None:
    async with ada.application.work.write(ada.identity) as uow:
        tag_ids = await tags.ensure(uow, [tag] if tag else [])
        task = await tasks.add(uow, AddTask(title, priority=priority, tag_ids=tag_ids))
        if day:
            patch = TaskPatch(due=due_data(parse_due(day, "", "")))
            await tasks.edit(uow, EditTasks([task.id], patch))


async def tag_ids(ada: Person) -> dict[str, str]:
    async with ada.application.work.read(ada.identity) as uow:
        return {tag.name: str(tag.id) for tag in await uow.tags.all()}


async def follow(tab: BrowserTab, redirect: str) -> None:
    """What the page does with a redirect: it goes there, and the view is opened."""
    tab.path = redirect
    await tab.send(ListState.open_page)


def titles(tab: BrowserTab) -> list[str]:
    return sorted(row["title"] for group in tab.var(ListState, "groups") for row in group["rows"])


async def test_kinds_of_filter_work_together_and_stand_in_the_address(
    pipeline: Pipeline, ada: Person
) -> None:
    await add(ada, "Both", priority=Priority.HIGH, tag="home")
    await add(ada, "Only high", priority=Priority.HIGH)
    await add(ada, "Only home", tag="home")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    await follow(tab, (await tab.send(ListState.filter_priority, "high")).redirect)
    await follow(tab, (await tab.send(ListState.filter_tag, (await tag_ids(ada))["home"])).redirect)

    assert titles(tab) == ["Both"]
    assert tab.var(ListState, "filter_count") == 2
    assert [chip["text"] for chip in tab.var(ListState, "filter_chips")] == ["High", "home"]
    other = await pipeline.open_tab(cookie=ada.cookie, path=tab.path)
    assert titles(other) == ["Both"]


@pytest.mark.parametrize(
    ("match", "expected"),
    [("any", ["Both", "Home", "Work"]), ("all", ["Both"]), ("none", ["Neither"])],
)
async def test_tags_match_any_all_or_none(
    pipeline: Pipeline, ada: Person, match: str, expected: list[str]
) -> None:
    await add(ada, "Home", tag="home")
    await add(ada, "Work", tag="work")
    await add(ada, "Neither")
    ids = await tag_ids(ada)
    async with ada.application.work.write(ada.identity) as uow:
        both = await tags.ensure(uow, ["home", "work"])
        await tasks.add(uow, AddTask("Both", tag_ids=both))
    tab = await pipeline.open_tab(cookie=ada.cookie, path=f"/inbox?tag={ids['home']}&tag={ids['work']}")

    await follow(tab, (await tab.send(ListState.filter_tag_match, match)).redirect)

    assert titles(tab) == expected


async def test_a_due_range_holds_both_its_days(pipeline: Pipeline, ada: Person) -> None:
    for day in ("2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", ""):
        await add(ada, day or "never", day=day)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    # Both are typed before the page has come to the first.
    await tab.send(ListState.filter_due_after, "2027-01-02")
    await follow(tab, (await tab.send(ListState.filter_due_before, "2027-01-03")).redirect)
    assert titles(tab) == ["2027-01-02", "2027-01-03"]
    assert dict(parse_qsl(urlsplit(tab.path).query)) == {
        "due_after": "2027-01-02",
        "due_before": "2027-01-03",
    }

    await follow(tab, (await tab.send(ListState.filter_due_range, "none")).redirect)
    assert titles(tab) == ["never"]
    assert tab.var(ListState, "due_range") == "none"
    await follow(tab, (await tab.send(ListState.filter_due_range, "none")).redirect)
    assert len(titles(tab)) == 5


async def test_a_range_that_has_a_name_is_in_the_address_by_its_name(pipeline: Pipeline, ada: Person) -> None:
    await add(ada, "Late", day="2020-01-01")
    await add(ada, "Some day")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox?due_after=2019-01-01")

    await follow(tab, (await tab.send(ListState.filter_due_range, "overdue")).redirect)

    assert tab.path == "/inbox?due=overdue"
    assert titles(tab) == ["Late"]
    assert tab.var(ListState, "due_range") == "overdue"
    # The fields are for fixed days.
    assert tab.var(ListState, "due_after") == tab.var(ListState, "due_before") == ""
    assert [chip["text"] for chip in tab.var(ListState, "filter_chips")] == ["Overdue"]
    answer = await tab.send(ListState.filter_due_after, "2027-01-01")
    assert answer.redirect == "/inbox?due_after=2027-01-01"


async def test_a_search_is_narrowed_by_it_too(pipeline: Pipeline, ada: Person) -> None:
    await add(ada, "Call Ana", day="2020-01-01")
    await add(ada, "Call Ben")

    tab = await pipeline.open_tab(cookie=ada.cookie, path="/search?q=call&due=overdue")

    assert titles(tab) == ["Call Ana"]


async def test_a_filter_in_words_is_in_the_address_and_beside_the_others(
    pipeline: Pipeline, ada: Person
) -> None:
    await add(ada, "Both", priority=Priority.HIGH, tag="home")
    await add(ada, "Only home", tag="home")

    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox?filter=%23home+%26+!p4&priority=high")

    assert titles(tab) == ["Both"]
    assert tab.var(ListState, "query") == "#home & !p4"
    assert [chip["text"] for chip in tab.var(ListState, "filter_chips")] == ["High", "#home & !p4"]
    assert (await tab.send(ListState.remove_filter, "query")).redirect == "/inbox?priority=high"


async def test_a_filter_that_can_t_be_read_shows_nothing_and_says_why(
    pipeline: Pipeline, ada: Person
) -> None:
    await add(ada, "Both")

    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox?filter=%23home+%26")

    assert titles(tab) == []
    assert tab.var(ListState, "query_error").startswith("Write a condition behind")
    await follow(tab, (await tab.send(ListState.remove_filter, "query")).redirect)
    assert (titles(tab), tab.var(ListState, "query_error")) == (["Both"], "")


@pytest.mark.parametrize("day", ["2027-02-31", "9999-12-31", "0002-01-01", "soon"])
async def test_a_day_that_cannot_be_is_said_at_its_field(pipeline: Pipeline, ada: Person, day: str) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    for handler in (ListState.filter_due_after, ListState.filter_due_before):
        answer = await tab.send(handler, day)
        assert tab.var(ListState, "filter_error")
        assert answer.redirect == answer.toast == ""


async def test_of_two_days_in_the_wrong_order_either_can_be_mended(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    await follow(tab, (await tab.send(ListState.filter_due_after, "2027-02-02")).redirect)

    answer = await tab.send(ListState.filter_due_before, "2027-02-01")
    assert (answer.redirect, tab.var(ListState, "filter_error")) == (
        "",
        "The first day is after the last one.",
    )
    answer = await tab.send(ListState.filter_due_after, "2027-01-31")
    assert answer.redirect == "/inbox?due_after=2027-01-31&due_before=2027-02-01"
    await follow(tab, answer.redirect)

    await tab.send(ListState.filter_due_after, "2027-03-01")
    assert tab.var(ListState, "due_after") == "2027-03-01"
    answer = await tab.send(ListState.filter_due_after, "2027-01-31")
    assert answer.redirect == tab.path
    assert (tab.var(ListState, "due_after"), tab.var(ListState, "filter_error")) == ("2027-01-31", "")


async def test_one_kind_or_all_are_removed(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox?priority=high&due=none&status=completed")

    answer = await tab.send(ListState.remove_filter, "priority")
    assert answer.redirect == "/inbox?status=completed&due=none"
    answer = await tab.send(ListState.clear_filters)
    assert answer.redirect == "/inbox"


async def test_what_is_chosen_before_the_page_has_followed_adds_up(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Opened meanwhile")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    await tab.send(ListState.filter_priority, "high")
    first = (await tab.send(ListState.filter_priority, "low")).redirect
    await tab.send(ListState.open_task, str(task))
    last = (await tab.send(ListState.sort_by, "title")).redirect
    assert first == "/inbox?priority=high&priority=low"
    assert last == f"/inbox?priority=high&priority=low&sort=title&task={task}"

    await follow(tab, first)
    assert (await tab.send(ListState.filter_priority, "low")).redirect == (
        f"/inbox?priority=high&sort=title&task={task}"
    )


async def test_going_on_while_a_list_is_read_still_shows_it(
    pipeline: Pipeline, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await ada.add("Zebra")
    await ada.add("Ant")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    navigate = OnLoadInternalState.event_handlers["on_load_internal"]
    reading = asyncio.Event()

    async def read_for_ever_once(*given: object) -> ListPicture:
        if reading.is_set():
            return await picture_list(*given)  # type: ignore[arg-type]
        reading.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("state.list_window.picture_list", read_for_ever_once)
    tab.path = "/inbox?sort=title"
    await tab.begin(navigate)
    await reading.wait()
    tab.path = f"/inbox?sort=title&task={task}"
    await tab.send(navigate)

    groups = tab.var(ListState, "groups")
    assert [row["title"] for group in groups for row in group["rows"]] == ["Ant", "Zebra"]


async def test_going_elsewhere_meanwhile_leaves_what_was_chosen_behind(
    pipeline: Pipeline, ada: Person
) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    await tab.send(ListState.filter_priority, "high")
    await follow(tab, "/upcoming")

    assert (await tab.send(ListState.filter_status, "open")).redirect == "/upcoming?status=open"


async def test_filtering_keeps_the_task_that_is_open(pipeline: Pipeline, ada: Person) -> None:
    task = await ada.add("Open beside the list")
    tab = await pipeline.open_tab(cookie=ada.cookie, path=f"/inbox?task={task}")

    answer = await tab.send(ListState.filter_priority, "none")

    assert answer.redirect == f"/inbox?priority=none&task={task}"


@pytest.mark.parametrize(
    "send",
    [
        (ListState.filter_status, "later"),
        (ListState.filter_priority, "urgent"),
        (ListState.filter_tag, "no id"),
        (ListState.filter_tag_match, "some"),
        (ListState.filter_due_range, "someday"),
        (ListState.remove_filter, "everything"),
        (ListState.sort_by, "relevance"),
    ],
    ids=lambda send: send[1],
)
async def test_a_value_that_no_control_has_is_refused(
    pipeline: Pipeline, ada: Person, send: tuple[object, str]
) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    answer = await tab.send(*send)  # type: ignore[arg-type]

    assert answer.redirect == ""
    assert answer.toast


async def test_leaving_a_search_goes_back_to_where_it_began(pipeline: Pipeline, ada: Person) -> None:
    await ada.add("Call Ana")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox?priority=none")

    await follow(tab, (await tab.send(ListState.search, "cal")).redirect)
    assert titles(tab) == ["Call Ana"]
    await follow(tab, (await tab.send(ListState.search, "call a")).redirect)
    answer = await tab.send(ListState.search, "")

    assert answer.redirect == "/inbox?priority=none"


async def test_a_search_opened_from_a_bookmark_is_left_for_today(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/search?q=call")

    assert (await tab.send(ListState.leave_search)).redirect == "/today"


async def test_leaving_where_nothing_is_searched_does_nothing(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    assert (await tab.send(ListState.leave_search)).redirect == ""


@pytest.mark.parametrize("text", ['"', "*", "NEAR(a b)", "-", "a AND", "%", "x" * 5000, "(((("])
async def test_operators_of_the_search_engine_are_only_words(
    pipeline: Pipeline, ada: Person, text: str
) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    answer = await tab.send(ListState.search, text)
    await follow(tab, answer.redirect)

    assert answer.toast == ""
    assert tab.var(ListState, "list_name") == "search"
