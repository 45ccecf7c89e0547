"""The app below ``/api/v1``."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from todo_app.api.problems import handle_problems
from todo_app.api.v1.callers import Callers
from todo_app.api.v1.quick_add import quick_add_router
from todo_app.api.v1.recurrence import recurrence_router
from todo_app.bootstrap import Application

BODY_MAX = 256 * 1024


def create_v1(app: Application) -> FastAPI:
    """The routes, with their description at ``openapi.json``."""
    v1 = FastAPI(
        title="Punctual", version="1", docs_url=None, redoc_url=None, openapi_url=None, max_body_size=BODY_MAX
    )
    handle_problems(v1)
    callers = Callers(app)
    for router in (quick_add_router(app, callers), recurrence_router(app, callers)):
        v1.include_router(router)

    @v1.get("/openapi.json", include_in_schema=False)
    def describe() -> dict[str, Any]:
        return v1.openapi()

    return v1
