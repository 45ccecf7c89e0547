"""The app: pages, the API beside them, and what runs as long as the server does. Wiring only."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from functools import partial

import reflex as rx
from fastapi import APIRouter

from state.argument_guard import ArgumentGuard
from state.live import LiveSync
from state.session_guard import SessionGuard
from state.tabs import open_tabs
from state.toasts import explain
from todo_app.api.app import create_api
from todo_app.api.boundary import PageBoundary
from todo_app.api.gate import PageGate
from todo_app.api.headers import SecurityHeaders
from todo_app.api.metrics import CountRequests
from todo_app.api.sidecar_gate import SidecarGate
from todo_app.bootstrap import Application, current
from todo_app.embedded_runtime import run_embedded
from todo_app.frontend import served_folder
from todo_app.pages import STYLESHEETS, add_pages, head


def _for_sidecar(application: Application) -> list[APIRouter]:
    if application.settings.mode == "embedded":
        return []
    # What it needs takes time to load, and a laptop does without.
    from todo_app.distributed_runtime import routes_of_web

    return routes_of_web(application)


app = rx.App(
    head_components=head(),
    stylesheets=[f"/styles/{name}.css" for name in STYLESHEETS],
    backend_exception_handler=explain,
    toaster=None,
    reset_style=False,
    html_lang="en",
    api_transformer=[
        partial(PageBoundary, page_folder=served_folder),
        create_api(current(), for_sidecar=_for_sidecar(current())),
        partial(PageGate, application=current()),
        partial(SidecarGate, token=current().settings.app_api_token),
        partial(SecurityHeaders, page_folder=served_folder),
        partial(CountRequests, requests=current().metrics.requests),
    ],
)
current().metrics.open_tabs.set_function(lambda: len(app.sio.eio.sockets) if app.sio else 0)
app.add_middleware(SessionGuard(), index=0)
app.add_middleware(ArgumentGuard(), index=1)
add_pages(app)


@app.register_lifespan_task
@contextlib.asynccontextmanager
async def _run() -> AsyncIterator[None]:
    application = current()
    async with (
        _runtime(application),
        LiveSync(app, application.work, open_tabs).running() as sync,
    ):
        application.notices.subscribe(sync.on_notice)
        application.notices.subscribe_activity(sync.on_history)
        application.notices.subscribe_told(sync.on_told)
        yield


def _runtime(application: Application) -> AbstractAsyncContextManager[object]:
    if application.settings.mode == "embedded":
        return run_embedded(application)
    # What it needs takes time to load, and a laptop does without.
    from todo_app.distributed_runtime import run_web

    return run_web(application)
