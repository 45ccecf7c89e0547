"""The assistant by a model of Anthropic's, which is a scripted server over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from tests.assistant.conftest import Talk
from tests.assistant.scripted_anthropic import ScriptedAnthropic, last_result, scripted_anthropic
from tests.assistant.scripted_model import Fails, calls, says
from todo_app.assistant.answers import Changed, Text
from todo_app.domain.task_query import Kept
from todo_app.settings import Settings

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
async def model() -> AsyncIterator[ScriptedAnthropic]:
    async with scripted_anthropic() as model:
        yield model


@pytest.fixture
def settings(settings: Settings, model: ScriptedAnthropic) -> Settings:
    return settings.model_copy(
        update={
            "llm_provider": "anthropic",
            "llm_url": model.url,
            "llm_model": "claude-scripted",
            "llm_key": SecretStr("sk-ours"),
        }
    )


async def test_it_finds_and_changes_a_task_and_is_taken_back(talk: Talk, model: ScriptedAnthropic) -> None:
    model.script = [
        calls("search_tasks", {"query": "milk"}),
        calls(
            "complete_tasks",
            lambda body: {"ids": [each["id"] for each in last_result(body)["data"]["items"]]},
        ),
        says("Ticked ", "off."),
    ]
    before = await talk.all()

    answer = await talk.says("I got the milk")

    assert [piece.text for piece in answer.of(Text)] == ["Ticked ", "off."]
    assert [piece.text for piece in answer.of(Changed)] == ["Completed “Buy milk”."]
    assert "Buy milk" in await talk.all(Kept.COMPLETED)
    assert model.keys == {"sk-ours"}
    assert (model.requests[0]["model"], model.requests[0]["stream"]) == ("claude-scripted", True)
    assert "undo" in {tool["name"] for tool in model.requests[0]["tools"]}
    model.script = [calls("undo", {"id": answer.undo}), says("Undone.")]
    await talk.says("please undo all of it")
    assert set(await talk.all()) == set(before)


@pytest.mark.parametrize("refusal", [Fails(429, {"retry-after": "0"}), Fails(529), Fails(401)])
async def test_refused_the_assistant_goes_on_by_itself(
    talk: Talk, model: ScriptedAnthropic, refusal: Fails
) -> None:
    model.script = [refusal]

    answer = await talk.says("what's overdue?")

    assert "without the language model" in answer.text
    assert answer.titles == ["Renew passport", "Write report"]


async def test_refused_once_it_is_asked_again(talk: Talk, model: ScriptedAnthropic) -> None:
    model.script = [Fails(429, {"retry-after": "0"}), says("Hello.")]

    answer = await talk.says("how are things today, in your view?")

    assert answer.text == "Hello."
    assert len(model.requests) == 2
