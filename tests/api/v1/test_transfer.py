"""`/export` and `/import`: what goes out comes in, a look first, and nothing twice."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.api.client import problem_of
from tests.api.v1.program import Program

CSV = "title,priority\r\nCall Ben,high\r\nBuy milk,\r\n"


async def _send(program: Program, content: str | bytes, path: str = "/import", **headers: str) -> Any:
    return await program.browser.post(
        f"/api/v1{path}", content=content, headers={**program.headers, "Content-Type": "text/csv", **headers}
    )


async def test_an_export_can_be_imported_by_somebody_else(program: Program, other: Program):
    task = await program.add("Pay rent", tags=["home"], project="Flat", priority="high")
    await program.add("A step", parent_id=task["id"])

    answer = await program.get("/export")
    report = (await _send(other, answer.content)).json()

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"].startswith('attachment; filename="punctual-')
    assert {each["title"] for each in answer.json()["tasks"]} == {"Pay rent", "A step"}
    assert (report["done"], report["created"], report["new_tags"]) == (True, 2, ["home"])
    assert sorted(await other.titles()) == ["A step", "Pay rent"]


async def test_a_table_is_exported_too(program: Program):
    await program.add("=1+1")

    answer = await program.get("/export", format="csv")

    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["title"] == "'=1+1"


async def test_a_look_changes_nothing_and_says_what_would_come(program: Program):
    report = (await _send(program, CSV, "/import?dry_run=true")).json()

    assert (report["done"], report["created"], report["undo"]) == (False, 2, None)
    assert report["rows"][0] == {"row": 2, "title": "Call Ben", "outcome": "create", "notes": []}
    assert await program.titles() == []


async def test_a_wrong_row_is_a_problem_that_names_it(program: Program):
    answer = await _send(program, "title,priority\nFine,\nBroken,urgent\n")

    assert answer.status_code == 422
    problem = problem_of(answer)
    assert [error["field"] for error in problem["errors"]] == ["rows.3.priority"]
    assert problem["report"]["rejected"] == 1
    assert await program.titles() == []


async def test_a_form_with_the_file_is_taken_too(program: Program):
    answer = await program.browser.post(
        "/api/v1/import",
        files={"file": ("Balcony.csv", b"TYPE,CONTENT\ntask,Repot the basil\n")},
        headers=program.headers,
    )

    assert answer.json()["new_projects"] == ["Balcony"]
    assert answer.json()["format"] == "todoist"
    empty = await program.browser.post(
        "/api/v1/import", files={"other": ("x", b"x")}, headers=program.headers
    )
    assert empty.status_code == 422
    for kind in ("", "?format=todoist", "?format=csv", "?format=ticktick"):
        nothing = await program.browser.post(f"/api/v1/import{kind}", content=b'""', headers=program.headers)
        assert nothing.status_code in (200, 422)


async def test_one_undo_takes_an_import_back(program: Program):
    answer = await _send(program, CSV)
    assert answer.headers["undo-id"] == answer.json()["undo"]

    undone = await program.send("POST", f"/undo/{answer.json()['undo']}")

    assert undone.status_code == 200, undone.text
    assert await program.titles() == []


async def test_the_same_request_again_is_answered_as_before(program: Program):
    first = await _send(program, CSV, **{"Idempotency-Key": "once"})
    again = await _send(program, CSV, **{"Idempotency-Key": "once"})
    another = await _send(program, CSV + "More,\r\n", **{"Idempotency-Key": "once"})

    assert again.json() == first.json()
    assert again.headers["undo-id"] == first.headers["undo-id"]
    assert another.status_code == 409
    assert len(await program.titles()) == 2


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/import", b"", 422),
        ("/import", b"\x00\x01binary\x00", 422),
        ("/import", json.dumps({"no": "tasks"}), 422),
        ("/import?format=odd", CSV, 422),
        ("/import?dry_run=perhaps", CSV, 422),
        ("/import?unknown=1", CSV, 422),
    ],
)
async def test_what_can_not_be_is_a_problem(program: Program, path: str, content: Any, status: int):
    answer = await _send(program, content, path)

    assert answer.status_code == status, answer.text
    problem_of(answer)


async def test_a_file_is_larger_than_other_bodies_may_be_but_not_endless(program: Program):
    large = "title\r\n" + "".join(f"Task {number} {'x' * 400}\r\n" for number in range(1_000))

    assert (await _send(program, large, "/import?dry_run=true")).json()["created"] == 1_000
    too_large = await _send(program, b"title\n", **{"Content-Length": str(1 << 30)})
    assert too_large.status_code == 413


async def test_nobody_sends_a_file_without_a_token(program: Program):
    program.headers = {"Authorization": "Bearer punctual_nonsense"}

    assert (await _send(program, CSV)).status_code == 401
    assert (await program.get("/export")).status_code == 401
