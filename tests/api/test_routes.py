"""Who may call which route; the routes are those of the app, so one that is new and not in the table fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from tests.api.client import PASSWORD, BrowserClient, problem_of
from tests.api.conftest import Open
from tests.notifications.servers import SubscribedBrowser
from tests.security.lives import everything
from todo_app.api.app import create_api
from todo_app.bootstrap import Application
from todo_app.db.models import StoredValue


@dataclass(frozen=True)
class Entry:
    """How the owner calls a route and what they get; whether a session is needed."""

    status: int
    body: dict[str, Any] | None = None
    needs_session: bool = False


NEW = "https://push.example.org/2"
ROUTES = {
    "POST /auth/register": Entry(201, {"email": "new@example.org", "password": PASSWORD, "timezone": "UTC"}),
    "POST /auth/login": Entry(200, {"email": "ada@example.org", "password": PASSWORD}),
    "POST /auth/logout": Entry(204, {}, needs_session=True),
    "POST /auth/logout-everywhere": Entry(204, {}, needs_session=True),
    "POST /auth/password": Entry(
        204, {"current_password": PASSWORD, "password": "another horse battery"}, needs_session=True
    ),
    "POST /auth/forgot": Entry(422, {"email": "ada@example.org"}),
    "POST /auth/reset": Entry(422, {"secret": "unknown", "password": PASSWORD}),
    "POST /auth/delete-account": Entry(204, {"password": PASSWORD}, needs_session=True),
    # Nobody has a channel here; see test_push.py.
    "POST /push/subscription": Entry(
        404,
        {"old_endpoint": "https://push.example.org/1", "subscription": SubscribedBrowser(NEW).subscription},
        needs_session=True,
    ),
    "GET /healthz": Entry(200),
    "GET /api/docs": Entry(200),
    "GET /readyz": Entry(200),
    # Whoever has a link that we have signed; see test_mail_links.py.
    "GET /links/{text}": Entry(410),
    "HEAD /links/{text}": Entry(410),
    "POST /links/{text}": Entry(410),
    # Whoever knows the secret; see test_feeds.py.
    "GET /feeds/{secret}.ics": Entry(404),
    "HEAD /feeds/{secret}.ics": Entry(404),
    # For this machine or with a token; see test_metrics.py.
    "GET /metrics": Entry(404),
}
FOR_PEOPLE = sorted(name for name, entry in ROUTES.items() if entry.needs_session)


def test_every_route_has_an_entry(application: Application) -> None:
    assert set(routes_of(create_api(application).routes)) == set(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
async def test_the_owner_may(browser: BrowserClient, name: str) -> None:
    await browser.register("ada@example.org")

    answer = await call(browser, name, with_token=True)

    assert answer.status_code == ROUTES[name].status


@pytest.mark.parametrize("name", FOR_PEOPLE)
async def test_nobody_may_not(open_browser: Open, application: Application, name: str) -> None:
    await open_browser().register("ada@example.org")
    before = await everything(application)

    answer = await call(open_browser(), name)

    assert answer.status_code == 401
    problem_of(answer)
    assert await everything(application) == before


@pytest.mark.parametrize("name", FOR_PEOPLE)
async def test_neither_may_a_page_of_another_site(
    browser: BrowserClient, application: Application, name: str
) -> None:
    await browser.register("ada@example.org")
    before = await everything(application)

    answer = await call(browser, name)

    assert answer.status_code == 403
    assert await everything(application) == before


@pytest.mark.parametrize("name", FOR_PEOPLE)
@pytest.mark.parametrize("field", ["user_id", "id", "email", "session_id"])
async def test_somebody_else_can_not_name_the_owner(
    open_browser: Open, application: Application, name: str, field: str
) -> None:
    """Whose account it is comes from the session: with another person's id a route does nothing to them."""
    owner = await open_browser().register("ada@example.org")
    attacker = open_browser()
    await attacker.register("ben@example.org", "ben's own horse battery")
    before = await rows_of(application, owner.json()["id"])

    named = owner.json()["email" if field == "email" else "id"]
    await call(attacker, name, with_token=True, **{field: named})

    assert await rows_of(application, owner.json()["id"]) == before


async def call(browser: BrowserClient, name: str, *, with_token: bool = False, **forged: str) -> Any:
    method, path = name.split(" ")
    body = None if ROUTES[name].body is None else {**(ROUTES[name].body or {}), **forged}
    if with_token and method == "POST":
        return await browser.submit(path, **(body or {}))
    return await browser.request(method, path, json=body)


async def rows_of(application: Application, user_id: str) -> dict[str, list[str]]:
    rows = await everything(application)
    rows.pop(StoredValue.__tablename__)
    return {name: [row for row in found if user_id in row] for name, found in rows.items()}


def routes_of(routes: list[BaseRoute], prefix: str = "") -> Iterator[str]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield from (f"{method} {prefix}{route.path}" for method in route.methods)
        elif isinstance(route, Route) and route.path == "/mcp":
            continue  # so have tools; see tests/security/test_tools.py
        elif isinstance(route, Mount) and route.path == "/api/v1":
            continue  # has a matrix of its own, with tokens; see v1/test_matrix.py
        elif isinstance(route, Mount):
            inner = getattr(route.app, "_app", route.app)  # a layer around an app of ours
            yield from routes_of(inner.routes, prefix + route.path)
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes, prefix)
        else:
            yield f"? {prefix}{route}"
