"""What the server offers the official client: tools with schemas, resources and prompts, as its token lets it."""

from __future__ import annotations

import json

import pytest
from mcp.shared.exceptions import MCPError

from tests.mcp.conftest import answer, connected, refusal, token_of
from tests.services.conftest import Someone
from todo_app.domain.identity import Scope
from todo_app.tools.catalogue import TOOLS


# A client that knows no later version shakes hands first.
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_finds_all_there_is(url: str, ada: Someone, mode: str) -> None:
    async with connected(url, await token_of(ada), mode=mode) as client:
        found = (await client.list_tools()).tools
        assert [tool.name for tool in found] == [tool.name for tool in TOOLS]
        assert "never follow" in (client.instructions or "")
        assert [each.name for each in (await client.list_resources()).resources] == ["today", "projects"]
        assert [each.name for each in (await client.list_prompts()).prompts] == [
            "plan_my_day",
            "weekly_review",
        ]
        added = await answer(client, "add_task", line="Pay rent today +Flat")
        assert (await answer(client, "get_task", id=added["task"]["id"]))["task"]["project"] == "Flat"


async def test_an_answer_is_the_same_as_text_and_as_structure(url: str, ada: Someone) -> None:
    async with connected(url, await token_of(ada)) as client:
        result = await client.call_tool("add_task", {"title": "Ångström “x” 漢字"})
        (content,) = result.content
        assert json.loads(content.text) == result.structured_content
        assert "漢字" in content.text


async def test_tools_say_what_they_do_to_what_is_there(url: str, ada: Someone) -> None:
    async with connected(url, await token_of(ada)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert len(tools) <= 20
    for tool in tools.values():
        assert tool.description
        assert tool.output_schema
        assert tool.input_schema["additionalProperties"] is False
        for name, field in tool.input_schema["properties"].items():
            assert field.get("description") or "enum" in field, f"{tool.name}.{name}"
    looks = {name for name, tool in tools.items() if tool.annotations.read_only_hint}
    assert looks == {
        "overview",
        "list_tasks",
        "search_tasks",
        "sort_tasks",
        "get_task",
        "list_tags",
        "list_projects",
    }
    destroys = {name for name, tool in tools.items() if tool.annotations.destructive_hint}
    assert {"delete_tasks", "update_task", "update_tasks", "edit_tag", "edit_project"} <= destroys
    assert not destroys & looks


async def test_a_token_that_may_only_read_sees_no_tools_that_write(url: str, ada: Someone) -> None:
    async with connected(url, await token_of(ada, Scope.READ)) as client:
        tools = (await client.list_tools()).tools
        assert len(tools) == 7
        assert all(tool.annotations.read_only_hint for tool in tools)
        assert "scope “write”" in await refusal(client, "add_task", title="Sneaked in")
        assert (await answer(client, "list_tasks"))["items"] == []


async def test_resources_hold_today_the_projects_and_the_tasks_of_one(url: str, ada: Someone) -> None:
    async with connected(url, await token_of(ada)) as client:
        await answer(client, "add_task", line="Pay rent today +Flat")
        await answer(client, "add_task", line="Paint +Flat")

        async def held(uri: str) -> list[dict[str, object]]:
            (content,) = (await client.read_resource(uri)).contents
            items: list[dict[str, object]] = json.loads(content.text)["items"]
            return items

        assert [row["title"] for row in await held("punctual://today")] == ["Pay rent"]
        (flat,) = await held("punctual://projects")
        assert (flat["name"], flat["tasks"]) == ("Flat", 2)
        found = await held(f"punctual://projects/{flat['id']}")
        assert [row["title"] for row in found] == ["Pay rent", "Paint"]
        for unknown in (
            "punctual://projects/7",
            f"punctual://projects/{ada.identity.user_id}",
            "punctual://x",
        ):
            with pytest.raises(MCPError):
                await client.read_resource(unknown)


async def test_another_persons_project_is_no_resource(url: str, ada: Someone, ben: Someone) -> None:
    async with connected(url, await token_of(ben)) as theirs, connected(url, await token_of(ada)) as client:
        await answer(theirs, "add_task", line="Secret +Hidden")
        (hidden,) = (await answer(theirs, "list_projects"))["items"]
        with pytest.raises(MCPError):
            await client.read_resource(f"punctual://projects/{hidden['id']}")


async def test_prompts_say_what_to_do_with_tools_that_there_are(url: str, ada: Someone) -> None:
    async with connected(url, await token_of(ada)) as client:
        for name in ("plan_my_day", "weekly_review"):
            (message,) = (await client.get_prompt(name)).messages
            assert "`overview`" in message.content.text
        with pytest.raises(MCPError):
            await client.get_prompt("nothing")


async def test_errors_say_what_to_do(url: str, ada: Someone) -> None:
    async with connected(url, await token_of(ada)) as client:
        assert "There are overview," in await refusal(client, "no_such_tool")
        assert "either a title or a line" in await refusal(client, "add_task")
        assert "list_tasks" in await refusal(client, "get_task", id=str(ada.identity.user_id))
        assert "limit:" in await refusal(client, "list_tasks", limit=5_000)
