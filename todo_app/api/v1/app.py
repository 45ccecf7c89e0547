"""The app below ``/api/v1``."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from todo_app.api.problems import handle_problems
from todo_app.api.v1.assistant import assistant_router
from todo_app.api.v1.callers import Callers
from todo_app.api.v1.commands import Commands
from todo_app.api.v1.description import describe
from todo_app.api.v1.feed import feed_router
from todo_app.api.v1.filters import filters_router
from todo_app.api.v1.history import history_router
from todo_app.api.v1.notifications import notifications_router
from todo_app.api.v1.parameters import known_parameters
from todo_app.api.v1.projects import projects_router
from todo_app.api.v1.quick_add import quick_add_router
from todo_app.api.v1.rate_headers import RateHeaders
from todo_app.api.v1.recurrence import recurrence_router
from todo_app.api.v1.reminders import reminders_router
from todo_app.api.v1.settings import settings_router
from todo_app.api.v1.tags import tags_router
from todo_app.api.v1.task_actions import task_actions_router
from todo_app.api.v1.tasks import tasks_router
from todo_app.api.v1.tokens import tokens_router
from todo_app.api.v1.transfer import transfer_router
from todo_app.api.v1.undo import undo_router
from todo_app.api.v1.webhook_deliveries import webhook_deliveries_router
from todo_app.api.v1.webhooks import webhooks_router
from todo_app.bootstrap import Application

BODY_MAX = 256 * 1024
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
        dependencies=[Depends(known_parameters)],
        generate_unique_id_function=lambda route: route.name,
    )
    handle_problems(v1)
    v1.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=_COMPRESSION)
    v1.add_middleware(RateHeaders)
    commands = Commands(app, callers)
    for router in (
        tasks_router(app, callers, commands),
        task_actions_router(commands),
        filters_router(app, callers, commands),
        quick_add_router(app, commands),
        recurrence_router(app, callers),
        undo_router(commands),
        history_router(app, callers),
        tags_router(app, callers, commands),
        projects_router(app, callers, commands),
        reminders_router(app, callers, commands),
        notifications_router(app, callers, commands),
        tokens_router(app, callers, commands),
        settings_router(app, callers, commands),
        feed_router(app, callers, commands),
        webhooks_router(app, callers, commands),
        webhook_deliveries_router(app, callers, commands),
        transfer_router(app, callers, commands),
        assistant_router(app, commands),
    ):
        v1.include_router(router)

    @v1.get("/openapi.json", include_in_schema=False)
    async def read_description() -> dict[str, Any]:
        return v1.openapi()

    # What FastAPI asks for once and then keeps.
    v1.openapi = cache(lambda: describe(v1))  # type: ignore[method-assign]  # as its documentation says
    return v1
