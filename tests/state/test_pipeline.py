"""The pipeline of the tests is the app's own: it loads pages, keeps a tab's vars, ends with what an event led to."""

from __future__ import annotations

from state.list import ListState
from state.quick_add import QuickAddState
from tests.state.people import Person
from tests.state.pipeline import Pipeline


async def test_a_page_is_loaded_with_its_tasks(pipeline: Pipeline, ada: Person) -> None:
    await ada.add("Water the plants")

    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    assert tab.var(ListState, "title") == "Inbox"
    assert [row["title"] for group in tab.var(ListState, "groups") for row in group["rows"]] == [
        "Water the plants"
    ]


async def test_an_event_changes_the_vars_and_says_so(pipeline: Pipeline, ada: Person) -> None:
    task_id = await ada.add("Water the plants")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

    answer = await tab.send(ListState.complete, str(task_id))

    assert tab.var(ListState, "groups") == []
    assert answer.toast == "Completed “Water the plants”"


async def test_an_error_is_said_in_the_same_answer(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie)

    answer = await tab.send(ListState.complete, "no id")

    assert answer.toast == "This task does not exist any more."


async def test_a_tab_without_a_session_is_sent_to_the_log_in_page(pipeline: Pipeline) -> None:
    answer = await pipeline.tab().send(QuickAddState.add, "Water the plants")

    assert answer.logs_out
