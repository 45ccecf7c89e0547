"""The assistant's panel in a tab."""

from __future__ import annotations

from typing import Any

from state.assistant import AssistantState
from state.list import ListState
from tests.state.people import Person
from tests.state.pipeline import BrowserTab, Pipeline


def messages(tab: BrowserTab) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tab.var(AssistantState, "messages")
    return found


async def test_a_sentence_shows_at_once_and_then_what_it_did(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")

    answer = await tab.send(AssistantState.send, "add buy milk tomorrow #home p1")

    drawn = [
        value
        for update in answer.updates
        for values in (update.get("delta") or {}).values()
        for name, value in values.items()
        if name.startswith("messages")
    ]
    assert [(each["mine"], each["cards"]) for each in drawn[0]] == [(True, []), (False, [])]
    said, answered = messages(tab)
    assert said["text"] == "add buy milk tomorrow #home p1"
    (card,) = answered["cards"]
    assert (card["title"], card["due"], card["priority"], card["about"]) == (
        "buy milk",
        "Tomorrow",
        "high",
        "#home",
    )
    assert tab.var(AssistantState, "busy") is False


async def test_one_click_takes_back_what_an_answer_changed(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    await tab.send(AssistantState.send, "add buy milk")

    await tab.send(AssistantState.take_back, messages(tab)[-1]["undo"])

    assert messages(tab)[-1]["undo"] == ""
    assert messages(tab)[-1]["changes"][-1] == "Undone."
    assert tab.var(ListState, "groups") == []


async def test_a_choice_answers_the_question_and_goes(pipeline: Pipeline, ada: Person) -> None:
    for title in ("Call mum", "Call the bank"):
        await ada.add(title)
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    await tab.send(AssistantState.send, "complete call")
    assert sorted(messages(tab)[-1]["choices"]) == ["Call mum", "Call the bank"]

    await tab.send(AssistantState.choose, "Call mum")

    assert messages(tab)[-1]["changes"] == ["Completed “Call mum”."]
    assert [each["choices"] for each in messages(tab)] == [[], [], [], []]
    await tab.send(AssistantState.choose, "Call the bank")
    assert len(messages(tab)) == 4


async def test_a_card_is_ticked_where_it_stands(pipeline: Pipeline, ada: Person) -> None:
    task_id = await ada.add("Call mum")
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    await tab.send(AssistantState.send, "show my tasks")

    await tab.send(AssistantState.complete, str(task_id))
    assert messages(tab)[-1]["cards"][0]["done"] is True

    await tab.send(AssistantState.reopen, str(task_id))
    assert messages(tab)[-1]["cards"][0]["done"] is False


async def test_only_the_newest_messages_are_kept(pipeline: Pipeline, ada: Person) -> None:
    tab = await pipeline.open_tab(cookie=ada.cookie, path="/all")
    for _ in range(11):
        await tab.send(AssistantState.send, "hello")

    assert len(messages(tab)) == 20
    await tab.send(AssistantState.begin_anew)
    assert messages(tab) == []
