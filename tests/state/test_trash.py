"""Emptying the trash from the page: one click, one message, one undo, however much lies in it."""

from __future__ import annotations

from state.list import ListState
from state.toasts import ToastState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline
from todo_app.services import tasks
from todo_app.services.tasks import SELECTION_MAX, AddTask

MANY = 2 * SELECTION_MAX + 1


async def throw_away(ada: Person, count: int) -> None:
    async with ada.application.work.write(ada.identity) as uow:
        task_ids = [(await tasks.add(uow, AddTask(f"Task {number}"))).id for number in range(count)]
    for start in range(0, count, SELECTION_MAX):
        async with ada.application.work.write(ada.identity) as uow:
            await tasks.delete(uow, task_ids[start : start + SELECTION_MAX])


def shown(tab: BrowserTab) -> int:
    return sum(len(group["rows"]) for group in tab.var(ListState, "groups"))


async def test_one_click_empties_it_and_one_undo_fills_it_again(pipeline: Pipeline, ada: Person) -> None:
    await throw_away(ada, MANY)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/trash")

    answer = await tab.send(ListState.empty_trash)

    assert shown(tab) == 0
    assert answer.text.count("for good") == 1
    assert answer.toast == f"Removed {MANY:,} tasks for good"
    await tab.send(ListState.undo, tab.var(ToastState, "toast")["undo_id"])
    assert shown(tab) == 50
    async with ada.application.work.read(ada.identity) as uow:
        assert (await uow.tasks.counts.all())["trash"] == MANY


async def test_its_button_is_busy_meanwhile(pipeline: Pipeline, ada: Person) -> None:
    await throw_away(ada, 1)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/trash")

    answer = await tab.send(ListState.empty_trash)

    deltas = [values for update in answer.updates for values in (update.get("delta") or {}).values()]
    assert [value for values in deltas for name, value in values.items() if name.startswith("emptying")] == [
        True,
        False,
    ]


async def test_an_empty_one_says_nothing(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/trash")

    assert (await tab.send(ListState.empty_trash)).toast == ""
