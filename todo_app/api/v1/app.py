"""The app below ``/api/v1``."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from todo_app.api.problems import handle_problems
from todo_app.api.v1 import (
    assistant,
    feed,
    filters,
    history,
    notifications,
    projects,
    quick_add,
    recurrence,
    reminders,
    settings,
    tags,
    task_actions,
    tasks,
    tokens,
    transfer,
    undo,
    webhook_deliveries,
    webhooks,
)
from todo_app.api.v1.callers import Callers
from todo_app.api.v1.commands import Answers
from todo_app.api.v1.description import describe
from todo_app.api.v1.rate_headers import RateHeaders
from todo_app.api.v1.routers import BODY_MAX
from todo_app.api.v1.turns import Turns
from todo_app.bootstrap import Application

_PARTS = (
    tasks,
    task_actions,
    filters,
    quick_add,
    recurrence,
    undo,
    history,
    tags,
    projects,
    reminders,
    notifications,
    tokens,
    settings,
    feed,
    webhooks,
    webhook_deliveries,
    transfer,
    assistant,
)
# A page of tasks says the same names again and again; the least effort saves most of that.
_COMPRESSED_FROM, _COMPRESSION = 2_000, 1


def create_v1(app: Application, callers: Callers) -> FastAPI:
    """The routes, with their description at ``openapi.json``."""
    v1 = FastAPI(
        title="Punctual",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=BODY_MAX,
    )
    handle_problems(v1)
    v1.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=_COMPRESSION)
    v1.add_middleware(RateHeaders)
    v1.state.callers, v1.state.answers = callers, Answers(app)
    v1.state.assistant_turns = Turns(app)
    # A large file takes much memory to read.
    v1.state.import_turns = asyncio.Semaphore(1)
    for part in _PARTS:
        v1.router.routes.extend(part.router.routes)

    @v1.get("/openapi.json", include_in_schema=False)
    async def read_description() -> dict[str, Any]:
        return v1.openapi()

    # What FastAPI asks for once and then keeps.
    v1.openapi = cache(lambda: describe(v1))  # type: ignore[method-assign]  # as its documentation says
    return v1
