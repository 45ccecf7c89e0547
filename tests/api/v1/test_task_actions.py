"""Closing, moving and changing many tasks over REST, and taking it back."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.client import fields_at_fault, problem_of
from tests.api.v1.program import Program
from todo_app.services import occurrences
from todo_app.services.tasks import AddTask, add

DAILY: dict[str, Any] = {
    "due": {"date": "2026-07-15"},
    "recurrence": {"rule": "FREQ=DAILY"},
    "tags": ["home"],
    "project": "Flat",
    "priority": "low",
    "reminders": [{"at": "2026-07-15T20:00:00Z"}, {"minutes_before": 10}],
}
# What the worker decides when it makes the next occurrence.
_ITS_OWN = ("created_at", "updated_at", "pending", "reminders")


async def _make_next(program: Program, task: dict[str, Any]) -> None:
    """What the recurrence worker does after a task was closed."""
    async with program.application.work.write(program.owner) as uow:
        await occurrences.advance(uow, UUID(task["id"]))


class TestClosing:
    async def test_a_task_is_completed_and_opened_again(self, program: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"

        completed = await program.post(f"{path}/complete")
        reopened = await program.post(f"{path}/reopen")

        assert completed.json()["task"]["status"] == "completed"
        assert (completed.json()["next"], completed.json()["pending"]) == (None, False)
        assert completed.headers["etag"] == '"2"'
        assert reopened.json()["task"] == {
            **task,
            "version": 3,
            "updated_at": reopened.json()["task"]["updated_at"],
        }

    @pytest.mark.parametrize("verb", ["complete", "skip"])
    async def test_the_next_occurrence_is_answered_before_it_is_there(
        self, program: Program, verb: str
    ) -> None:
        task = await program.add("Water plants", **DAILY)

        answer = (await program.post(f"/tasks/{task['id']}/{verb}")).json()

        following = answer["next"]
        assert answer["pending"] is following["pending"] is True
        assert following["due"] == {"date": "2026-07-16", "time": None, "timezone": None}
        assert (await program.get(f"/tasks/{following['id']}")).status_code == 404

        await _make_next(program, task)

        made = (await program.get(f"/tasks/{following['id']}")).json()
        again = (await program.post(f"/tasks/{task['id']}/{verb}")).json()
        assert {name: value for name, value in following.items() if name not in _ITS_OWN} == {
            name: value for name, value in made.items() if name not in _ITS_OWN
        }
        assert [(each["minutes_before"], each["at"]) for each in following["reminders"]] == [
            (each["minutes_before"], each["at"]) for each in made["reminders"]
        ]
        assert again == {"task": answer["task"], "next": {**made, "pending": False}, "pending": False}

    async def test_the_last_occurrence_has_none_after_it(self, program: Program) -> None:
        task = await program.add(
            "Once", due={"date": "2026-07-15"}, recurrence={"rule": "FREQ=DAILY;COUNT=1"}
        )
        first = (await program.post(f"/tasks/{task['id']}/skip")).json()
        await _make_next(program, task)
        second = (await program.post(f"/tasks/{task['id']}/skip")).json()

        assert (first["next"], first["pending"]) == (None, False)
        assert first["task"] | {"recurrence": None} == second["task"]

    @pytest.mark.parametrize("verb", ["complete", "skip", "reopen", "restore"])
    async def test_twice_at_once_is_once(self, program: Program, verb: str) -> None:
        task = await program.add("Water plants", **DAILY)
        path = f"/tasks/{task['id']}"
        if verb == "reopen":
            await program.post(f"{path}/complete")
        if verb == "restore":
            await program.send("DELETE", path)
        heard = program.heard()

        answers = await asyncio.gather(*(program.post(f"{path}/{verb}") for _ in range(3)))

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert len(heard) == 1
        assert sum("undo-id" in answer.headers for answer in answers) == 1

    @pytest.mark.parametrize("verb", ["complete", "skip", "reopen", "restore"])
    async def test_a_stale_version_is_refused(self, program: Program, verb: str) -> None:
        task = await program.add("Water plants", **DAILY)
        path = f"/tasks/{task['id']}"
        await program.send("PATCH", path, {"title": "Other"})

        answer = await program.send("POST", f"{path}/{verb}", headers={"If-Match": '"1"'})

        assert answer.status_code == 412
        assert problem_of(answer)["task"]["title"] == "Other"

    async def test_only_what_repeats_can_be_skipped(self, program: Program) -> None:
        task = await program.add("Pay rent")

        assert (await program.post(f"/tasks/{task['id']}/skip")).status_code == 422
        await program.post(f"/tasks/{task['id']}/complete")
        assert (await program.post(f"/tasks/{task['id']}/skip")).status_code == 422

    async def test_what_lies_in_the_trash_is_restored_before_it_is_completed(self, program: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"
        await program.send("DELETE", path)

        assert (await program.post(f"{path}/complete")).status_code == 422
        assert (await program.post(f"{path}/restore")).json()["task"]["deleted_at"] is None
        assert (await program.post(f"{path}/complete")).status_code == 200

    async def test_a_body_that_says_something_is_refused(self, program: Program) -> None:
        task = await program.add("Pay rent")

        answer = await program.post(f"/tasks/{task['id']}/complete", at="2026-01-01")

        assert fields_at_fault(answer) == {"at"}


class TestMoving:
    async def test_a_task_goes_between_two_others(self, program: Program) -> None:
        one, two, three = [await program.add(title) for title in ("One", "Two", "Three")]

        answer = await program.post(f"/tasks/{three['id']}/move", after=one["id"], before=two["id"])

        assert answer.status_code == 200
        assert await program.titles(sort="manual") == ["One", "Three", "Two"]

    async def test_it_needs_a_place(self, program: Program) -> None:
        task = await program.add("One")

        assert fields_at_fault(await program.post(f"/tasks/{task['id']}/move")) == {"after"}


class TestManyAtOnce:
    async def test_all_of_them_change(self, program: Program) -> None:
        tasks = [await program.add(f"Task {number}", tags=["old", "kept"]) for number in range(3)]
        change = {"priority": "high", "project": "Flat", "add_tags": ["new"], "remove_tags": ["OLD"]}

        answer = await program.post("/tasks/bulk", ids=[task["id"] for task in tasks], change=change)

        found = answer.json()
        assert (found["matched"], found["changed"], found["dry_run"]) == (3, 3, False)
        assert [each["title"] for each in found["items"]] == ["Task 0", "Task 1", "Task 2"]
        assert found["undo"] == answer.headers["undo-id"]
        for task in (await program.get("/tasks")).json()["items"]:
            assert (task["priority"], task["project"], task["tags"]) == ("high", "Flat", ["kept", "new"])

        undone = await program.post(f"/undo/{found['undo']}")
        assert undone.json()["undone"] == 5  # the tag and the project are gone too
        assert [task["tags"] for task in (await program.get("/tasks")).json()["items"]] == [
            ["kept", "old"]
        ] * 3

    async def test_a_dry_run_says_what_would_change_and_changes_nothing(self, program: Program) -> None:
        high, low = await program.add("High", priority="high"), await program.add("Low", priority="low")
        heard = program.heard()

        answer = await program.post(
            "/tasks/bulk",
            ids=[high["id"], low["id"]],
            change={"priority": "high", "tags": ["new"], "status": "completed"},
            dry_run=True,
        )

        found = answer.json()
        assert (found["dry_run"], found["matched"], found["changed"], found["undo"]) == (True, 2, 2, None)
        assert heard == []
        assert (await program.get(f"/tasks/{low['id']}")).json() == low
        async with program.application.work.read(program.owner) as uow:
            assert await uow.tags.all() == []

    async def test_one_that_is_so_already_is_no_change(self, program: Program) -> None:
        high, low = await program.add("High", priority="high"), await program.add("Low", priority="low")

        found = (
            await program.post("/tasks/bulk", ids=[high["id"], low["id"]], change={"priority": "high"})
        ).json()

        assert [(each["title"], each["changed"]) for each in found["items"]] == [
            ("High", False),
            ("Low", True),
        ]

    @pytest.mark.parametrize(
        ("change", "lists"),
        [
            ({"status": "completed"}, {"completed": ["A", "B"]}),
            ({"deleted": True}, {"deleted": ["A", "B"]}),
            ({"status": "completed", "deleted": True, "title": "C"}, {"deleted": ["C", "C"]}),
        ],
    )
    async def test_they_can_be_closed_and_deleted_and_brought_back(
        self, program: Program, change: dict[str, Any], lists: dict[str, list[str]]
    ) -> None:
        ids = [(await program.add(title))["id"] for title in ("A", "B")]

        found = (await program.post("/tasks/bulk", ids=ids, change=change)).json()

        for status in ("open", "completed", "deleted"):
            assert await program.titles(status=status, sort="title") == lists.get(status, [])
        await program.post(f"/undo/{found['undo']}")
        assert await program.titles(status="open", sort="title") == ["A", "B"]

    async def test_none_changes_when_one_can_not(self, program: Program) -> None:
        task = await program.add("One")
        for ids, change, status in (
            ([task["id"], str(uuid4())], {"title": "Other"}, 404),
            ([task["id"]], {"title": ""}, 422),
            ([task["id"]], {"title": "Other", "reminders": [{"minutes_before": -1}]}, 422),
        ):
            answer = await program.post("/tasks/bulk", ids=ids, change=change)
            assert answer.status_code == status, answer.text
        assert (await program.get(f"/tasks/{task['id']}")).json() == task

    async def test_another_persons_tasks_are_not_there(self, program: Program, other: Program) -> None:
        theirs, mine = await other.add("Theirs"), await program.add("Mine")

        answer = await program.post("/tasks/bulk", ids=[mine["id"], theirs["id"]], change={"deleted": True})

        assert answer.status_code == 404
        assert await program.titles() == ["Mine"]
        assert await other.titles() == ["Theirs"]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"ids": [], "change": {"deleted": True}}, "ids"),
            ({"change": {"deleted": True}}, "ids"),
            ({"ids": [str(UUID(int=1))], "filter": "p1", "change": {"deleted": True}}, "ids"),
            ({"filter": "", "change": {"deleted": True}}, "filter"),
            ({"filter": "  ", "change": {"deleted": True}}, "filter"),
            ({"filter": "p1 |", "change": {"deleted": True}}, "filter"),
            ({"filter": "!p1", "change": {}}, "change"),
            ({"ids": None, "change": {"deleted": True}}, "ids"),
            ({"ids": [str(UUID(int=number)) for number in range(501)], "change": {"deleted": True}}, "ids"),
            ({"ids": [str(UUID(int=1))], "change": {}}, "change"),
            ({"ids": [str(UUID(int=1))]}, "change"),
            ({"ids": [str(UUID(int=1))], "change": {"status": "done"}}, "change.status"),
            ({"ids": [str(UUID(int=1))], "change": {"colour": "red"}}, "change.colour"),
            ({"ids": [str(UUID(int=1))], "change": {"deleted": True}, "force": True}, "force"),
        ],
    )
    async def test_an_empty_or_wrong_selection_is_an_error(
        self, program: Program, body: dict[str, Any], field: str
    ) -> None:
        await program.add("One")

        answer = await program.send("POST", "/tasks/bulk", body)

        assert fields_at_fault(answer) == {field}
        assert await program.titles() == ["One"]

    async def test_those_that_a_filter_finds_change(self, program: Program) -> None:
        for title, fields in {
            "Report": {"tags": ["work"]},
            "Plan": {"tags": ["work"], "priority": "high"},
            "Milk": {},
        }.items():
            await program.add(title, **fields)
        done = await program.add("Done", tags=["work"])
        await program.post(f"/tasks/{done['id']}/complete")

        dry = await program.post("/tasks/bulk", filter="#work", change={"deleted": True}, dry_run=True)
        real = await program.post("/tasks/bulk", filter="#work & !p1", change={"priority": "low"})
        none = await program.post("/tasks/bulk", filter="#nobody", change={"deleted": True})

        assert (dry.json()["matched"], dry.json()["changed"]) == (2, 2)
        assert [each["title"] for each in real.json()["items"]] == ["Report"]
        assert await program.titles(priority="low") == ["Report"]
        assert (none.json()["matched"], none.json()["undo"]) == (0, None)
        assert len(await program.titles()) == 4

    async def test_a_filter_that_finds_more_than_five_hundred_changes_nothing(self, program: Program) -> None:
        async with program.application.work.write(program.owner) as uow:
            for number in range(501):
                await add(uow, AddTask(f"Task {number}"))

        answer = await program.post("/tasks/bulk", filter="no project", change={"priority": "high"})

        assert fields_at_fault(answer) == {"filter"}
        assert await program.titles(priority="high") == []

    async def test_five_hundred_change_and_come_back_at_once(self, program: Program) -> None:
        async with program.application.work.write(program.owner) as uow:
            added = [await add(uow, AddTask(f"Task {number}")) for number in range(500)]
        ids = [str(task.id) for task in added]
        body = {"ids": ids, "change": {"priority": "high", "status": "completed", "add_tags": ["done"]}}

        answer = await program.send("POST", "/tasks/bulk", body, headers={"Idempotency-Key": "1"})
        again = await program.send("POST", "/tasks/bulk", body, headers={"Idempotency-Key": "1"})

        assert answer.json()["changed"] == 500
        assert again.content == answer.content
        undone = await program.post(f"/undo/{answer.json()['undo']}")
        assert undone.json()["undone"] == 1001
        async with program.application.work.read(program.owner) as uow:
            assert (await uow.tasks.counts.all())["all"] == 500
            assert await uow.tasks.counts.wrong() == set()


class TestUndo:
    async def test_every_change_names_what_takes_it_back(self, program: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"
        changed = await program.send("PATCH", path, {"title": "Other"})

        undone = await program.post(f"/undo/{changed.headers['undo-id']}")
        redone = await program.post(f"/undo/{undone.json()['undo']}")

        assert undone.json()["undone"] == redone.json()["undone"] == 1
        assert (await program.get(path)).json()["title"] == "Other"

    async def test_what_was_changed_since_is_not_lost(self, program: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"
        first = await program.send("PATCH", path, {"title": "One"})
        await program.send("PATCH", path, {"title": "Two"})

        assert (await program.post(f"/undo/{first.headers['undo-id']}")).status_code == 412
        assert (await program.get(path)).json()["title"] == "Two"

    async def test_nobody_takes_back_what_others_did(self, program: Program, other: Program) -> None:
        added = await program.post("/tasks", title="Pay rent")

        assert (await other.post(f"/undo/{added.headers['undo-id']}")).status_code == 404
        assert await program.titles() == ["Pay rent"]
