"""Filters over REST: in words in the address, and saved ones."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.api.client import fields_at_fault, problem_of
from tests.api.v1.program import Program


class TestInTheAddress:
    async def test_it_finds_open_tasks_unless_it_says_otherwise(self, program: Program) -> None:
        await program.add("Report", tags=["work"], priority="high")
        await program.add("Plan", tags=["work"], due={"date": "2020-01-01"})
        await program.add("Milk", project="Flat")
        done = await program.add("Done", tags=["work"])
        await program.post(f"/tasks/{done['id']}/complete")

        async def titles(text: str, **others: str) -> set[str]:
            return set(await program.titles(filter=text, **others))

        assert await titles("#work & (p1 | overdue)") == {"Report", "Plan"}
        assert await titles("#work") == {"Report", "Plan"}
        assert await titles("#work", status="completed") == {"Done"}
        assert await titles("#work & (open | completed after: -7 days)") == {"Report", "Plan", "Done"}
        assert await titles("completed") == {"Done"}
        assert await titles('+flat | "rep"') == {"Milk", "Report"}
        assert await titles("#work", priority="high", q="report") == {"Report"}
        assert await titles("#nobody") == set()

    async def test_its_pages_follow_each_other_and_no_other_filter_s(self, program: Program) -> None:
        for number in range(5):
            await program.add(f"Task {number}", tags=["work"])
        await program.add("Other")

        first = (await program.get("/tasks", filter="#work", limit=3, sort="title")).json()
        rest = (
            await program.get("/tasks", filter="#work", limit=3, sort="title", cursor=first["next_cursor"])
        ).json()
        other = await program.get("/tasks", filter="p4", limit=3, sort="title", cursor=first["next_cursor"])

        assert [task["title"] for task in first["items"] + rest["items"]] == [f"Task {n}" for n in range(5)]
        assert rest["next_cursor"] is None
        assert fields_at_fault(other) == {"cursor"}

    @pytest.mark.parametrize(
        ("text", "position", "says"),
        [
            ("", 0, "Write a condition"),
            ("#work p1", 6, "Write & (and) or | (or) before “p1”."),
            ("due before: someday", 0, "“someday” is no date"),
            ("x" * 1001, 1000, "at most 1,000"),
            ("\x00", 0, None),
        ],
    )
    async def test_one_that_can_t_be_read_says_why_and_where(
        self, program: Program, text: str, position: int, says: str | None
    ) -> None:
        answer = await program.get("/tasks", filter=text)

        assert answer.status_code == 422
        assert fields_at_fault(answer) == {"filter"}
        if says is not None:
            assert problem_of(answer)["position"] == position
            assert says in problem_of(answer)["detail"]

    async def test_nobody_else_s_tasks_are_found(self, program: Program, other: Program) -> None:
        await other.add("Theirs", tags=["work"])
        await program.add("Mine", tags=["work"])

        assert await program.titles(filter="#work | !#work") == ["Mine"]


class TestSaved:
    async def test_one_is_saved_read_listed_changed_and_deleted(self, program: Program) -> None:
        await program.add("Report", tags=["work"])
        answer = await program.post("/filters", name="Work", query="#work & !#gone")
        saved = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/api/v1/filters/{saved['id']}"
        assert (saved["name"], saved["query"], saved["unknown"]) == ("Work", "#work & !#gone", ["#gone"])
        assert (await program.get("/filters")).json() == {"items": [saved], "next_cursor": None}

        path = f"/filters/{saved['id']}"
        assert (await program.get(path)).json() == saved
        changed = await program.send("PATCH", path, {"query": "p1"}, headers={"If-Match": '"1"'})
        assert (changed.json()["name"], changed.json()["query"]) == ("Work", "p1")
        assert changed.headers["etag"] == '"2"'
        assert (await program.send("DELETE", path)).status_code == 204
        assert (await program.get(path)).status_code == 404
        undone = await program.send("DELETE", path)
        assert undone.status_code == 404

    async def test_what_was_done_is_undone(self, program: Program) -> None:
        saved = (await program.post("/filters", name="Work", query="#work")).json()
        gone = await program.send("DELETE", f"/filters/{saved['id']}")

        await program.post(f"/undo/{gone.headers['undo-id']}")

        assert [each["name"] for each in (await program.get("/filters")).json()["items"]] == ["Work"]

    async def test_they_stand_in_the_order_they_are_put(self, program: Program) -> None:
        ids = [(await program.post("/filters", name=name, query="p1")).json()["id"] for name in "abc"]

        await program.send("PATCH", f"/filters/{ids[2]}", {"after": None})
        await program.send("PATCH", f"/filters/{ids[0]}", {"after": ids[1]})

        items = (await program.get("/filters")).json()["items"]
        assert "".join(each["name"] for each in items) == "cba"

    async def test_they_come_in_pages(self, program: Program) -> None:
        for name in "abc":
            await program.post("/filters", name=name, query="p1")

        first = (await program.get("/filters", limit=2)).json()
        rest = (await program.get("/filters", limit=2, cursor=first["next_cursor"])).json()

        assert [[each["name"] for each in page["items"]] for page in (first, rest)] == [["a", "b"], ["c"]]
        assert rest["next_cursor"] is None
        assert fields_at_fault(await program.get("/filters", cursor="nonsense")) == {"cursor"}

    async def test_a_stale_version_changes_nothing(self, program: Program) -> None:
        saved = (await program.post("/filters", name="Work", query="#work")).json()
        path = f"/filters/{saved['id']}"
        await program.send("PATCH", path, {"name": "Job"})
        for method, body in (("PATCH", {"name": "Other"}), ("DELETE", None)):
            answer = await program.send(method, path, body, headers={"If-Match": '"1"'})
            assert answer.status_code == 412
            assert problem_of(answer)["filter"]["name"] == "Job"
        assert (await program.get(path)).json()["name"] == "Job"

    @pytest.mark.parametrize(
        ("body", "status", "field"),
        [
            ({"name": "", "query": "p1"}, 422, "name"),
            ({"name": "x" * 81, "query": "p1"}, 422, "name"),
            ({"name": "work", "query": "p1"}, 409, "name"),
            ({"name": "Other", "query": ""}, 422, "query"),
            ({"name": "Other", "query": "p1 |"}, 422, "query"),
            ({"name": "Other"}, 422, "query"),
            ({"name": "Other", "query": "p1", "colour": "red"}, 422, "colour"),
        ],
    )
    async def test_what_can_t_be_is_refused_at_its_field(
        self, program: Program, body: dict[str, str], status: int, field: str
    ) -> None:
        await program.post("/filters", name="Work", query="#work")

        answer = await program.send("POST", "/filters", body)

        assert (answer.status_code, fields_at_fault(answer)) == (status, {field})
        assert len((await program.get("/filters")).json()["items"]) == 1

    async def test_nobody_else_s_is_there(self, program: Program, other: Program) -> None:
        theirs = (await other.post("/filters", name="Work", query="#work")).json()

        for method, body in (("GET", None), ("PATCH", {"name": "Mine"}), ("DELETE", None)):
            assert (await program.send(method, f"/filters/{theirs['id']}", body)).status_code == 404
        assert (await program.get("/filters")).json()["items"] == []
        mine = (await program.post("/filters", name="Work", query="p1")).json()
        moved = await program.send("PATCH", f"/filters/{mine['id']}", {"after": theirs["id"]})
        assert moved.status_code == 404
        assert (await program.get(f"/filters/{uuid4()}")).status_code == 404
