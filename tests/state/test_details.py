"""The panel of a task follows what was chosen last, not the addresses that the page comes by on its way."""

from __future__ import annotations

from state.details import DetailsState
from state.list import ListState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline
from todo_app.db.models import Task
from todo_app.services import tasks
from todo_app.services.tasks import AddTask


async def _task(ada: Person) -> Task:
    async with ada.application.work.write(ada.identity) as uow:
        return await tasks.add(uow, AddTask("Buy milk"))


async def _arrive(tab: BrowserTab, address: str) -> None:
    tab.path = address
    await tab.send(ListState.open_page)


def _open_task(tab: BrowserTab) -> str:
    return str(tab.var(DetailsState, "task")["id"])


async def test_a_panel_closed_before_its_address_came_stays_closed(pipeline: Pipeline, ada: Person) -> None:
    task = await _task(ada)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    opened = await tab.send(ListState.open_task, str(task.id))
    closed = await tab.send(ListState.open_task, "")

    await _arrive(tab, opened.redirect)
    assert _open_task(tab) == ""
    await _arrive(tab, closed.redirect)
    assert _open_task(tab) == ""


async def test_a_panel_opened_again_stays_open_while_its_addresses_come(
    pipeline: Pipeline, ada: Person
) -> None:
    task = await _task(ada)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    sent = [
        (await tab.send(ListState.open_task, task_id)).redirect
        for task_id in (str(task.id), "", str(task.id))
    ]

    await _arrive(tab, sent[1])
    assert _open_task(tab) == str(task.id)
    await _arrive(tab, sent[2])
    assert _open_task(tab) == str(task.id)


async def test_somebody_who_goes_elsewhere_instead_sees_what_is_there(
    pipeline: Pipeline, ada: Person
) -> None:
    task = await _task(ada)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    await tab.send(ListState.open_task, str(task.id))

    await _arrive(tab, "/today")
    assert _open_task(tab) == ""
    assert tab.var(ListState, "list_name") == "today"


async def test_a_page_that_connects_again_on_its_way_shows_what_its_address_says(
    pipeline: Pipeline, ada: Person
) -> None:
    task = await _task(ada)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")
    opened = await tab.send(ListState.open_task, str(task.id))
    await tab.send(ListState.open_task, "")

    tab.socket = "another one"
    await _arrive(tab, opened.redirect)
    assert _open_task(tab) == str(task.id)
