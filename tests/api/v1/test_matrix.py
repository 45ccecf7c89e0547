"""Who may call which route of the REST API; one that is new and not in the table fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from httpx import Response
from uuid6 import uuid7

from tests.api.client import BrowserClient, problem_of
from tests.api.conftest import Open
from tests.api.test_routes import routes_of
from tests.security.lives import Life, Snapshot, everything, live, write_audit_log
from tests.state.people import Person, log_in
from todo_app.api.cookies import CSRF_COOKIE, CSRF_HEADER
from todo_app.api.v1.app import create_v1
from todo_app.api.v1.callers import Callers
from todo_app.bootstrap import Application
from todo_app.domain.events import ReminderData
from todo_app.domain.identity import Scope
from todo_app.services import single_reminders, tokens


@dataclass(frozen=True)
class Entry:
    """How a route is called, what its owner gets, and what a token needs for it."""

    scope: Scope | None
    status: int = 200
    # Made of the ids of the one whose things are named.
    body: Callable[[Life], dict[str, Any]] | None = None
    # What somebody else gets who names these things.
    of_others: int = 404


READ, WRITE, ADMIN = Scope.READ, Scope.WRITE, Scope.ADMIN
ROUTES = {
    "GET /openapi.json": Entry(None, of_others=200),
    "GET /tasks": Entry(READ, of_others=200),
    "POST /tasks": Entry(WRITE, 201, lambda life: {"title": "New", "parent_id": str(life.task)}),
    "GET /tasks/{task_id}": Entry(READ),
    "PATCH /tasks/{task_id}": Entry(WRITE, body=lambda _: {"title": "Changed"}),
    "DELETE /tasks/{task_id}": Entry(WRITE, 204),
    "POST /tasks/bulk": Entry(
        WRITE, body=lambda life: {"ids": [str(life.task)], "change": {"priority": "high"}}
    ),
    "POST /tasks/{task_id}/move": Entry(WRITE, body=lambda life: {"after": str(life.trashed)}),
    "POST /tasks/{task_id}/complete": Entry(WRITE),
    "POST /tasks/{task_id}/skip": Entry(WRITE, 422),
    "POST /tasks/{task_id}/reopen": Entry(WRITE),
    "POST /tasks/{task_id}/restore": Entry(WRITE),
    "POST /undo/{command_id}": Entry(WRITE),
    "GET /filters": Entry(READ, of_others=200),
    "POST /filters": Entry(WRITE, 201, lambda _: {"name": "High", "query": "p1"}, of_others=201),
    "GET /filters/{filter_id}": Entry(READ),
    "PATCH /filters/{filter_id}": Entry(WRITE, body=lambda life: {"name": "High", "after": None}),
    "DELETE /filters/{filter_id}": Entry(WRITE, 204),
    "GET /tags": Entry(READ, of_others=200),
    "POST /tags": Entry(WRITE, 201, lambda _: {"name": "new"}, of_others=201),
    "GET /tags/{tag_id}": Entry(READ),
    "PATCH /tags/{tag_id}": Entry(WRITE, body=lambda _: {"name": "new", "color": "red"}),
    "POST /tags/{tag_id}/merge": Entry(WRITE, body=lambda life: {"into": str(life.other_tag)}),
    "DELETE /tags/{tag_id}": Entry(WRITE, 204),
    "GET /projects": Entry(READ, of_others=200),
    "POST /projects": Entry(WRITE, 201, lambda _: {"name": "new"}, of_others=201),
    "GET /projects/{project_id}": Entry(READ),
    "PATCH /projects/{project_id}": Entry(WRITE, body=lambda _: {"name": "new"}),
    "DELETE /projects/{project_id}": Entry(WRITE, 204),
    "GET /reminders": Entry(READ, of_others=200),
    "POST /reminders": Entry(WRITE, 201, lambda life: {"task_id": str(life.task), "minutes_before": 5}),
    "GET /reminders/{reminder_id}": Entry(READ),
    "PATCH /reminders/{reminder_id}": Entry(WRITE, body=lambda _: {"minutes_before": 5}),
    "DELETE /reminders/{reminder_id}": Entry(WRITE, 204),
    "GET /notifications": Entry(READ, of_others=200),
    "GET /notifications/{notification_id}": Entry(READ),
    "PATCH /notifications/{notification_id}": Entry(WRITE, body=lambda _: {"read": True}),
    "POST /notifications/read-all": Entry(WRITE, of_others=200),
    "GET /tokens": Entry(ADMIN, of_others=200),
    "POST /tokens": Entry(ADMIN, 201, lambda _: {"name": "new"}, of_others=201),
    "GET /tokens/{token_id}": Entry(ADMIN),
    "DELETE /tokens/{token_id}": Entry(ADMIN, 204),
    "GET /settings": Entry(READ, of_others=200),
    "PATCH /settings": Entry(ADMIN, body=lambda _: {"timezone": "UTC"}, of_others=200),
    "GET /activity": Entry(READ, of_others=200),
    "GET /audit": Entry(READ, of_others=200),
    "GET /stats": Entry(READ, of_others=200),
    "GET /feed": Entry(ADMIN, of_others=200),
    "POST /feed": Entry(ADMIN, 201, of_others=201),
    "DELETE /feed": Entry(ADMIN, 204, of_others=204),
    "GET /webhooks": Entry(ADMIN, of_others=200),
    "POST /webhooks": Entry(
        ADMIN, 201, lambda _: {"name": "new", "url": "https://example.org/hook"}, of_others=201
    ),
    "GET /webhooks/{webhook_id}": Entry(ADMIN),
    "PATCH /webhooks/{webhook_id}": Entry(ADMIN, body=lambda _: {"name": "new", "active": False}),
    "DELETE /webhooks/{webhook_id}": Entry(ADMIN, 204),
    "POST /webhooks/{webhook_id}/rotate": Entry(ADMIN),
    "POST /webhooks/{webhook_id}/test": Entry(ADMIN, 202),
    "GET /webhooks/{webhook_id}/deliveries": Entry(ADMIN),
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": Entry(ADMIN, 202),
    "GET /export": Entry(READ, of_others=200),
    "POST /import": Entry(WRITE, body=lambda _: {"tasks": [{"title": "New"}]}, of_others=200),
    "POST /quick-add": Entry(WRITE, body=lambda _: {"text": "Buy milk"}, of_others=200),
    "POST /assistant": Entry(READ, body=lambda _: {"text": "show my tasks"}, of_others=200),
    "POST /recurrence/preview": Entry(READ, body=lambda _: {"text": "every day"}, of_others=200),
}
PROTECTED = [name for name, entry in ROUTES.items() if entry.scope is not None]
WRITES = [name for name in PROTECTED if not name.startswith("GET ")]
LOOKS = [name for name in PROTECTED if name.startswith("GET ")]


@dataclass(frozen=True)
class Stage:
    """Ada has one of everything, and somebody calls."""

    application: Application
    life: Life
    browser: BrowserClient
    # What stands for the parts in braces of a path.
    ids: dict[str, UUID]

    async def call(self, name: str, headers: dict[str, str]) -> Response:
        method, template = name.split(" ")
        path = re.sub(r"{(\w+)}", lambda match: str(self.ids[match[1]]), template)
        body = ROUTES[name].body
        return await self.browser.request(
            method, f"/api/v1{path}", json=body(self.life) if body else None, headers=headers
        )

    async def token(self, person: Person, scope: Scope) -> dict[str, str]:
        async with self.application.work.write(person.identity) as uow:
            made = await tokens.create(uow, "Script", scope)
        # Its first use is written down, which is no change of anything that matters here.
        self.browser.cookies.clear()
        headers = {"Authorization": f"Bearer {made.secret}"}
        await self.browser.get("/api/v1/tasks?limit=1", headers=headers)
        return headers

    async def rows(self) -> Snapshot:
        rows = await everything(self.application)
        rows.pop("state_store")
        return rows


@pytest.fixture
async def stage(application: Application, open_browser: Open) -> Stage:
    ada = await log_in(application, "ada@example.org")
    life = await live(ada, "secretive")
    await write_audit_log(application)
    async with application.work.write(ada.identity) as uow:
        reminder = await single_reminders.add(uow, life.task, ReminderData(minutes_before=60))
    ids = {
        "task_id": life.task,
        "command_id": life.command,
        "tag_id": life.tag,
        "filter_id": life.filter,
        "project_id": life.project,
        "reminder_id": reminder.id,
        "notification_id": life.notification,
        "token_id": life.token,
        "webhook_id": life.webhook,
        "delivery_id": life.webhook_delivery,
    }
    return Stage(application, life, open_browser(), ids)


def test_every_route_has_an_entry(application: Application) -> None:
    routes = create_v1(application, Callers(application)).routes
    plain = {
        f"{method} {route.path}"
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }

    assert set(routes_of(routes)) | plain == set(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
async def test_the_owners_program_may(stage: Stage, name: str) -> None:
    headers = await stage.token(stage.life.person, ROUTES[name].scope or READ)

    answer = await stage.call(name, headers)

    assert answer.status_code == ROUTES[name].status, answer.text


# What is refused changes nothing, so that all routes can be tried on the same things, one after the other.


@pytest.mark.parametrize(("scope", "less"), [(WRITE, READ), (ADMIN, WRITE)])
async def test_a_token_whose_scope_is_not_enough_may_not(stage: Stage, scope: Scope, less: Scope) -> None:
    headers = await stage.token(stage.life.person, less)
    before = await stage.rows()

    for name in [name for name in PROTECTED if ROUTES[name].scope is scope]:
        answer = await stage.call(name, headers)
        assert answer.status_code == 403, (name, answer.text)
        problem_of(answer)
        assert await stage.rows() == before, name


async def test_nobody_may_not(stage: Stage) -> None:
    before = await stage.rows()

    for name in PROTECTED:
        for headers in ({}, {"Authorization": "Bearer punctual_nonsense"}, {"Authorization": "Basic YTpi"}):
            answer = await stage.call(name, headers)
            assert answer.status_code == 401, name
            problem_of(answer)
        assert await stage.rows() == before, name


@pytest.mark.parametrize("name", PROTECTED)
async def test_somebody_elses_program_finds_and_changes_nothing(stage: Stage, name: str) -> None:
    ben = await log_in(stage.application, "ben@example.org")
    headers = await stage.token(ben, ADMIN)
    mine = await _rows_of(stage, stage.life)

    answer = await stage.call(name, headers)

    assert answer.status_code == ROUTES[name].of_others, answer.text
    for mark in stage.life.marks():
        assert mark not in answer.text or mark in str(answer.request.url)
    assert await _rows_of(stage, stage.life) == mine


@pytest.mark.parametrize("name", WRITES)
async def test_a_page_changes_nothing_without_the_csrf_header(stage: Stage, name: str) -> None:
    stage.browser.cookies.set("punctual_session", stage.life.person.secret)
    stage.browser.cookies.set(CSRF_COOKIE, "token")
    before = await stage.rows()

    for headers in ({}, {CSRF_HEADER: "other"}):
        assert (await stage.call(name, headers)).status_code == 403
    assert await stage.rows() == before

    assert (await stage.call(name, {CSRF_HEADER: "token"})).status_code == ROUTES[name].status


async def test_a_page_may_look_without_it(stage: Stage) -> None:
    stage.browser.cookies.set("punctual_session", stage.life.person.secret)

    for name in LOOKS:
        assert (await stage.call(name, {})).status_code == ROUTES[name].status, name


@pytest.mark.parametrize("name", WRITES)
async def test_what_a_program_does_bears_its_name(stage: Stage, name: str) -> None:
    headers = await stage.token(stage.life.person, ROUTES[name].scope or READ)
    committed: list[Any] = []
    stage.application.work.after_commit(committed.extend)

    await stage.call(name, {**headers, "Idempotency-Key": str(uuid7())})

    assert {(event.actor.kind, event.actor.name) for event in committed} <= {("agent", "Script")}


async def _rows_of(stage: Stage, life: Life) -> Snapshot:
    user_id = life.person.identity.user_id
    rows = await stage.rows()
    return {
        name: [row for row in found if str(user_id) in row or user_id.hex in row]
        for name, found in rows.items()
    }
