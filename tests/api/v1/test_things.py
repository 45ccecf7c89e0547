"""Tags, projects, reminders, notifications, tokens and settings over REST."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.client import fields_at_fault, problem_of
from tests.api.conftest import Clock
from tests.api.v1.program import Program
from tests.security.lives import everything
from todo_app.domain.events import ReminderDue
from todo_app.domain.identity import Scope
from todo_app.services import reminders
from workers.notifications import notify


async def pages(program: Program, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """Everything that a list holds, read in pages of two."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        answer = await program.get(path, limit=2, **parameters, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= 2
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("path", ["/tags", "/projects"])
class TestTagsAndProjects:
    async def test_one_is_made_read_renamed_and_deleted(self, program: Program, path: str) -> None:
        made = await program.post(path, name="Home")
        where = f"{path}/{made.json()['id']}"

        assert made.status_code == 201
        assert made.headers["location"] == f"/api/v1{where}"
        assert (await program.get(where)).json() == made.json()

        renamed = await program.send("PATCH", where, {"name": "House"}, headers={"If-Match": '"1"'})
        assert (renamed.json()["name"], renamed.headers["etag"]) == ("House", '"2"')

        for method, body in (("PATCH", {"name": "Other"}), ("DELETE", None)):
            stale = await program.send(method, where, body, headers={"If-Match": '"1"'})
            assert stale.status_code == 412
            assert problem_of(stale)[path[1:-1]] == renamed.json()

        deleted = await program.send("DELETE", where, headers={"If-Match": '"2"'})
        assert deleted.status_code == 204
        assert (await program.get(where)).status_code == 404
        assert (await program.post(f"/undo/{deleted.headers['undo-id']}")).status_code == 200
        assert (await program.get(where)).json()["name"] == "House"

    async def test_they_are_listed_by_name_page_by_page(self, program: Program, path: str) -> None:
        for name in ("Émile", "zoo", "Ärger", "beta", "Alpha"):
            await program.post(path, name=name)

        names = [each["name"] for each in await pages(program, path)]

        assert names == ["Alpha", "Ärger", "beta", "Émile", "zoo"]

    async def test_a_name_is_there_once(self, program: Program, path: str) -> None:
        await program.post(path, name="Home")
        other = (await program.post(path, name="Other")).json()

        again = await program.post(path, name="HOME")
        renamed = await program.send("PATCH", f"{path}/{other['id']}", {"name": "home"})

        assert (again.status_code, renamed.status_code) == (409, 409)
        assert fields_at_fault(again) == {"name"}

    @pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": None}, {"name": 'a"b'}, {"name": "x" * 81}])
    async def test_what_is_no_name_is_refused(
        self, program: Program, path: str, body: dict[str, Any]
    ) -> None:
        assert fields_at_fault(await program.send("POST", path, body)) == {"name"}

    async def test_a_cursor_of_another_list_is_refused(self, program: Program, path: str) -> None:
        for name in ("a", "b", "c"):
            await program.post(path, name=name)
        cursor = (await program.get(path, limit=1)).json()["next_cursor"]
        other = "/projects" if path == "/tags" else "/tags"

        for wrong in (cursor + "x", cursor[:-3], "W10", "bnVsbA", ""):
            assert fields_at_fault(await program.get(path, cursor=wrong)) == {"cursor"}
        assert fields_at_fault(await program.get(other, cursor=cursor)) == {"cursor"}


async def test_a_tag_has_a_colour_and_counts_its_open_tasks(program: Program) -> None:
    tag = (await program.post("/tags", name="home", color="teal")).json()
    await program.add("One", tags=["home"])
    task = await program.add("Two", tags=["home"])
    await program.post(f"/tasks/{task['id']}/complete")

    changed = await program.send("PATCH", f"/tags/{tag['id']}", {"color": "red", "name": "house"})

    assert (tag["color"], tag["tasks"]) == ("teal", 0)
    assert {name: changed.json()[name] for name in ("name", "color", "tasks")} == {
        "name": "house",
        "color": "red",
        "tasks": 1,
    }
    assert fields_at_fault(await program.post("/tags", name="x", color="mauve")) == {"color"}


async def test_a_tag_takes_the_place_of_another(program: Program) -> None:
    home = (await program.post("/tags", name="home")).json()
    house = (await program.post("/tags", name="house")).json()
    task = await program.add("One", tags=["home"])

    merged = await program.post(f"/tags/{home['id']}/merge", into=house["id"])

    assert (merged.json()["name"], merged.json()["tasks"]) == ("house", 1)
    assert (await program.get(f"/tasks/{task['id']}")).json()["tags"] == ["house"]
    assert (await program.post(f"/tags/{house['id']}/merge", into=house["id"])).status_code == 422


async def test_a_project_goes_with_its_tasks(program: Program) -> None:
    task = await program.add("One", project="Flat")
    (project,) = (await program.get("/projects")).json()["items"]

    await program.send("DELETE", f"/projects/{project['id']}")

    assert project["tasks"] == 1
    assert (await program.get(f"/tasks/{task['id']}")).json()["deleted_at"] is not None


