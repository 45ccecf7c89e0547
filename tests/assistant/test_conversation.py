"""A conversation does what was asked, asks when that is not clear, and can be taken back turn by turn."""

from __future__ import annotations

from tests.assistant.conftest import Talk
from todo_app.domain.task_query import Kept


async def test_a_task_is_added_shown_and_taken_back(talk: Talk) -> None:
    answer = await talk.says("add buy bread tomorrow at 9 #home")

    task = (await talk.all())["buy bread"]
    assert (task["due"], task["tags"]) == (
        {"date": "2026-07-16", "time": "09:00", "timezone": None},
        ["home"],
    )
    assert answer.titles == ["buy bread"]
    assert "Thursday 16 July, 09:00" in answer.text

    await talk.says("undo that")
    assert "buy bread" not in await talk.all()


async def test_what_is_shown_can_be_meant_by_its_place(talk: Talk) -> None:
    shown = await talk.says("show #work tasks")
    assert shown.titles == ["Write report", "Send invoice to Anna"]

    answer = await talk.says("complete the second one")

    assert "Completed “Send invoice to Anna”." in answer.text
    assert "Send invoice to Anna" in await talk.all(Kept.COMPLETED)
    assert "Write report" in await talk.all()


async def test_a_name_of_several_tasks_is_asked_about(talk: Talk) -> None:
    question = await talk.says("complete call")
    assert (question.asks, question.undo) == ("which", None)
    assert set(question.titles) == {"Call mum", "Call the bank"}

    await talk.says(f"the {'first' if question.titles[0] == 'Call mum' else 'second'} one")

    assert "Call mum" not in await talk.all()
    assert "Call the bank" in await talk.all()


async def test_more_than_five_wait_for_a_yes_and_are_one_undo(talk: Talk) -> None:
    await talk.add(*(f"Late {number} 2026-07-01" for number in range(5)))
    overdue = {"Write report", "Renew passport", *(f"Late {number}" for number in range(5))}
    before = await talk.all()

    question = await talk.says("push everything overdue to Monday")
    assert question.asks == "confirm"
    assert "Move 7 tasks" in question.text
    assert await talk.all() == before

    answer = await talk.says("yes")
    after = await talk.all()
    assert {
        title for title, task in after.items() if (task["due"] or {}).get("date") == "2026-07-20"
    } == overdue
    assert answer.undo is not None

    await talk.says("undo")
    assert {title: task["due"] for title, task in (await talk.all()).items()} == {
        title: task["due"] for title, task in before.items()
    }


async def test_completed_and_deleted_tasks_come_back(talk: Talk) -> None:
    await talk.says("reopen fix the bike")
    await talk.says("restore old newsletter")

    assert {"Fix the bike", "Old newsletter"} <= set(await talk.all())
