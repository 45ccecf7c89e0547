"""The app: pages, the API beside them, and what runs as long as the server does. Wiring only."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import partial

import reflex as rx

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
from todo_app.bootstrap import current
from todo_app.embedded_runtime import run_embedded
from todo_app.frontend import served_folder
from todo_app.pages import STYLESHEETS, add_pages, head

app = rx.App(
    head_components=head(),
    stylesheets=[f"/styles/{name}.css" for name in STYLESHEETS],
    backend_exception_handler=explain,
    toaster=None,
    reset_style=False,
    html_lang="en",
    api_transformer=[
        partial(PageBoundary, page_folder=served_folder),
        create_api(current()),
        partial(PageGate, application=current()),
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
        run_embedded(application) as runtime,
        LiveSync(app, application.work, open_tabs).running() as sync,
    ):
        runtime.notices.subscribe(sync.on_notice)
        runtime.notices.subscribe_activity(sync.on_history)
        runtime.notices.subscribe_told(sync.on_told)
        yield
