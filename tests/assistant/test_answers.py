"""What the assistant answers and asks; the database makes no difference to it."""

from __future__ import annotations

import pytest

from tests.assistant.conftest import Talk
from todo_app.domain.identity import BearerToken, Scope
from todo_app.domain.task_query import Kept
from todo_app.services import tokens

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def test_a_name_of_no_task_is_said(talk: Talk) -> None:
    before = await talk.all()

    answer = await talk.says("complete the wedding speech")

    assert answer.text == "I found no task called “wedding speech”."
    assert await talk.all() == before


async def test_deleting_waits_for_a_yes(talk: Talk) -> None:
    question = await talk.says("delete buy milk")
    assert (question.asks, question.text) == ("confirm", "Delete “Buy milk”? (yes or no)")
    assert "Buy milk" in await talk.all()

    answer = await talk.says("yes")

    assert answer.undo is not None
    assert "Buy milk" not in await talk.all()
    assert "Buy milk" in await talk.all(Kept.DELETED)


async def test_a_no_leaves_all_as_it_is_and_a_late_yes_does_too(talk: Talk) -> None:
    before = await talk.all()
    for sentence in ("delete buy milk", "no", "yes"):
        await talk.says(sentence)

    assert await talk.all() == before


async def test_another_sentence_closes_the_question(talk: Talk) -> None:
    await talk.says("delete buy milk")
    await talk.says("what's overdue?")
    await talk.says("yes")

    assert "Buy milk" in await talk.all()


async def test_a_few_are_changed_at_once(talk: Talk) -> None:
    answer = await talk.says("push everything overdue to Monday")

    assert answer.asks is None
    assert set(answer.titles) == {"Write report", "Renew passport"}


async def test_a_day_keeps_the_time_and_a_time_keeps_the_day(talk: Talk) -> None:
    await talk.says("move dentist to monday")
    assert (await talk.all())["Dentist appointment"]["due"] == {
        "date": "2026-07-20", "time": "15:00", "timezone": None,
    }  # fmt: skip
    await talk.says("move dentist to 11:30")
    assert (await talk.all())["Dentist appointment"]["due"]["time"] == "11:30"
    await talk.says("push dentist by 2 days")
    assert (await talk.all())["Dentist appointment"]["due"] == {
        "date": "2026-07-22", "time": "11:30", "timezone": None,
    }  # fmt: skip


async def test_how_a_task_repeats_is_told_and_changed(talk: Talk) -> None:
    answer = await talk.says("when is pay rent next?")
    assert "due Saturday 1 August" in answer.text
    assert "every month" in answer.text

    await talk.says("make clean the kitchen repeat every saturday")
    assert (await talk.all())["Clean the kitchen"]["recurrence"]["rule"] == "FREQ=WEEKLY;BYDAY=SA"
    await talk.says("stop repeating clean the kitchen")
    assert (await talk.all())["Clean the kitchen"]["recurrence"] is None


async def test_reminders_are_set_and_removed(talk: Talk) -> None:
    await talk.says("remind me 30 min before the dentist")
    assert [each["minutes_before"] for each in (await talk.all())["Dentist appointment"]["reminders"]] == [30]
    await talk.says("remind me about the dentist tomorrow at 10")
    assert [each["at"] for each in (await talk.all())["Dentist appointment"]["reminders"]] == [
        "2026-07-16T08:00:00Z"
    ]
    await talk.says("remove the reminders from dentist")
    assert (await talk.all())["Dentist appointment"]["reminders"] == []


async def test_fields_are_changed(talk: Talk) -> None:
    for sentence in (
        "tag buy milk with food", "make buy milk high priority", "move buy milk to project Shop",
        "add a note to buy milk: the blue one", "add a note to buy milk: two of them", "rename buy milk to buy oat milk",
    ):  # fmt: skip
        assert (await talk.says(sentence)).undo is not None, sentence

    task = (await talk.all())["buy oat milk"]
    assert (task["tags"], task["priority"], task["project"]) == (["food"], "high", "Shop")
    assert task["description"] == "the blue one\n\ntwo of them"


async def test_a_subtask_is_added_below_its_task(talk: Talk) -> None:
    await talk.says("add subtask buy soap to clean the kitchen")

    tasks = await talk.all()
    assert tasks["buy soap"]["parent_id"] == tasks["Clean the kitchen"]["id"]


async def test_what_is_there_already_is_added_again_only_after_a_yes(talk: Talk) -> None:
    question = await talk.says("add buy milk")
    assert question.asks == "confirm"

    answer = await talk.says("yes")
    assert answer.titles == ["buy milk"]


async def test_tags_and_projects_are_listed_made_and_deleted(talk: Talk) -> None:
    assert "#work (2)" in (await talk.says("list my tags")).text
    assert "+Flat (1)" in (await talk.says("show projects")).text
    await talk.says("create project Garden")
    assert "+Garden (0)" in (await talk.says("show projects")).text
    assert (await talk.says("delete the tag work")).asks == "confirm"
    assert (await talk.says("yes")).undo is not None
    assert "#work" not in (await talk.says("list my tags")).text


async def test_the_day_is_told(talk: Talk) -> None:
    answer = await talk.says("plan my day")

    assert "12 tasks to do: 2 overdue" in answer.text
    assert answer.titles[:2] == ["Renew passport", "Write report"]


async def test_two_conversations_do_not_mix(talk: Talk) -> None:
    await talk.says("delete buy milk")
    other = Talk(talk.application, talk.person, talk.caller, conversation="other")

    await other.says("yes")
    await other.says("delete the first one")

    assert "Buy milk" in await talk.all()


async def test_a_token_that_may_read_asks_but_changes_nothing(talk: Talk) -> None:
    async with talk.application.work.write(talk.person) as uow:
        made = await tokens.create(uow, "Reader", Scope.READ)
    reader = Talk(talk.application, talk.person, BearerToken(made.secret, Scope.READ))
    before = await talk.all()

    assert (await reader.says("what's overdue?")).titles == ["Renew passport", "Write report"]
    for sentence in ("complete buy milk", "add buy bread", "delete buy milk", "yes"):
        assert (await reader.says(sentence)).undo is None

    assert await talk.all() == before


async def test_changes_bear_the_assistants_name(talk: Talk) -> None:
    committed: list[object] = []
    talk.application.work.after_commit(committed.extend)

    await talk.says("complete buy milk")

    assert {(event.actor.kind, event.actor.name) for event in committed} == {("agent", "Assistant")}
