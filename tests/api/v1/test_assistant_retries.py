"""A program whose connection breaks in the middle of a turn says it again with its key, and nothing is done twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from tests.api.client import problem_of
from tests.api.conftest import Clock
from tests.api.v1.program import Program
from tests.api.v1.test_assistant import events_of
from tests.assistant.scripted_model import Fails, Hangs, ScriptedModel, calls, says, scripted_model
from tests.conformance.bus_suite import eventually
from todo_app.api.v1.turns import TASK_NAME
from todo_app.domain.identity import Scope
from todo_app.settings import Settings

KEY = {"Idempotency-Key": "turn 1"}
# What talks to models takes seconds to load, on a busy machine more.
FIRST_WITHIN = 60
SENTENCE = {"text": "get bread", "conversation": "ours"}


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as model:
        model.script = [Fails(400)]
        yield model


@pytest.fixture
def settings(settings: Settings, model: ScriptedModel) -> Settings:
    return settings.model_copy(update={"llm_url": model.url, "llm_model": "scripted"})


async def ask(program: Program, text: str = "add buy bread", key: str = "turn 1") -> httpx.Response:
    return await program.send("POST", "/assistant", {"text": text}, headers={"Idempotency-Key": key})


@asynccontextmanager
async def cut(url: str, program: Program, model: ScriptedModel) -> AsyncIterator[Hangs]:
    """A turn has added a task, and hangs; whoever has asked for it is gone."""
    hangs = Hangs(asyncio.Event())
    model.script = [calls("add_task", {"line": "buy bread"}), hangs, says("Never again.")]
    # In the same letters as a program of these tests sends it.
    content, kind = json.dumps(SENTENCE), {"Content-Type": "application/json"}
    async with (
        httpx.AsyncClient(
            base_url=url, headers={**program.headers, **KEY, "Host": "punctual.test"}
        ) as client,
        client.stream(
            "POST", "/api/v1/assistant", content=content, headers=kind, timeout=FIRST_WITHIN
        ) as answer,
    ):
        async for line in answer.aiter_lines():
            if line == "event: text":
                break
    try:
        yield hangs
    finally:
        hangs.until.set()


async def test_a_turn_is_answered_again_and_not_repeated(program: Program) -> None:
    first, again = await ask(program), await ask(program)

    assert first.content == again.content
    assert [name for name, _ in events_of(again)][-1] == "done"
    assert again.headers["content-type"] == first.headers["content-type"]
    assert await program.titles() == ["buy bread"]
    undo = dict(events_of(again))["changed"]["undo"]
    assert (await program.post(f"/undo/{undo}")).status_code == 200


async def test_asked_several_times_at_once_it_is_done_once(program: Program) -> None:
    answers = await asyncio.gather(*(ask(program) for _ in range(4)))

    assert len({answer.content for answer in answers}) == 1
    assert await program.titles() == ["buy bread"]


async def test_without_a_key_or_with_another_it_is_another_turn(program: Program) -> None:
    await ask(program)
    again = await ask(program, key="turn 2")

    assert dict(events_of(again))["question"]["kind"] == "confirm"


async def test_another_sentence_with_the_key_is_refused(program: Program) -> None:
    await ask(program)

    answer = await ask(program, "add buy milk")

    assert answer.status_code == 409
    problem_of(answer)
    assert await program.titles() == ["buy bread"]


async def test_the_key_of_somebody_else_is_not_in_the_way(program: Program, other: Program) -> None:
    mine, theirs = await ask(program), await ask(other)

    assert mine.content != theirs.content
    assert await other.titles() == ["buy bread"]


async def test_who_may_only_read_asks_with_a_key_too(program: Program) -> None:
    await program.add("Pay rent")
    await program.use(Scope.READ)

    assert (await ask(program, "show my tasks")).content == (await ask(program, "show my tasks")).content


async def test_a_turn_goes_on_when_the_connection_is_cut(
    program: Program, url: str, model: ScriptedModel
) -> None:
    async with cut(url, program, model) as hangs:
        again = asyncio.create_task(program.send("POST", "/assistant", SENTENCE, headers=KEY))
        hangs.until.set()
        events = events_of(await again)

    assert [data["text"] for name, data in events if name == "text"] == ["Well, ", "done."]
    assert (events[0][0], events[-1]) == ("changed", ("done", {"conversation": "ours"}))
    assert await program.titles() == ["buy bread"]
    assert len(model.requests) == 2


async def test_who_waits_for_a_turn_that_dies_is_not_left_waiting(
    program: Program, model: ScriptedModel
) -> None:
    hangs = Hangs(asyncio.Event())
    model.script = [calls("add_task", {"line": "buy bread"}), hangs]
    asking = asyncio.create_task(ask(program))

    async def asked_twice() -> bool:
        return len(model.requests) == 2

    try:
        await eventually(asked_twice)
        (turn,) = (task for task in asyncio.all_tasks() if task.get_name() == TASK_NAME)
        turn.cancel()
        answer = await asyncio.wait_for(asking, 10)
    finally:
        hangs.until.set()

    assert events_of(answer)[0][0] == "changed"


async def test_what_a_server_did_that_died_in_a_turn_can_be_undone_and_is_not_done_again(
    program: Program, url: str, model: ScriptedModel, clock: Clock
) -> None:
    async with cut(url, program, model):
        (turn,) = (task for task in asyncio.all_tasks() if task.get_name() == TASK_NAME)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)
        clock.advance(timedelta(minutes=2))
        answer, again = [await program.send("POST", "/assistant", SENTENCE, headers=KEY) for _ in range(2)]

    (_, broken), done = events_of(answer)
    assert answer.content == again.content
    assert (await program.titles(), done[1]) == (["buy bread"], {"conversation": "ours"})
    assert (await program.post(f"/undo/{broken['undo']}")).status_code == 200
    assert await program.titles() == []
