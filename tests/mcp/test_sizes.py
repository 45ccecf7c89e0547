"""Nothing that a model has to read is long, also with 10,000 tasks, and with texts as long as they can be.

No tokeniser is asked, since each model has its own: ``tokens_at_most`` counts more than any of them. What it
counts is printed; `pytest -s` shows it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import SQLModel
from uuid6 import uuid7

from tests.mcp.conftest import answer, connected, token_of
from tests.services.conftest import MONDAY, Someone
from tests.tools.conftest import agent_of
from todo_app.mcp_server.protocol import INSTRUCTIONS
from todo_app.services import seed
from todo_app.tools.size import tokens_at_most

ANSWER_MAX, TOOLS_MAX = 25_000, 12_000
TASKS, SEEDED = 10_000, 500
TASKS_TABLE = SQLModel.metadata.tables["tasks"]
# Whatever answers more the more there is, asked for as much as it gives.
LARGEST: list[tuple[str, dict[str, Any]]] = [
    ("overview", {}),
    ("list_tasks", {"limit": 100}),
    ("list_tasks", {"view": "completed", "limit": 100}),
    ("sort_tasks", {"by": "title", "limit": 100}),
    ("search_tasks", {"query": "a", "limit": 100}),
    ("list_tags", {"limit": 200}),
    ("list_projects", {"limit": 200}),
]


async def test_what_a_client_reads_before_it_begins_is_short(url: str, ada: Someone) -> None:
    async with connected(url, await token_of(ada)) as client:
        listed = await client.list_tools()
    tools = listed.model_dump(mode="json", by_alias=True, exclude_none=True)["tools"]
    assert _tokens("tools/list", tools) < ANSWER_MAX
    # What clients show to models: no schemas of answers.
    shown = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in tools]
    assert _tokens("tools/list, as models see it", shown) < TOOLS_MAX
    assert _tokens("instructions", INSTRUCTIONS) < 400


async def test_no_answer_is_long_at_ten_thousand_tasks(url: str, ada: Someone) -> None:
    await _have_many_tasks(ada)
    async with connected(url, await token_of(ada)) as client:
        for tool, arguments in LARGEST:
            said = await answer(client, tool, **arguments)
            assert said.get("items", True)
            assert _tokens(f"{tool} {arguments}", said) < ANSWER_MAX
        ids: list[str] = []
        page: dict[str, str] = {}
        while len(ids) < 500:
            found = await answer(client, "list_tasks", limit=100, **page)
            ids += [row["id"] for row in found["items"]]
            page = {"cursor": found["next_cursor"]}
        foreseen = await answer(client, "update_tasks", ids=ids[:500], priority="low")
    assert len(foreseen["items"]) == 500
    assert _tokens("update_tasks of 500", foreseen) < ANSWER_MAX


async def test_texts_as_long_as_they_can_be_come_in_shorter_pages(ada: Someone) -> None:
    agent = await agent_of(ada)
    tags = [f"{number:02}{'字' * 38}" for number in range(10)]
    await agent("add_task", title="First", tags=tags)
    for number in range(40):
        await agent("add_task", title=f"{number} {'漢字' * 240}", description="字" * 20_000, tags=tags)
    found, page = 0, {}
    while page is not None:
        said = await agent("list_tasks", limit=100, **page)
        assert _tokens("list_tasks of long texts", said) < ANSWER_MAX
        found += len(said["items"])
        page = {"cursor": said["next_cursor"]} if "next_cursor" in said else None
    assert found == 41
    long = said["items"][-1]["id"]
    assert _tokens("get_task of a long text", await agent("get_task", id=long)) < ANSWER_MAX
    for number in range(190):
        await agent("edit_tag", action="create", name=f"{number:03}{'字' * 77}")
    names, page = 0, {}
    while page is not None:
        said = await agent("list_tags", limit=200, **page)
        assert _tokens("list_tags of long names", said) < ANSWER_MAX
        names += len(said["items"])
        page = {"cursor": said["next_cursor"]} if "next_cursor" in said else None
    assert names == 200
    assert _tokens("overview of long texts", await agent("overview")) < ANSWER_MAX
    assert _tokens("search_tasks of long texts", await agent("search_tasks", query="漢字")) < ANSWER_MAX


async def _have_many_tasks(ada: Someone) -> None:
    """A made-up life, the tasks of which are there many times: making all of them would take a minute."""
    async for _ in seed.seed(ada.application.engine, ada.identity, count=SEEDED, now=MONDAY):
        pass
    async with ada.application.engine.begin() as connection:
        rows = [dict(row) for row in (await connection.execute(select(TASKS_TABLE))).mappings()]
        own = {"series_id": None, "occurrence": None}
        for _ in range(TASKS // SEEDED - 1):
            copies = [{**row, **own, "id": uuid7()} for row in rows]
            await connection.execute(insert(TASKS_TABLE), copies)
    async with ada.application.work.write(ada.identity) as uow:
        await uow.tasks.counts.mend()


def _tokens(what: str, said: object) -> int:
    tokens = tokens_at_most(json.dumps(said, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write(f"{what}: at most {tokens:,} tokens\n")
    return tokens
