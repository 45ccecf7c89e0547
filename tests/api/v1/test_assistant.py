"""Talking to the assistant over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx import Response

from tests.api.client import problem_of
from tests.api.v1.program import Program
from todo_app.domain.identity import Scope
from todo_app.services import tokens

Event = tuple[str, dict[str, Any]]


def events_of(answer: Response) -> list[Event]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block.split("\n") for block in answer.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


async def says(program: Program, text: str, **more: str) -> list[Event]:
    return events_of(await program.post("/assistant", text=text, **more))


async def test_what_it_adds_is_told_shown_and_undone_over_rest(program: Program) -> None:
    events = await says(program, "add Pay rent every month on the 1st #home")

    assert [name for name, _ in events] == ["changed", "tasks", "done"]
    (task,) = events[1][1]["tasks"]
    assert task == (await program.get(f"/tasks/{task['id']}")).json()

    answer = await program.post(f"/undo/{events[0][1]['undo']}")
    assert answer.status_code == 200
    assert await program.titles() == []


async def test_a_conversation_goes_on_under_its_name(program: Program) -> None:
    await program.add("Pay rent")
    *_, (question, asked), (_, done) = await says(program, "delete pay rent")
    assert (question, asked) == ("question", {"kind": "confirm", "choices": ["yes", "no"]})
    assert await program.titles() == ["Pay rent"]

    await says(program, "yes")
    assert await program.titles() == ["Pay rent"]

    await says(program, "yes", conversation=done["conversation"])
    assert await program.titles() == []


async def test_nobody_goes_on_with_the_conversation_of_another(program: Program, other: Program) -> None:
    await program.add("Pay rent")
    await says(program, "delete pay rent", conversation="ours")

    events = await says(other, "yes", conversation="ours")

    assert "changed" not in dict(events)
    assert await program.titles() == ["Pay rent"]


async def test_a_token_that_may_only_read_asks_and_changes_nothing(program: Program) -> None:
    await program.add("Pay rent")
    await program.use(Scope.READ)

    assert dict(await says(program, "show my tasks"))["tasks"]["tasks"][0]["title"] == "Pay rent"
    assert "error" in dict(await says(program, "complete pay rent"))
    assert await program.titles(status="open") == ["Pay rent"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "x" * 5_000},
        {"text": "hi", "conversation": ""},
        {"text": "hi", "user": "ada"},
    ],
)
async def test_what_can_not_be_so_is_refused(program: Program, body: dict[str, str]) -> None:
    answer = await program.post("/assistant", **body)

    assert answer.status_code == 422
    problem_of(answer)


async def test_a_token_that_was_revoked_meanwhile_is_refused_before_the_answer_begins(
    program: Program,
) -> None:
    made = await program.token(Scope.WRITE)
    program.headers = {"Authorization": f"Bearer {made.secret}"}
    await says(program, "show my tasks")
    async with program.application.work.write(program.owner) as uow:
        await tokens.revoke(uow, made.token.id)

    assert (await program.post("/assistant", text="show my tasks")).status_code == 401
