"""Tasks over REST: what is added, read, listed, changed and deleted, and what is refused."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.client import fields_at_fault, problem_of
from tests.api.conftest import Clock
from tests.api.v1.program import Program
from tests.security.lives import everything
from todo_app.domain.identity import Scope
from todo_app.services import tasks, undo

RENT = {
    "title": "Pay rent",
    "description": "To the landlord",
    "priority": "high",
    "tags": ["home", "Money"],
    "project": "Flat",
    "due": {"date": "2026-12-01", "time": "09:00", "timezone": "Europe/Berlin"},
    "recurrence": {"rule": "FREQ=MONTHLY;BYMONTHDAY=1"},
    "reminders": [{"minutes_before": 30}, {"at": "2026-12-01T07:00:00Z"}],
}


class TestAdding:
    async def test_every_field_is_answered_as_it_was_sent(self, program: Program) -> None:
        answer = await program.post("/tasks", **RENT)

        assert answer.status_code == 201
        task = answer.json()
        assert answer.headers["etag"] == '"1"'
        assert answer.headers["location"] == f"/api/v1/tasks/{task['id']}"
        assert {name: task[name] for name in RENT if name not in ("recurrence", "reminders")} == {
            name: value for name, value in RENT.items() if name not in ("recurrence", "reminders")
        }
        assert task["recurrence"] == {
            "rule": "FREQ=MONTHLY;BYMONTHDAY=1",
            "anchor": "schedule",
            "text": "every month on the 1st",
        }
        assert task["due_at"] == "2026-12-01T08:00:00Z"
        assert [(each["minutes_before"], each["at"]) for each in task["reminders"]] == [
            (30, None),
            (None, "2026-12-01T07:00:00Z"),
        ]
        assert (task["status"], task["version"], task["occurrence"]) == ("open", 1, "2026-12-01T09:00")

    async def test_what_is_answered_is_what_is_read_and_listed(self, program: Program) -> None:
        task = await program.add(**RENT)

        assert (await program.get(f"/tasks/{task['id']}")).json() == task
        assert (await program.get("/tasks")).json() == {"items": [task], "next_cursor": None}

    async def test_a_title_alone_will_do(self, program: Program) -> None:
        task = await program.add("  Buy \t milk ")

        assert task["title"] == "Buy milk"
        assert (task["description"], task["tags"], task["reminders"]) == ("", [], [])
        assert [task[name] for name in ("priority", "project", "due", "recurrence", "parent_id")] == [
            None
        ] * 5

    async def test_names_are_known_in_any_case_and_with_spaces(self, program: Program) -> None:
        await program.add("One", tags=["Home"], project="Flat")
        task = await program.add("Two", tags=[" home", "HOME"], project="flat ")

        assert (task["tags"], task["project"]) == (["Home"], "Flat")

    async def test_a_rule_in_words_brings_its_due_date(self, program: Program) -> None:
        task = await program.add("Water plants", recurrence={"text": "every monday at 9am"})

        assert task["recurrence"]["rule"] == "FREQ=WEEKLY;BYDAY=MO"
        assert task["due"] == {"date": "2026-07-20", "time": "09:00", "timezone": None}

    async def test_a_subtask_is_where_its_parent_is(self, program: Program) -> None:
        parent = await program.add("Move house", project="Flat")
        subtask = await program.add("Pack", parent_id=parent["id"])
        elsewhere = await program.post("/tasks", title="Pack", parent_id=parent["id"], project="Work")

        assert (subtask["parent_id"], subtask["project"]) == (parent["id"], "Flat")
        assert fields_at_fault(elsewhere) == {"project"}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "title"),
            ({"title": None}, "title"),
            ({"title": ""}, "title"),
            ({"title": " \n"}, "title"),
            ({"title": "x" * 501}, "title"),
            ({"title": "a\x00b"}, "title"),
            ({"title": "a\ud83db"}, "title"),
            ({"title": "A", "\ud83d": 1}, ""),
            ({"title": "A", "tags": ["\ud83d"]}, "tags"),
            ({"title": "a\x07b"}, "title"),
            ({"title": 7}, "title"),
            ({"title": "A", "description": None}, "description"),
            ({"title": "A", "description": "x" * 50_001}, "description"),
            ({"title": "A", "priority": ""}, "priority"),
            ({"title": "A", "priority": "urgent"}, "priority"),
            ({"title": "A", "tags": None}, "tags"),
            ({"title": "A", "tags": [""]}, "tags"),
            ({"title": "A", "tags": ['a"b']}, "tags"),
            ({"title": "A", "tags": [f"t{number}" for number in range(51)]}, "tags"),
            ({"title": "A", "project": ""}, "project"),
            ({"title": "A", "project": "\x00"}, "project"),
            ({"title": "A", "parent_id": "nobody"}, "parent_id"),
            ({"title": "A", "due": "tomorrow"}, "due"),
            ({"title": "A", "due": {"date": "2026-02-31"}}, "due"),
            ({"title": "A", "due": {"date": "20261201"}}, "due.date"),
            ({"title": "A", "due": {"date": "1700-01-01"}}, "due"),
            ({"title": "A", "due": {"date": "2026-12-01", "time": ""}}, "due.time"),
            ({"title": "A", "due": {"date": "2026-12-01", "time": "24:00"}}, "due"),
            ({"title": "A", "due": {"date": "2026-12-01", "timezone": "Europe/Berlin"}}, "due"),
            ({"title": "A", "due": {"date": "2026-12-01", "time": "09:00", "timezone": "Mars"}}, "timezone"),
            ({"title": "A", "due": {"date": "2026-12-01", "zone": "UTC"}}, "due.zone"),
            ({"title": "A", "recurrence": {"rule": "FREQ=HOURLY"}}, "rule"),
            ({"title": "A", "recurrence": {}}, "recurrence"),
            ({"title": "A", "recurrence": {"rule": "FREQ=DAILY", "text": "daily"}}, "recurrence"),
            ({"title": "A", "recurrence": {"text": "now and then"}}, "recurrence"),
            ({"title": "A", "reminders": [{}]}, "reminders"),
            ({"title": "A", "reminders": [{"minutes_before": -1}]}, "reminders"),
            ({"title": "A", "reminders": [{"minutes_before": 10**30}]}, "reminders"),
            ({"title": "A", "reminders": [{"at": "2026-12-01T07:00:00"}]}, "reminders"),
            ({"title": "A", "reminders": [{"at": "2020-01-01T00:00:00Z"}]}, "reminders"),
            ({"title": "A", "id": "7"}, "id"),
            ({"title": "A", "colour": "red"}, "colour"),
        ],
    )
    async def test_what_can_t_be_is_named_and_nothing_is_added(
        self, program: Program, body: dict[str, Any], field: str
    ) -> None:
        answer = await program.send("POST", "/tasks", body)

        assert answer.status_code == 422, answer.text
        assert {each.split(".0")[0] for each in fields_at_fault(answer)} == {field}
        assert await program.titles() == []
        async with program.application.work.read(program.owner) as uow:
            assert await uow.tags.all() == []

    @pytest.mark.parametrize("body", ["[]", '"x"', "null", "7"])
    async def test_a_body_that_is_no_object_is_refused(self, program: Program, body: str) -> None:
        headers = {**program.headers, "Content-Type": "application/json"}
        answer = await program.browser.post("/api/v1/tasks", content=body, headers=headers)

        assert answer.status_code == 422

    @pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"title": 1e999999', b"[" * 100_000])
    async def test_a_body_that_is_no_json_is_malformed(self, program: Program, body: bytes) -> None:
        headers = {**program.headers, "Content-Type": "application/json"}
        answer = await program.browser.post("/api/v1/tasks", content=body, headers=headers)

        assert answer.status_code == 400
        problem_of(answer)


class TestReading:
    async def test_another_persons_task_is_not_there(self, program: Program, other: Program) -> None:
        task = await program.add("Pay rent")

        answer = await other.get(f"/tasks/{task['id']}")

        assert answer.status_code == 404
        problem_of(answer)
        assert await other.titles() == []

    async def test_one_that_is_known_already_is_not_sent_again(self, program: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"

        same = await program.get(path, headers={"If-None-Match": '"1"'})
        other = await program.get(path, headers={"If-None-Match": '"2"'})

        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
        assert other.status_code == 200

    async def test_an_id_that_is_none_is_refused(self, program: Program) -> None:
        assert (await program.get("/tasks/7")).status_code == 422
        assert (await program.get(f"/tasks/{uuid4()}")).status_code == 404


async def _shelf(program: Program) -> None:
    """Some tasks that differ in everything that lists look at."""
    await program.add("Pay rent", tags=["home"], project="Flat", priority="high", due={"date": "2026-07-20"})
    await program.add("Call Ben", tags=["work"], priority="low", due={"date": "2026-07-15", "time": "18:00"})
    await program.add("Report", tags=["work", "home"], project="Office", description="Numbers of June")
    done = await program.add("Buy milk", priority="medium", due={"date": "2026-07-16"})
    gone = await program.add("Old news")
    async with program.application.work.write(program.owner) as uow:
        await tasks.complete(uow, [UUID(done["id"])])
        await tasks.delete(uow, [UUID(gone["id"])])


def _place(*values: str | None) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


class TestListing:
    @pytest.mark.parametrize(
        ("parameters", "expected"),
        [
            ({}, {"Pay rent", "Call Ben", "Report", "Buy milk"}),
            ({"status": "open"}, {"Pay rent", "Call Ben", "Report"}),
            ({"status": "completed"}, {"Buy milk"}),
            ({"status": "deleted"}, {"Old news"}),
            ({"status": ["open", "completed", "deleted"]}, {"Pay rent", "Call Ben", "Report", "Buy milk", "Old news"}),
            ({"priority": "high"}, {"Pay rent"}),
            ({"priority": ["high", "none"]}, {"Pay rent", "Report"}),
            ({"tag": "Home"}, {"Pay rent", "Report"}),
            ({"tag": ["home", "work"]}, {"Pay rent", "Call Ben", "Report"}),
            ({"tag": "unknown"}, set()),
            ({"project": "flat"}, {"Pay rent"}),
            ({"project": ["flat", "office"]}, {"Pay rent", "Report"}),
            ({"project": ""}, {"Call Ben", "Buy milk"}),
            ({"project": ["", "flat"]}, {"Call Ben", "Buy milk", "Pay rent"}),
            ({"due_after": "2026-07-16"}, {"Pay rent", "Buy milk"}),
            ({"due_before": "2026-07-16"}, {"Call Ben", "Buy milk"}),
            ({"due_after": "2026-07-16", "due_before": "2026-07-16"}, {"Buy milk"}),
            ({"due_before": "2026-07-15T16:00:00Z"}, {"Call Ben"}),
            ({"due_before": "2026-07-15T17:59:59"}, set()),
            ({"q": "rent"}, {"Pay rent"}),
            ({"q": "num jun"}, {"Report"}),
            ({"q": "?!"}, set()),
            ({"q": "news"}, set()),
            ({"tag": "home", "priority": "high", "q": "pay", "project": "Flat", "status": "open"}, {"Pay rent"}),
        ],
    )  # fmt: skip
    async def test_a_filter_lets_through_what_it_says(
        self, program: Program, parameters: dict[str, Any], expected: set[str]
    ) -> None:
        await _shelf(program)

        assert set(await program.titles(**parameters)) == expected

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("due", ["Call Ben", "Buy milk", "Pay rent", "Report"]),
            ("created", ["Pay rent", "Call Ben", "Report", "Buy milk"]),
            ("priority", ["Pay rent", "Buy milk", "Call Ben", "Report"]),
            ("title", ["Buy milk", "Call Ben", "Pay rent", "Report"]),
            ("manual", ["Pay rent", "Call Ben", "Report", "Buy milk"]),
        ],
    )
    async def test_each_order_goes_both_ways(
        self, program: Program, clock: Clock, sort: str, expected: list[str]
    ) -> None:
        # Open and completed ones are walked apart, so the order must hold between them too.
        await _shelf(program)

        assert await program.titles(sort=sort) == expected
        assert await program.titles(sort=f"-{sort}") == expected[::-1]

    @pytest.mark.parametrize("sort", ["due", "-created", "priority", "-title", "manual"])
    async def test_page_by_page_everything_comes_once(self, program: Program, sort: str) -> None:
        due = {"date": "2026-07-20"}
        added = {
            (await program.add(f"Task {number % 4}", due=due if number % 2 else None))["id"]
            for number in range(11)
        }
        whole = [task["id"] for task in (await program.get("/tasks", sort=sort)).json()["items"]]

        found, cursor = [], {}
        for _ in range(4):
            answer = (await program.get("/tasks", sort=sort, limit=3, **cursor)).json()
            found += [task["id"] for task in answer["items"]]
            cursor = {"cursor": answer["next_cursor"]}

        assert cursor == {"cursor": None}
        assert found == whole
        assert set(found) == added

    async def test_a_cursor_goes_with_its_query_alone(self, program: Program) -> None:
        for number in range(3):
            await program.add(f"Task {number}", tags=["home"])
        cursor = (await program.get("/tasks", limit=1, tag="home")).json()["next_cursor"]

        assert (await program.get("/tasks", tag="home", cursor=cursor)).status_code == 200
        for query in ({}, {"tag": "work"}, {"tag": "home", "sort": "title"}, {"tag": "home", "q": "task"}):
            assert fields_at_fault(await program.get("/tasks", cursor=cursor, **query)) == {"cursor"}

    @pytest.mark.parametrize(
        ("sort", "place"),
        [
            ("created", ""),
            ("created", "x"),
            ("created", "W10"),
            ("created", "WyIyMDI2LTAxLTAxIl0"),
            ("created", "eyJhIjoxfQ"),
            ("created", _place("0001-01-01T00:00+23:59", str(UUID(int=1)))),
            ("created", _place(None, None)),
            ("title", _place("a\0b", str(UUID(int=1)))),
            ("title", _place("\ud800", str(UUID(int=1)))),
            ("title", _place("a", "nobody")),
            ("priority", _place("urgent", "2026-01-01T00:00:00", str(UUID(int=1)))),
        ],
    )
    async def test_a_forged_cursor_is_refused(self, program: Program, sort: str, place: str) -> None:
        for number in range(2):
            await program.add(f"Task {number}")
        good = (await program.get("/tasks", limit=1, sort=sort)).json()["next_cursor"]

        answer = await program.get("/tasks", sort=sort, cursor=f"{good.split('.')[0]}.{place}")

        assert fields_at_fault(answer) == {"cursor"}

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=ten", "limit"),
            ("limit=1&limit=2", "limit"),
            ("sort=colour", "sort"),
            ("status=done", "status.0"),
            ("priority=", "priority.0"),
            ("due_after=soon", "due_after"),
            ("due_before=0001-01-01T00:00:00%2B23:59", "due_before"),
            ("verbose=1", "verbose"),
            ("filters=p1", "filters"),
            ("cursor=nonsense", "cursor"),
            ("q=a%00b", "q"),
            ("tag=a%00b", "tag.0"),
            ("Limit=5", "Limit"),
        ],
    )
    async def test_a_parameter_that_can_t_be_is_named(self, program: Program, query: str, field: str) -> None:
        answer = await program.get(f"/tasks?{query}")

        assert answer.status_code == 422, answer.text
        assert fields_at_fault(answer) == {field}


class TestChanging:
    async def test_only_what_is_named_changes(self, program: Program) -> None:
        task = await program.add(**RENT)

        answer = await program.send("PATCH", f"/tasks/{task['id']}", {"title": "Pay the rent"})

        changed = answer.json()
        assert answer.headers["etag"] == '"2"'
        assert {name for name in task if task[name] != changed[name]} == {"title", "version"}

    @pytest.mark.parametrize(
        ("field", "cleared"),
        [("description", ""), ("priority", None), ("project", None), ("due", None), ("tags", []), ("reminders", []), ("recurrence", None)],
    )  # fmt: skip
    async def test_each_field_can_be_cleared(self, program: Program, field: str, cleared: Any) -> None:
        task = await program.add(**{name: value for name, value in RENT.items() if name != "recurrence"})
        if field == "recurrence":
            await program.send("PATCH", f"/tasks/{task['id']}", {"recurrence": {"text": "every day"}})

        changed = (await program.send("PATCH", f"/tasks/{task['id']}", {field: cleared})).json()

        assert changed[field] == cleared
        untouched = {"title", "description", "priority", "project", "due", "tags"} - {field}
        assert {name: changed[name] for name in untouched} == {name: task[name] for name in untouched}

    @pytest.mark.parametrize(
        "body", [{"title": ""}, {"title": None}, {"description": None}, {"priority": ""}, {"project": ""}, {"tags": None}, {"due": ""}, {"status": "open"}, {"version": 2}]
    )  # fmt: skip
    async def test_what_means_nothing_is_refused(self, program: Program, body: dict[str, Any]) -> None:
        task = await program.add(**RENT)

        answer = await program.send("PATCH", f"/tasks/{task['id']}", body)

        assert fields_at_fault(answer) == set(body)
        assert (await program.get(f"/tasks/{task['id']}")).json() == task

    async def test_every_field_can_be_set(self, program: Program) -> None:
        parent = await program.add("Home")
        task = await program.add("Other")
        body = {**RENT, "parent_id": parent["id"]}

        changed = (await program.send("PATCH", f"/tasks/{task['id']}", body)).json()

        for name in ("title", "description", "priority", "tags", "project", "due", "parent_id"):
            assert changed[name] == body[name]
        assert changed["recurrence"]["rule"] == RENT["recurrence"]["rule"]  # type: ignore[index]
        assert len(changed["reminders"]) == 2

    async def test_a_change_based_on_an_old_version_is_refused_with_the_present_one(
        self, program: Program
    ) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"
        current = (await program.send("PATCH", path, {"priority": "high"})).json()

        for method, body in (("PATCH", {"title": "Other"}), ("DELETE", None)):
            answer = await program.send(method, path, body, headers={"If-Match": '"1"'})
            assert answer.status_code == 412
            assert problem_of(answer)["task"] == current

        for tag in ('"2"', '"1", "2"', "*", 'W/"2"'):
            answer = await program.send("PATCH", path, {"priority": "high"}, headers={"If-Match": tag})
            assert answer.status_code == 200, tag

    async def test_of_two_changes_based_on_the_same_version_one_wins(self, program: Program) -> None:
        task = await program.add("Pay rent")

        answers = await asyncio.gather(
            *(
                program.send("PATCH", f"/tasks/{task['id']}", {"title": title}, headers={"If-Match": '"1"'})
                for title in ("One", "Two")
            )
        )

        assert sorted(answer.status_code for answer in answers) == [200, 412]

    async def test_another_persons_task_can_t_be_changed(self, program: Program, other: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"

        assert (await other.send("PATCH", path, {"title": "Mine"})).status_code == 404
        assert (await other.send("DELETE", path)).status_code == 404
        assert (await other.post("/tasks", title="Mine", parent_id=task["id"])).status_code == 404
        assert (await program.get(path)).json() == task


class TestHangingElsewhere:
    async def test_a_task_can_hang_below_another_and_at_the_top_again(self, program: Program) -> None:
        parent = await program.add("Move house", project="Flat")
        task = await program.add("Pack")
        path = f"/tasks/{task['id']}"

        below = (await program.send("PATCH", path, {"parent_id": parent["id"]})).json()
        above = (await program.send("PATCH", path, {"parent_id": None})).json()

        assert (below["parent_id"], below["project"]) == (parent["id"], "Flat")
        assert (above["parent_id"], above["project"]) == (None, "Flat")
        async with program.application.work.read(program.owner) as uow:
            assert await uow.tasks.counts.wrong() == set()

    async def test_it_makes_no_ring(self, program: Program) -> None:
        top = await program.add("Top")
        middle = await program.add("Middle", parent_id=top["id"])
        bottom = await program.add("Bottom", parent_id=middle["id"])

        for parent in (top, middle, bottom):
            answer = await program.send("PATCH", f"/tasks/{top['id']}", {"parent_id": parent["id"]})
            assert fields_at_fault(answer) == {"parent_id"}

    async def test_neither_do_two_at_once(self, program: Program) -> None:
        one, two = await program.add("One"), await program.add("Two")

        answers = await asyncio.gather(
            program.send("PATCH", f"/tasks/{one['id']}", {"parent_id": two["id"]}),
            program.send("PATCH", f"/tasks/{two['id']}", {"parent_id": one["id"]}),
        )

        assert sorted(answer.status_code for answer in answers) == [200, 422]

    async def test_it_goes_no_deeper_than_subtasks_may(self, program: Program) -> None:
        chain = [await program.add("1")]
        for depth in range(2, 5):
            chain.append(await program.add(str(depth), parent_id=chain[-1]["id"]))
        pair = await program.add("Pair")
        await program.add("Below", parent_id=pair["id"])

        async def hang(below: dict[str, Any]) -> int:
            body = {"parent_id": below["id"]}
            return (await program.send("PATCH", f"/tasks/{pair['id']}", body)).status_code

        assert await hang(chain[3]) == 422
        assert await hang(chain[2]) == 200

    async def test_it_can_be_undone(self, program: Program) -> None:
        parent = await program.add("Move house", project="Flat")
        task = await program.add("Pack", project="Work")
        moved = await program.send("PATCH", f"/tasks/{task['id']}", {"parent_id": parent["id"]})

        async with program.application.work.write(program.owner) as uow:
            await undo.undo(uow, UUID(moved.headers["undo-id"]))

        back = (await program.get(f"/tasks/{task['id']}")).json()
        assert (back["parent_id"], back["project"]) == (None, "Work")


class TestDeleting:
    async def test_a_deleted_task_lies_in_the_trash(self, program: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"

        answers = [await program.send("DELETE", path) for _ in range(2)]

        assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
        assert [bool(answer.headers.get("undo-id")) for answer in answers] == [True, False]
        assert (await program.get(path)).json()["deleted_at"] is not None
        assert await program.titles() == []

    async def test_what_is_removed_for_good_is_gone(self, program: Program) -> None:
        task = await program.add("Pay rent")
        path = f"/tasks/{task['id']}"

        assert (await program.send("DELETE", f"{path}?purge=true")).status_code == 422
        await program.send("DELETE", path)
        assert (await program.send("DELETE", f"{path}?purge=true")).status_code == 204
        assert (await program.get(path)).status_code == 404
        assert (await program.send("DELETE", path)).status_code == 404


class TestKeys:
    async def test_the_same_request_is_carried_out_once(self, program: Program) -> None:
        headers = {"Idempotency-Key": "7"}
        first = await program.send("POST", "/tasks", {"title": "Pay rent"}, headers=headers)
        again = await program.send("POST", "/tasks", {"title": "Pay rent"}, headers=headers)

        assert again.status_code == first.status_code == 201
        assert again.content == first.content
        names = ("etag", "location", "undo-id", "content-type")
        assert [again.headers[name] for name in names] == [first.headers[name] for name in names]
        assert await program.titles() == ["Pay rent"]

    async def test_another_request_with_the_key_is_refused(self, program: Program) -> None:
        headers = {"Idempotency-Key": "7"}
        await program.send("POST", "/tasks", {"title": "Pay rent"}, headers=headers)

        for path, body in (("/tasks", {"title": "Other"}), ("/quick-add", {"text": "Pay rent"})):
            answer = await program.send("POST", path, body, headers=headers)
            assert answer.status_code == 409
            assert fields_at_fault(answer) == {"Idempotency-Key"}
        assert await program.titles() == ["Pay rent"]

    async def test_the_keys_of_others_are_their_own(self, program: Program, other: Program) -> None:
        headers = {"Idempotency-Key": "7"}
        mine = await program.send("POST", "/tasks", {"title": "Pay rent"}, headers=headers)
        theirs = await other.send("POST", "/tasks", {"title": "Pay rent"}, headers=headers)

        assert theirs.status_code == 201
        assert theirs.json()["id"] != mine.json()["id"]

    async def test_a_request_that_failed_can_be_mended_under_its_key(self, program: Program) -> None:
        headers = {"Idempotency-Key": "7"}

        assert (await program.send("POST", "/tasks", {"title": ""}, headers=headers)).status_code == 422
        assert (await program.send("POST", "/tasks", {"title": "A"}, headers=headers)).status_code == 201

    async def test_many_at_once_make_one_task(self, program: Program) -> None:
        headers = {"Idempotency-Key": "7"}

        answers = await asyncio.gather(
            *(program.send("POST", "/tasks", {"title": "Pay rent"}, headers=headers) for _ in range(8))
        )

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert await program.titles() == ["Pay rent"]

    async def test_after_a_day_a_key_is_free_again(self, program: Program, clock: Clock) -> None:
        headers = {"Idempotency-Key": "7"}
        await program.send("POST", "/tasks", {"title": "One"}, headers=headers)

        clock.advance(timedelta(hours=24, seconds=1))
        answer = await program.send("POST", "/tasks", {"title": "Two"}, headers=headers)

        assert answer.status_code == 201
        assert sorted(await program.titles()) == ["One", "Two"]

    @pytest.mark.parametrize("key", ["", "x" * 256])
    async def test_a_key_that_is_none_is_refused(self, program: Program, key: str) -> None:
        answer = await program.send("POST", "/tasks", {"title": "A"}, headers={"Idempotency-Key": key})

        assert fields_at_fault(answer) == {"Idempotency-Key"}

    async def test_neither_key_nor_answer_can_be_read_in_the_database(self, program: Program) -> None:
        await program.send(
            "POST", "/tasks", {"title": "Pay rent"}, headers={"Idempotency-Key": "key-of-mine"}
        )

        rows = str((await everything(program.application))["idempotency_keys"])
        assert re.search("[0-9a-f]{64}", rows)
        assert "Pay rent" not in rows
        assert "key-of-mine" not in rows


async def test_fifty_at_once_are_all_there(program: Program) -> None:
    answers = await asyncio.gather(
        *(program.post("/tasks", title=f"Task {n}", tags=["t"]) for n in range(50))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert sorted(await program.titles(limit=100)) == sorted(f"Task {n}" for n in range(50))


async def test_a_token_that_may_only_read_changes_nothing(program: Program) -> None:
    task = await program.add("Pay rent")
    await program.use(Scope.READ)
    path = f"/tasks/{task['id']}"

    answers = [
        await program.post("/tasks", title="Other"),
        await program.send("PATCH", path, {"title": "Other"}),
        await program.send("DELETE", path),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (await program.get(path)).json() == task


async def test_fifty_tasks_fit_into_twenty_kilobytes_on_the_wire(program: Program) -> None:
    for number in range(50):
        await program.add(
            f"Task number {number} of an ordinary list", tags=["home"], due={"date": "2026-07-20"}
        )

    answer = await program.get("/tasks", headers={"Accept-Encoding": "gzip"})

    assert len(answer.json()["items"]) == 50
    assert int(answer.headers["content-length"]) <= 20_000
