"""The FastAPI app that is served beside the page, on the same port."""

from __future__ import annotations

from fastapi import FastAPI

from todo_app.api.auth import auth_router
from todo_app.api.health import health_router
from todo_app.api.problems import handle_problems
from todo_app.bootstrap import Application


def create_api(app: Application) -> FastAPI:
    """The routes for programs; everything else falls through to the page."""
    api = FastAPI(title="Punctual", docs_url=None, redoc_url=None, openapi_url=None)
    handle_problems(api)
    api.include_router(auth_router(app))
    api.include_router(health_router(app))
    return api
