"""What happened: activity, the sealed audit log, and what was done day by day, over REST."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.api.client import fields_at_fault
from tests.api.conftest import Clock
from tests.api.v1.program import Program
from tests.security.lives import write_audit_log
from todo_app.domain.events import Event
from todo_app.services import tasks


async def _seal(program: Program) -> None:
    """What the audit worker does with what has happened."""
    await write_audit_log(program.application)


class TestActivity:
    async def test_it_says_who_did_what_and_how_to_undo_it(self, program: Program) -> None:
        task = await program.add("Pay rent")
        changed = await program.send("PATCH", f"/tasks/{task['id']}", {"tags": ["home"]})
        await program.add("Other")
        await _seal(program)

        everything = (await program.get("/activity")).json()
        of_task = (await program.get("/activity", task=task["id"])).json()

        assert [each["subject"] for each in everything["items"]][:2] == ["Other", "Pay rent"]
        newest, oldest = of_task["items"]
        assert newest["text"] == "set the tags to #home"
        assert newest["actor"] == {"kind": "agent", "name": "Script"}
        assert newest["undo"] == changed.headers["undo-id"]
        assert (oldest["type"], oldest["subject_id"]) == ("task.created", task["id"])

    async def test_it_is_read_page_by_page(self, program: Program) -> None:
        task = await program.add("Title 0")
        for number in range(1, 70):
            await program.send("PATCH", f"/tasks/{task['id']}", {"title": f"Title {number}"})
        await _seal(program)

        first = (await program.get("/activity", task=task["id"])).json()
        second = (await program.get("/activity", task=task["id"], cursor=first["next_cursor"])).json()

        assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (50, 20, None)
        assert len({each["id"] for each in first["items"] + second["items"]}) == 70
        assert fields_at_fault(await program.get("/activity", cursor=first["next_cursor"])) == {"cursor"}

    async def test_what_others_did_is_not_there(self, program: Program, other: Program) -> None:
        task = await program.add("Pay rent")
        await _seal(program)

        assert (await other.get("/activity", task=task["id"])).status_code == 404
        assert "Pay rent" not in (await other.get("/activity")).text
        assert "Pay rent" not in (await other.get("/audit")).text
        assert "Pay rent" not in (await other.get("/audit", format="csv")).text


class TestAudit:
    async def test_it_is_the_chain_in_its_order(self, program: Program, clock: Clock) -> None:
        heard: list[Event] = program.heard()
        for number in range(5):
            clock.advance(timedelta(days=1))
            await program.add(f"Task {number}")
        await _seal(program)

        found: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        while not found or cursor["cursor"]:
            page = (await program.get("/audit", type="task.created", limit=2, **cursor)).json()
            found += page["items"]
            cursor = {"cursor": page["next_cursor"]}

        assert [each["event_id"] for each in found] == [str(event.id) for event in heard]
        assert [each["position"] for each in found] == sorted(each["position"] for each in found)
        assert all(len(each["seal"]) == 64 for each in found)
        assert found[0]["data"]["title"] == "Task 0"

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ({"from": "2026-07-17"}, ["Task 1", "Task 2"]),
            ({"to": "2026-07-17"}, ["Task 0", "Task 1"]),
            ({"from": "2026-07-17", "to": "2026-07-17"}, ["Task 1"]),
            ({"from": "2026-07-17T09:00:00Z"}, ["Task 1", "Task 2"]),
            ({"to": "2026-07-17T09:00:00Z"}, ["Task 0"]),
            ({"type": ["task.completed", "tag.created"]}, []),
        ],
    )
    async def test_a_stretch_of_it_can_be_asked_for(
        self, program: Program, clock: Clock, query: dict[str, Any], titles: list[str]
    ) -> None:
        for number in range(3):
            clock.advance(timedelta(days=1))
            await program.add(f"Task {number}")
        await _seal(program)

        found = (await program.get("/audit", **{"type": "task.created", **query})).json()["items"]

        assert [each["data"]["title"] for each in found] == titles

    async def test_as_a_table_it_says_the_same(self, program: Program) -> None:
        await program.add("=1+1")
        await program.add('Two\nlines, and “quotes” "')
        async with program.application.work.write(program.owner) as uow:
            for number in range(600):
                await tasks.add(uow, tasks.AddTask(f"Task {number}"))
        await _seal(program)

        answer = await program.get("/audit", format="csv", type="task.created")

        rows = list(csv.DictReader(io.StringIO(answer.text)))
        first = (await program.get("/audit", type="task.created")).json()["items"]
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert len(rows) == 602
        assert [row["seal"] for row in rows[: len(first)]] == [each["seal"] for each in first]
        assert rows[0]["actor_name"] == "Script"

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("from=yesterday", "from"),
            ("to=2026-02-31", "to"),
            ("format=xml", "format"),
            ("since=2026-01-01", "since"),
            ("cursor=x", "cursor"),
            ("type=a%00", "type.0"),
        ],
    )
    async def test_what_can_t_be_is_named(self, program: Program, query: str, field: str) -> None:
        assert fields_at_fault(await program.get(f"/audit?{query}")) == {field}


class TestStatistics:
    async def test_days_are_those_of_the_persons_calendar(self, program: Program, clock: Clock) -> None:
        # 00:30 on the 16th in Berlin.
        clock.advance(timedelta(hours=13, minutes=30))
        done, gone = await program.add("Done"), await program.add("Gone")
        skipped = await program.add("Skipped", due={"date": "2026-07-16"}, recurrence={"rule": "FREQ=DAILY"})
        await program.add("Open")
        await program.post(f"/tasks/{gone['id']}/complete")
        await program.send("DELETE", f"/tasks/{gone['id']}")
        clock.advance(timedelta(days=1))
        await program.post(f"/tasks/{done['id']}/complete")
        await program.post(f"/tasks/{skipped['id']}/skip")

        found = (await program.get("/stats", **{"from": "2026-07-15", "to": "2026-07-17"})).json()

        assert found == {
            "timezone": "Europe/Berlin",
            "added": 3,
            "completed": 1,
            "skipped": 1,
            "days": [
                {"date": "2026-07-15", "added": 0, "completed": 0, "skipped": 0},
                {"date": "2026-07-16", "added": 3, "completed": 0, "skipped": 0},
                {"date": "2026-07-17", "added": 0, "completed": 1, "skipped": 1},
            ],
        }

    async def test_by_default_it_is_the_last_thirty_days(self, program: Program) -> None:
        days = (await program.get("/stats")).json()["days"]

        assert (len(days), days[0]["date"], days[-1]["date"]) == (30, "2026-06-16", "2026-07-15")

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("from=2026-07-02&to=2026-07-01", "from"),
            ("from=2020-01-01&to=2026-07-01", "from"),
            ("from=soon", "from"),
            ("to=2026-07-01T00:00", "to"),
            ("to=2199-12-31", ""),
            ("to=1900-01-01", ""),
        ],
    )
    async def test_what_can_t_be_is_named(self, program: Program, query: str, field: str) -> None:
        answer = await program.get(f"/stats?{query}")

        assert answer.status_code == (422 if field else 200), answer.text
        assert not field or fields_at_fault(answer) == {field}


async def test_a_purged_task_has_no_activity_to_ask_for(program: Program) -> None:
    task = await program.add("Pay rent")
    async with program.application.work.write(program.owner) as uow:
        await tasks.delete(uow, [UUID(task["id"])])
        await tasks.purge(uow, [UUID(task["id"])])

    assert (await program.get("/activity", task=task["id"])).status_code == 404
