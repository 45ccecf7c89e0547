"""The description of the API: valid, complete, true to what is answered, and readable by people."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.api.v1.program import Program

DAILY: dict[str, Any] = {"due": {"date": "2026-07-15"}, "recurrence": {"rule": "FREQ=DAILY"}}


@pytest.fixture
async def description(program: Program) -> dict[str, Any]:
    found: dict[str, Any] = (await program.browser.get("/api/v1/openapi.json")).json()
    return found


def _operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def _validator(description: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": description["components"]})


async def test_it_says_where_it_is_and_who_may(description: dict[str, Any]) -> None:
    assert re.match(r"3\.1\.", description["openapi"])
    assert description["servers"] == [{"url": "/api/v1"}]
    assert description["security"] == [{"token": []}, {"session": [], "csrf": []}]


async def test_every_error_is_a_problem_document(description: dict[str, Any]) -> None:
    wrong = []
    for name, operation in _operations(description):
        errors = {status: each for status, each in operation["responses"].items() if status >= "400"}
        kinds = {kind for each in errors.values() for kind in each["content"]}
        if kinds != {"application/problem+json"} or not {"401", "403", "422", "429"} <= errors.keys():
            wrong.append(name)
    assert wrong == []


async def test_examples_are_what_their_schemas_say(description: dict[str, Any]) -> None:
    wrong = {}
    schemas = description["components"]["schemas"]
    for name, schema in schemas.items():
        for example in schema.get("examples", []):
            for error in _validator(description, schema).iter_errors(example):
                wrong[name] = error.message
    bodies = {
        each["schema"].get("$ref", "").rpartition("/")[2]
        for _, operation in _operations(description)
        for each in operation.get("requestBody", {}).get("content", {}).values()
    }
    assert wrong == {}
    assert [name for name in bodies if name and "examples" not in schemas[name]] == []


async def test_answers_are_what_it_says(program: Program, description: dict[str, Any]) -> None:
    task = await program.add("Water plants", tags=["home"], reminders=[{"minutes_before": 5}], **DAILY)
    asked = {
        ("GET", "/tasks"): await program.get("/tasks"),
        ("GET", "/tasks/{task_id}"): await program.get(f"/tasks/{task['id']}"),
        ("POST", "/tasks"): await program.post("/tasks", title="A"),
        ("PATCH", "/tasks/{task_id}"): await program.send("PATCH", f"/tasks/{task['id']}", {"title": "B"}),
        ("POST", "/tasks/bulk"): await program.post(
            "/tasks/bulk", ids=[task["id"]], change={"priority": "low"}
        ),
        ("POST", "/tasks/{task_id}/complete"): await program.post(f"/tasks/{task['id']}/complete"),
        ("GET", "/tags"): await program.get("/tags"),
        ("GET", "/reminders"): await program.get("/reminders"),
        ("GET", "/settings"): await program.get("/settings"),
        ("GET", "/stats"): await program.get("/stats"),
        ("GET", "/activity"): await program.get("/activity"),
        ("GET", "/audit"): await program.get("/audit"),
        ("POST", "/quick-add"): await program.post("/quick-add", text="Buy milk tomorrow"),
        ("GET", "/projects"): await program.get("/projects", limit="many"),
        ("POST", "/undo/{command_id}"): await program.post(f"/undo/{task['id']}"),
    }
    wrong = {}
    for (method, path), answer in asked.items():
        responses = description["paths"][path][method.lower()]["responses"]
        content = responses[str(answer.status_code)]["content"][answer.headers["content-type"]]
        for error in _validator(description, content["schema"]).iter_errors(answer.json()):
            wrong[method, path] = error.message
    assert wrong == {}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_people_read_it_as_a_page_without_scripts(
    program: Program, description: dict[str, Any]
) -> None:
    answer = await program.browser.get("/api/docs")

    reader = _Reader()
    reader.feed(answer.text)
    assert answer.headers["content-type"].startswith("text/html")
    assert reader.open == []
    assert "script" not in reader.tags
    assert {link for link in reader.links if not link.startswith("#")} == {"/api/v1/openapi.json"}
    assert {link[1:] for link in reader.links if link.startswith("#")} <= set(reader.ids)
    assert {operation["operationId"] for _, operation in _operations(description)} <= set(reader.ids)
