"""The app on a real socket, and the official client."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.api.conftest import page_folder, serve
from tests.fixtures.served import served
from tests.services.conftest import Someone, ada, application, ben, clock, zone
from todo_app.bootstrap import Application
from todo_app.domain.identity import Scope
from todo_app.services import tokens

__all__ = ["ada", "application", "ben", "clock", "page_folder", "zone"]


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough where no other statements are made than in the tests of the tools."""
    return sqlite_database


@pytest.fixture
async def url(application: Application, page_folder: Path) -> AsyncIterator[str]:
    async with served(serve(application, page_folder)) as address:
        yield address


async def token_of(person: Someone, scope: Scope = Scope.WRITE) -> str:
    """The secret of a new token."""
    return (await person.does(lambda uow: tokens.create(uow, "Planner", scope))).secret


@contextlib.asynccontextmanager
async def connected(url: str, secret: str, *, mode: str = "auto") -> AsyncIterator[Client]:
    """The official client over HTTP."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool answers."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    structured: dict[str, Any] = result.structured_content
    return structured


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says that does not do what it was asked."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    return str(getattr(content, "text", ""))