class TestReminders:
    async def test_one_is_added_moved_and_removed(self, program: Program) -> None:
        task = await program.add("Call Ben", due={"date": "2026-07-16", "time": "09:00"})

        made = await program.post("/reminders", task_id=task["id"], minutes_before=30)
        where = f"/reminders/{made.json()['id']}"
        moved = await program.send("PATCH", where, {"at": "2026-07-16T05:00:00Z"})

        assert made.status_code == 201
        assert (await program.get(where)).json() == moved.json()
        assert moved.json()["id"] == made.json()["id"]
        (shown,) = (await program.get(f"/tasks/{task['id']}")).json()["reminders"]
        assert (shown["id"], shown["minutes_before"], shown["at"]) == (
            made.json()["id"],
            None,
            "2026-07-16T05:00:00Z",
        )

        removed = await program.send("DELETE", where)
        assert removed.status_code == 204
        assert (await program.get(where)).status_code == 404
        assert (await program.post(f"/undo/{removed.headers['undo-id']}")).status_code == 200
        assert len((await program.get("/reminders")).json()["items"]) == 1

    async def test_one_that_was_sent_goes_off_again_at_its_new_moment(
        self, program: Program, clock: Clock
    ) -> None:
        task = await program.add("Call Ben")
        made = (await program.post("/reminders", task_id=task["id"], at="2026-07-15T09:10:00Z")).json()
        await self._plan(program, task)
        clock.advance(timedelta(minutes=11))
        async with program.application.work.write() as uow:
            await reminders.send_due(uow)

        await program.send("PATCH", f"/reminders/{made['id']}", {"at": "2026-07-15T10:00:00Z"})
        await self._plan(program, task)

        found = (await program.get(f"/reminders/{made['id']}")).json()
        assert (found["fires_at"], found["sent_at"]) == ("2026-07-15T10:00:00Z", None)

    async def _plan(self, program: Program, task: dict[str, Any]) -> None:
        """What the reminders worker does after a task has changed."""
        async with program.application.work.write(program.owner) as uow:
            await reminders.plan(uow, {UUID(task["id"]): uow.now})

    async def test_all_are_listed_or_those_of_a_task(self, program: Program) -> None:
        tasks = [
            await program.add(f"Task {number}", reminders=[{"minutes_before": each} for each in (1, 2, 3)])
            for number in range(2)
        ]

        everything = await pages(program, "/reminders")
        of_one = await pages(program, "/reminders", task=tasks[1]["id"])

        assert len({each["id"] for each in everything}) == len(everything) == 6
        assert [each["minutes_before"] for each in of_one] == [1, 2, 3]
        assert (await program.get("/reminders", task=str(uuid4()))).status_code == 404

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "reminders"),
            ({"minutes_before": 5, "at": "2026-12-01T07:00:00Z"}, "reminders"),
            ({"at": "2026-12-01"}, "reminders"),
            ({"at": "2020-01-01T00:00:00Z"}, "reminders"),
            ({"minutes_before": 5, "id": "7"}, "id"),
        ],
    )
    async def test_what_can_t_be_is_refused(self, program: Program, body: dict[str, Any], field: str) -> None:
        task = await program.add("Call Ben", reminders=[{"minutes_before": 5}])
        where = f"/reminders/{task['reminders'][0]['id']}"

        assert fields_at_fault(await program.post("/reminders", task_id=task["id"], **body)) == {field}
        assert fields_at_fault(await program.send("PATCH", where, body)) == {field}


class TestNotifications:
    async def _told(self, program: Program, clock: Clock, count: int) -> None:
        task = await program.add("Call Ben")
        for _ in range(count):
            clock.advance(timedelta(minutes=1))
            async with program.application.work.write(program.owner) as uow:
                due = ReminderDue(
                    reason="reminder", task_id=UUID(task["id"]), title="Call Ben", meant_for=uow.now
                )
                event = uow.record(uuid4(), 1, due)
            async with program.application.work.write() as uow:
                await notify(uow, [event])

    async def test_they_are_listed_and_read(self, program: Program, clock: Clock) -> None:
        await self._told(program, clock, 5)

        found = await pages(program, "/notifications")
        assert len({each["id"] for each in found}) == 5
        assert found == sorted(found, key=lambda each: each["created_at"], reverse=True)
        assert found[0]["text"] == "Reminder: Call Ben"

        where = f"/notifications/{found[0]['id']}"
        read = await program.send("PATCH", where, {"read": True})
        assert read.json()["read_at"] is not None
        assert (await program.get(where)).json() == read.json()
        assert len(await pages(program, "/notifications", unread=True)) == 4

        assert (await program.post("/notifications/read-all")).json() == {"read": 4}
        assert await pages(program, "/notifications", unread=True) == []

    async def test_what_was_read_stays_so(self, program: Program, clock: Clock) -> None:
        await self._told(program, clock, 1)
        (note,) = await pages(program, "/notifications")

        answer = await program.send("PATCH", f"/notifications/{note['id']}", {"read": False})

        assert fields_at_fault(answer) == {"read"}


