"""Saved filters: in the sidebar, in the dialog, on the page."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from state.filters import FiltersState
from state.list import ListState
from state.shell import ShellState
from state.toasts import ToastState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline
from todo_app.domain.task import Priority
from todo_app.services import filters, projects, tags, tasks
from todo_app.services.tasks import AddTask


@pytest.fixture
async def life(ada: Person) -> None:
    """Two tasks with the tag, one of them in the project, one without either."""
    async with ada.application.work.write(ada.identity) as uow:
        work = await tags.ensure(uow, ["work"])
        flat = await projects.create(uow, "Flat")
        await tasks.add(uow, AddTask("Report", priority=Priority.HIGH, tag_ids=work))
        await tasks.add(uow, AddTask("Paint", tag_ids=work, project_id=flat.id))
        await tasks.add(uow, AddTask("Milk"))


async def saved(person: Person, name: str, query: str) -> str:
    async with person.application.work.write(person.identity) as uow:
        return str((await filters.create(uow, name, query)).id)


def titles(tab: BrowserTab) -> list[str]:
    return sorted(row["title"] for group in tab.var(ListState, "groups") for row in group["rows"])


def sidebar(tab: BrowserTab) -> dict[str, str]:
    return {each["name"]: each["count"] for each in tab.var(ShellState, "filters")}


async def save(tab: BrowserTab, name: str, query: str, filter_id: str = ""):
    return await tab.send(FiltersState.save, {"id": filter_id, "name": name, "query": query})


@pytest.mark.usefixtures("life")
async def test_one_is_saved_shown_with_its_count_and_undone(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    await tab.send(FiltersState.begin_new)
    assert tab.var(FiltersState, "is_open")

    answer = await save(tab, "Work", "#work")

    assert sidebar(tab) == {"Work": "2"}
    assert not tab.var(FiltersState, "is_open")
    tab.path = answer.redirect
    await tab.send(ListState.open_page)
    assert (tab.var(ListState, "title"), tab.var(ListState, "subtitle")) == ("Work", "#work")
    assert titles(tab) == ["Paint", "Report"]
    await tab.send(ListState.undo, tab.var(ToastState, "toast")["undo_id"])
    assert sidebar(tab) == {}
    assert (tab.var(ListState, "title"), titles(tab)) == ("Not found", [])


@pytest.mark.usefixtures("life")
async def test_what_is_typed_is_answered_at_once(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    await tab.send(FiltersState.begin_new)

    async def said(query: str) -> dict[str, str]:
        await tab.send(FiltersState.consider, query)
        return tab.var(FiltersState, "foreseen")

    assert (await said("#work"))["found"] == "Finds 2 tasks"
    assert (await said("p1"))["found"] == "Finds 1 task"
    unknown = await said("#wrok & !+gone")
    assert (unknown["found"], unknown["note"]) == ("Finds no task now", "Nothing is called #wrok or +gone.")
    wrong = await said("#work p1")
    assert (wrong["found"], wrong["error"]) == ("", "Write & (and) or | (or) before “p1”.")
    assert (await said("  "))["error"] == ""


async def test_a_name_or_filter_that_can_t_be_is_said_at_its_field(pipeline: Pipeline, ada: Person) -> None:
    await saved(ada, "Work", "#work")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    await tab.send(FiltersState.begin_new)

    answer = await save(tab, "WORK", "p1")
    assert tab.var(FiltersState, "name_error") == "There is already a filter called “Work”."
    await save(tab, "Other", "p1 |")
    assert tab.var(FiltersState, "name_error") == ""
    assert "Write a condition" in tab.var(FiltersState, "foreseen")["error"]
    await save(tab, "Other", "")
    assert "Write a condition" in tab.var(FiltersState, "foreseen")["error"]
    assert tab.var(FiltersState, "is_open")
    assert (answer.toast, list(sidebar(tab))) == ("", ["Work"])


async def test_one_is_changed_moved_and_deleted(pipeline: Pipeline, ada: Person) -> None:
    first = await saved(ada, "First", "p1")
    await saved(ada, "Second", "p2")
    tab = await pipeline.open_tab(cookie=ada.cookie, path=f"/filter/{first}")

    await tab.send(FiltersState.begin_editing, first)
    assert tab.var(FiltersState, "draft") == {"id": first, "name": "First", "query": "p1"}
    await save(tab, "Low", "p3", first)
    assert (tab.var(ListState, "title"), tab.var(ListState, "subtitle")) == ("Low", "p3")
    await tab.send(FiltersState.move_down, first)
    assert list(sidebar(tab)) == ["Second", "Low"]
    await tab.send(FiltersState.move_down, first)
    await tab.send(FiltersState.move_up, first)
    assert list(sidebar(tab)) == ["Low", "Second"]
    answer = await tab.send(FiltersState.delete, first)
    assert answer.redirect == "/today"
    assert list(sidebar(tab)) == ["Second"]


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/all?priority=high&tag={work}", "#work & p1"),
        (
            "/project/{flat}?status=completed&due=week",
            "+Flat & completed & due from: today & due by: +6 days",
        ),
        ("/tag/{work}?tags=none&tag={work}", "#work & !#work"),
        ("/today?priority=none&priority=low", "(overdue | today) & (p3 | no priority)"),
        ("/inbox?due_after=2030-01-01", "no project & due from: 2030-01-01"),
        ("/filter/{saved}?filter=%23work", "(p1 | #work) & #work"),
        ("/search?q=the+report&filter=p1+|+p2", 'search: "the report" & (p1 | p2)'),
        ("/all", ""),
    ],
)
async def test_what_a_list_shows_becomes_a_filter(
    pipeline: Pipeline, ada: Person, path: str, query: str
) -> None:
    filter_id = await saved(ada, "Either", "p1 | #work")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    (flat,), (work,) = (tab.var(ShellState, each) for each in ("projects", "tags"))
    tab.path = path.format(flat=flat["id"], work=work["id"], saved=filter_id)
    await tab.send(ListState.open_page)

    await tab.send(FiltersState.begin_saving)

    assert tab.var(FiltersState, "draft") == {"id": "", "name": "", "query": query}


@pytest.mark.usefixtures("life")
async def test_what_is_typed_in_the_panel_goes_to_the_address_when_it_can_be_read(
    pipeline: Pipeline, ada: Person
) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")

    answer = await tab.send(ListState.filter_query, "#work &")
    assert answer.redirect == ""
    assert tab.var(ListState, "query_refused").startswith("Write a condition behind")
    answer = await tab.send(ListState.filter_query, " #work & p1 ")
    assert answer.redirect == f"/all?filter={quote('#work & p1').replace('%20', '+')}"
    assert tab.var(ListState, "query_refused") == ""
    tab.path = answer.redirect
    await tab.send(ListState.open_page)
    assert titles(tab) == ["Report"]
    assert (await tab.send(ListState.filter_query, "")).redirect == "/all"


async def test_a_page_says_which_names_of_its_filters_nothing_has(pipeline: Pipeline, ada: Person) -> None:
    filter_id = await saved(ada, "Work", "#work")
    tab = await pipeline.open_tab(cookie=ada.cookie, path=f"/filter/{filter_id}?filter=!%2Bgone")

    assert tab.var(ListState, "query_note") == "Nothing is called #work or +gone."
    async with ada.application.work.write(ada.identity) as uow:
        await tags.create(uow, "work")
    await tab.send(ListState.remove_filter, "query")
    tab.path = f"/filter/{filter_id}"
    await tab.send(ListState.open_page)
    assert tab.var(ListState, "query_note") == ""


@pytest.mark.usefixtures("life")
async def test_nobody_opens_anybody_else_s(pipeline: Pipeline, ada: Person, ben: Person) -> None:
    filter_id = await saved(ada, "Work", "#work")
    tab = await pipeline.open_tab(cookie=ben.cookie, path=f"/filter/{filter_id}")

    assert (tab.var(ListState, "title"), titles(tab), sidebar(tab)) == ("Not found", [], {})
    assert (await tab.send(FiltersState.begin_editing, filter_id)).toast
