"""Whether the process is alive and can serve."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError

from todo_app.bootstrap import Application
from todo_app.db.repositories.outbox import Backlog

# Events that wait for longer tell that no relay reaches the broker.
_DELAY = timedelta(seconds=10)


def health_router(app: Application) -> APIRouter:
    """``/healthz`` and ``/readyz``."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def ready(response: Response) -> dict[str, str]:
        """Ready with the database alone: without sidecar or broker people go on, and nothing is lost."""
        try:
            backlog = await _backlog(app)
        except (SQLAlchemyError, OSError):
            response.status_code = 503
            return {"status": "unavailable", "database": "unreachable"}
        parts = {"events": "delayed" if _is_delayed(app, backlog) else "ok"}
        if app.sidecar is not None:
            parts["sidecar"] = "ok" if await app.sidecar.is_there() else "missing"
        status = "ok" if set(parts.values()) == {"ok"} else "degraded"
        return {"status": status, "database": "ok", **parts}

    return router


async def _backlog(app: Application) -> Backlog:
    async with app.work.read() as uow:
        return await uow.outbox.backlog()


def _is_delayed(app: Application, backlog: Backlog) -> bool:
    return backlog.since is not None and app.work.clock() - backlog.since > _DELAY