class TestTokens:
    @pytest.fixture(autouse=True)
    async def _may_all(self, program: Program) -> None:
        await program.use(Scope.ADMIN)

    async def test_one_is_made_used_and_revoked(self, program: Program) -> None:
        made = await program.post("/tokens", name="Script 2", scope="read", days=90)
        where = f"/tokens/{made.json()['id']}"
        bearer = {"Authorization": f"Bearer {made.json()['secret']}"}

        assert made.status_code == 201
        assert made.json()["expires_at"] == "2026-10-13T09:00:00Z"
        assert (await program.get("/tasks", headers=bearer)).status_code == 200
        assert (await program.send("POST", "/tasks", {"title": "A"}, headers=bearer)).status_code == 403
        shown = (await program.get(where)).json()
        assert "secret" not in shown
        assert shown in (await program.get("/tokens")).json()["items"]

        assert (await program.send("DELETE", where)).status_code == 204
        assert (await program.get("/tasks", headers=bearer)).status_code == 401
        assert (await program.get(where)).status_code == 404

    async def test_many_are_made_at_once(self, program: Program) -> None:
        answers = await asyncio.gather(*(program.post("/tokens", name=f"Script {n}") for n in range(8)))

        assert {answer.status_code for answer in answers} == {201}

    async def test_its_secret_is_told_again_to_a_retry_and_never_stored(self, program: Program) -> None:
        body = {"name": "Script 2", "scope": "write"}
        answers = [
            await program.send("POST", "/tokens", body, headers={"Idempotency-Key": "1"}) for _ in range(2)
        ]

        assert answers[0].content == answers[1].content
        secret = answers[0].json()["secret"]
        assert re.fullmatch(r"punctual_[\w-]{43}", secret)
        assert secret not in str(await everything(program.application))

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "name"),
            ({"name": ""}, "name"),
            ({"name": "A", "scope": "root"}, "scope"),
            ({"name": "A", "days": 0}, "days"),
            ({"name": "A", "days": 10**9}, "days"),
            ({"name": "A", "secret": "x"}, "secret"),
        ],
    )
    async def test_what_can_t_be_is_refused(self, program: Program, body: dict[str, Any], field: str) -> None:
        assert fields_at_fault(await program.send("POST", "/tokens", body)) == {field}


class TestSettings:
    DEFAULT = {
        "email": "ada@example.org",
        "timezone": "Europe/Berlin",
        "default_reminder_minutes": None,
        "all_day_at": "09:00",
        "overdue_notice": False,
        "digest_at": None,
        "quiet_from": None,
        "quiet_until": None,
    }

    async def test_only_what_is_named_changes(self, program: Program) -> None:
        await program.use(Scope.ADMIN)
        assert (await program.get("/settings")).json() == self.DEFAULT
        wanted = {"timezone": "Asia/Tokyo", "default_reminder_minutes": 30, "digest_at": "07:30"}
        heard = program.heard()

        changed = await program.send("PATCH", "/settings", wanted)

        assert changed.json() == {**self.DEFAULT, **wanted}
        assert (await program.get("/settings")).json() == changed.json()
        assert {event.actor.name for event in heard} == {"Script"}
        cleared = await program.send("PATCH", "/settings", {"digest_at": None})
        assert cleared.json() == {**self.DEFAULT, **wanted, "digest_at": None}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"timezone": "Mars"}, "timezone"),
            ({"timezone": None}, "timezone"),
            ({"default_reminder_minutes": 7}, "default_reminder"),
            ({"all_day_at": None}, "all_day_at"),
            ({"all_day_at": "24:00"}, "all_day_at"),
            ({"digest_at": ""}, "digest_at"),
            ({"quiet_from": "22:00"}, "quiet"),
            ({"overdue_notice": "yes"}, "overdue_notice"),
            ({"email": "eve@example.org"}, "email"),
        ],
    )
    async def test_what_can_t_be_is_refused(self, program: Program, body: dict[str, Any], field: str) -> None:
        await program.use(Scope.ADMIN)

        assert fields_at_fault(await program.send("PATCH", "/settings", body)) == {field}
        assert (await program.get("/settings")).json() == self.DEFAULT


async def test_nothing_of_others_is_there(program: Program, other: Program, clock: Clock) -> None:
    await program.add("Call Ben", tags=["home"], project="Flat", reminders=[{"minutes_before": 5}])
    await TestNotifications()._told(program, clock, 1)
    assert clock.now > datetime(2026, 7, 15, 9, tzinfo=UTC)

    for path in ("/tags", "/projects", "/reminders", "/notifications"):
        (mine,) = (await program.get(path)).json()["items"]
        assert (await other.get(path)).json() == {"items": [], "next_cursor": None}
        assert (await other.get(f"{path}/{mine['id']}")).status_code == 404
