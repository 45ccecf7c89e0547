"""The FastAPI app that is served beside the page on the same port, and what wraps the two."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from starlette.routing import Route

from todo_app.api.auth import auth_router
from todo_app.api.bodies import RefuseLargeBodies
from todo_app.api.feeds import feeds_router
from todo_app.api.health import health_router
from todo_app.api.mail_links import mail_links_router
from todo_app.api.mcp import McpEndpoint
from todo_app.api.metrics import metrics_router
from todo_app.api.paths import take_whole_paths
from todo_app.api.problems import handle_problems
from todo_app.api.push import push_router
from todo_app.api.v1.app import create_v1
from todo_app.api.v1.callers import Callers
from todo_app.api.v1.docs_page import docs_page
from todo_app.api.v1.rate_headers import RateHeaders
from todo_app.api.v1.routers import BODY_MAX
from todo_app.api.v1.transfer import UPLOAD_MAX
from todo_app.bootstrap import Application

# An address, a zone and two passwords fit many times over.
AUTH_BODY_MAX = 64 * 1024
# A subscription as JSON within JSON, and the address of another one.
PUSH_BODY_MAX = 16 * 1024

# Before anybody mounts anything, Reflex too.
take_whole_paths()


def create_api(app: Application, *, for_sidecar: Sequence[APIRouter] = ()) -> FastAPI:
    """The routes for programs; everything else falls through to the page, as far as its boundary lets it."""
    api = _part(health_router(app), metrics_router(app), mail_links_router(app), feeds_router(app))
    auth = _part(auth_router(app), body_max=AUTH_BODY_MAX)
    push = _part(push_router(app), body_max=PUSH_BODY_MAX)
    api.mount("/push", RefuseLargeBodies(push, at_most=PUSH_BODY_MAX))
    callers = Callers(app)
    v1 = create_v1(app, callers)
    api.mount("/api/v1", RefuseLargeBodies(v1, at_most=BODY_MAX, larger={"/import": UPLOAD_MAX}))

    # A route and no mount, which would send from the address without a slash to the one with it.
    api.router.routes.append(Route("/mcp", _mcp(app, callers)))

    @api.get("/api/docs")
    async def read_docs() -> HTMLResponse:
        return HTMLResponse(docs_page(v1.openapi()))

    api.mount("/events", _part(*for_sidecar))
    api.mount("/auth", RefuseLargeBodies(auth, at_most=AUTH_BODY_MAX))
    return api


def _mcp(app: Application, callers: Callers) -> FastAPI:
    part = _part()
    part.add_middleware(RateHeaders)
    part.router.routes.append(Route("/mcp", McpEndpoint(app, callers)))
    return part


def _part(*routers: APIRouter, body_max: int | None = None) -> FastAPI:
    part = FastAPI(title="Punctual", docs_url=None, redoc_url=None, openapi_url=None, max_body_size=body_max)
    handle_problems(part)
    for router in routers:
        # Not included, which would analyse each route a second time when it is first asked for.
        part.router.routes.extend(router.routes)
    return part
