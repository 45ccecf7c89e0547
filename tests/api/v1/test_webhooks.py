"""Webhooks over REST: made, read, changed, tried out, told again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import fields_at_fault
from tests.api.v1.program import Program
from tests.api.v1.test_things import pages
from todo_app.domain.identity import Scope
from todo_app.domain.webhooks import TYPES

URL = "https://example.org/hook"


@pytest.fixture
async def admin(program: Program) -> Program:
    await program.use(Scope.ADMIN)
    return program


async def make(admin: Program, **fields: Any) -> tuple[str, dict[str, Any]]:
    """A new webhook: its address, and what was answered."""
    answer = await admin.post("/webhooks", **{"name": "Team chat", "url": URL, **fields})
    assert answer.status_code == 201, answer.text
    where = f"/webhooks/{answer.json()['id']}"
    assert answer.headers["location"] == f"/api/v1{where}"
    return where, answer.json()


async def test_the_secret_is_answered_once(admin: Program) -> None:
    where, made = await make(admin, event_types=["task.completed"])

    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert (await admin.get(where)).json() == made
    assert (await admin.get("/webhooks")).json() == {"items": [made], "next_cursor": None}
    for path in ("/webhooks", f"{where}/deliveries", "/export", "/audit", "/activity"):
        assert secret not in (await admin.get(path)).text
    rotated = await admin.post(f"{where}/rotate")
    assert rotated.json()["secret"] != secret


async def test_what_is_left_out_stays_and_null_is_everything(admin: Program) -> None:
    where, _ = await make(admin, event_types=["task.completed"])

    renamed = (await admin.send("PATCH", where, {"name": "Ours", "active": False})).json()
    assert (renamed["name"], renamed["url"], renamed["active"]) == ("Ours", URL, False)
    assert renamed["event_types"] == ["task.completed"]
    assert renamed["switched_off_because"] == "You switched it off."
    everything = (await admin.send("PATCH", where, {"event_types": None, "active": True})).json()
    assert (everything["event_types"], everything["active"]) == (None, True)
    assert everything["switched_off_because"] is None

    assert (await admin.send("DELETE", where)).status_code == 204
    assert (await admin.get(where)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": URL}, "name"),
        ({"name": "?", "url": URL}, "name"),
        ({"name": "Chat"}, "url"),
        ({"name": "Chat", "url": "http://example.org/"}, "url"),
        ({"name": "Chat", "url": "https://10.0.0.1/"}, "url"),
        ({"name": "Chat", "url": URL, "event_types": []}, "event_types"),
        ({"name": "Chat", "url": URL, "event_types": ["account.updated"]}, "event_types"),
        ({"name": "Chat", "url": URL, "event_types": [*TYPES, "task.created"]}, "event_types"),
        ({"name": "Chat", "url": URL, "secret": "mine"}, "secret"),
    ],
)
async def test_what_can_not_be_so_is_named(admin: Program, body: dict[str, Any], field: str) -> None:
    assert fields_at_fault(await admin.send("POST", "/webhooks", body)) == {field}


async def test_the_log_is_read_in_pages_and_sent_again(admin: Program) -> None:
    where, _ = await make(admin)
    made = [(await admin.post(f"{where}/test")).json() for _ in range(5)]

    log = await pages(admin, f"{where}/deliveries")
    assert [line["id"] for line in log] == [line["id"] for line in reversed(made)]
    assert {(line["type"], line["state"], line["event_id"]) for line in log} == {
        ("webhook.test", "sending", None)
    }
    again = await admin.post(f"{where}/deliveries/{made[0]['id']}/redeliver")
    assert (again.status_code, again.json()["state"]) == (202, "sending")
    other, _ = await make(admin)
    assert (await admin.post(f"{other}/deliveries/{made[0]['id']}/redeliver")).status_code == 404

    await admin.send("PATCH", where, {"active": False})
    assert fields_at_fault(await admin.post(f"{where}/test")) == {"active"}
