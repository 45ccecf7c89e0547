"""The ASGI app of a worker's process: what its sidecar brings, health, metrics."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

from todo_app.api.health import health_router
from todo_app.api.ingress import events_router
from todo_app.api.metrics import metrics_router
from todo_app.api.problems import handle_problems
from todo_app.api.sidecar_gate import SidecarGate
from todo_app.bootstrap import Application
from todo_app.distributed_runtime import Worker
from todo_app.ticks.bindings import ticks_router


def create_worker_app(application: Application, name: str) -> FastAPI:
    """The app of a worker by its name; it consumes events as long as it runs.

    Raises:
        KeyError: when there is no such worker.
    """
    worker = Worker(application, name)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with worker.running():
            yield
        await application.close()

    app = FastAPI(
        title=f"Punctual: {name}", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    handle_problems(app)
    app.include_router(health_router(application))
    app.include_router(metrics_router(application))
    app.include_router(events_router(worker.bus.receive, worker.bus.publish_unreadable), prefix="/events")
    app.include_router(ticks_router(application.ticks), prefix="/events")
    app.add_middleware(SidecarGate, token=application.settings.app_api_token)
    return app
