"""The REST API: quick add and the preview of recurrences, for programs with a token."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from tests.api.client import fields_at_fault, problem_of
from tests.api.conftest import Clock, Open
from tests.api.v1.program import Program
from tests.unit.quick_add.case_files import Row, rows
from todo_app.domain.events import Event
from todo_app.domain.identity import Scope
from todo_app.domain.recurrence import parse_rules
from todo_app.domain.views import ListName, View
from todo_app.services import lists, tokens

ROUTES = ("/api/v1/quick-add", "/api/v1/recurrence/preview")


async def test_a_line_becomes_a_task(program: Program) -> None:
    answer = await program.post(
        "/quick-add",
        text="Pay rent every month on the 1st at 9am #home +Flat p1 !30 min before",
        now="2026-11-20T12:00:00",
        timezone="America/New_York",
    )

    assert answer.status_code == 200
    found = answer.json()
    assert found["title"] == "Pay rent"
    assert found["due"] == {"date": "2026-12-01", "time": "09:00", "timezone": None}
    assert (found["priority"], found["tags"], found["project"]) == ("high", ["home"], "Flat")
    assert found["recurrence"] == {
        "rule": "FREQ=MONTHLY;BYMONTHDAY=1",
        "anchor": "schedule",
        "text": "every month on the 1st",
    }
    assert found["reminders"] == [{"minutes_before": 30}]
    task = found["task"]
    assert (task["title"], task["status"], task["tags"], task["project"]) == (
        "Pay rent",
        "open",
        ["home"],
        "Flat",
    )
    assert task["occurrence"] == "2026-12-01T09:00"
    assert task["recurrence"] == found["recurrence"]
    assert task["due_at"] == "2026-12-01T08:00:00Z"
    assert [(each["minutes_before"], each["sent_at"]) for each in task["reminders"]] == [(30, None)]
    assert task["version"] == 1


async def test_a_dry_run_adds_nothing(program: Program) -> None:
    answer = await program.post("/quick-add", text="Buy milk tomorrow", dry_run=True)

    assert answer.json()["task"] is None
    async with program.application.work.read(program.owner) as uow:
        window = await lists.window(uow, View.of(ListName.ALL))
    assert window.tasks == ()


async def test_the_program_is_named_as_who_did_it(program: Program) -> None:
    committed: list[Event] = []
    program.application.work.after_commit(committed.extend)

    await program.post("/quick-add", text="Buy milk")

    assert [(event.actor.kind, event.actor.name) for event in committed] == [("agent", "Script")]


async def test_it_reads_what_the_case_files_say(program: Program) -> None:
    wrong = {}
    for row in (*rows("quick_add.csv"), *rows("dates.csv"), *rows("not_tokens.csv")):
        answer = await program.post(
            "/quick-add", text=row["text"], now=row["now"], timezone=row["timezone"], dry_run=True
        )
        found = answer.json()
        due = found["due"] or {"date": "", "time": None}
        seen = {
            "title": found["title"],
            "due_date": due["date"],
            "due_time": due["time"] or "",
            "tags": "|".join(found["tags"]),
            "priority": found["priority"] or "",
            "project": found["project"] or "",
        }
        expected = {name: row.get(name, "") for name in seen}
        slices = [row["text"][token["start"] : token["end"]] for token in found["tokens"]]
        if seen != expected or slices != [token["text"] for token in found["tokens"]]:
            wrong[row["id"]] = seen
    assert wrong == {}


async def test_the_preview_says_what_the_case_files_say(program: Program) -> None:
    wrong = {}
    for row in (*rows("recurrence_rules.csv"), *rows("recurrence_text.csv")):
        asked = {name: row[name] for name in ("text", "completed_at") if row.get(name)}
        if "text" not in row:
            asked["rule"] = row["rule"]
        answer = await program.post(
            "/recurrence/preview",
            start=row.get("start") or row["now"],
            timezone=row["timezone"],
            count=int(row["count"]),
            **asked,
        )
        if not _is_as_expected(row, answer):
            wrong[row["id"]] = answer.text
    assert wrong == {}


def _is_as_expected(row: Row, answer: Response) -> bool:
    if "error" in (row["occurrences"], row["rule"]):
        return answer.status_code == 422 and fields_at_fault(answer) <= {"rule", "text"}
    found = answer.json()
    same_rule = (
        "text" not in row or row["rule"] == "*" or parse_rules(found["rule"]) == parse_rules(row["rule"])
    )
    occurrences = " ".join(found["occurrences"]) or "none"
    return (
        same_rule
        and occurrences == (row["occurrences"] or "none")
        and found["anchor"] == row.get("anchor", "schedule")
    )


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/quick-add", {}, "text"),
        ("/quick-add", {"text": ""}, "text"),
        ("/quick-add", {"text": "p1"}, "title"),
        ("/quick-add", {"text": "x" * 10_001}, "text"),
        ("/quick-add", {"text": "a\x00b"}, "text"),
        ("/quick-add", {"text": "Milk", "now": "yesterday"}, "now"),
        ("/quick-add", {"text": "Milk", "now": "2026-02-31T09:00:00"}, "now"),
        ("/quick-add", {"text": "Milk", "now": "9999-12-31T23:59:59"}, "now"),
        ("/quick-add", {"text": "Milk", "timezone": "Mars/Olympus"}, "timezone"),
        ("/quick-add", {"text": "Milk", "timezone": "\ud83d", "dry_run": True}, "timezone"),
        ("/recurrence/preview", {"rule": "\ud83d"}, "rule"),
        ("/quick-add", {"text": "Milk", "colour": "red"}, "colour"),
        ("/quick-add", {"text": "Milk", "dry_run": "yes"}, "dry_run"),
        ("/quick-add?verbose=1", {"text": "Milk"}, "verbose"),
        ("/recurrence/preview", {}, "rule"),
        ("/recurrence/preview", {"rule": "FREQ=DAILY", "text": "daily"}, "rule"),
        ("/recurrence/preview", {"rule": "FREQ=DAILY", "count": 101}, "count"),
        ("/recurrence/preview", {"rule": "FREQ=DAILY", "start": "soon"}, "start"),
        ("/recurrence/preview", {"rule": "FREQ=HOURLY", "start": "2026-12-01"}, "rule"),
        ("/recurrence/preview", {"text": "daily", "anchor": "completion"}, "anchor"),
        ("/recurrence/preview", {"rule": "X" * 4_001}, "rule"),
        ("/recurrence/preview", {"rule": "FREQ=DAILY", "completed_at": "never"}, "completed_at"),
    ],
)
async def test_what_can_t_be_is_named(program: Program, path: str, body: dict[str, Any], field: str) -> None:
    answer = await program.post(path, **body)

    assert answer.status_code == 422
    assert fields_at_fault(answer) == {field}


@pytest.mark.parametrize("path", ROUTES)
async def test_a_body_that_is_no_json_or_too_large_is_refused(program: Program, path: str) -> None:
    headers = {**program.headers, "Content-Type": "application/json"}
    broken = await program.browser.post(path, content="{", headers=headers)
    large = await program.browser.post(path, content="x" * 300_000, headers=headers)

    assert (broken.status_code, large.status_code) == (400, 413)


class TestTokens:
    @pytest.mark.parametrize("path", ROUTES)
    @pytest.mark.parametrize(
        "value", ["", "Bearer", "Bearer nonsense", "Basic YWRhOnB3", "Bearer " + "x" * 9_000]
    )
    async def test_without_a_good_one_nothing_is_answered(
        self, program: Program, path: str, value: str
    ) -> None:
        headers = {"Authorization": value} if value else {}
        answer = await program.browser.post(path, json={"text": "daily"}, headers=headers)

        assert answer.status_code == 401
        problem_of(answer)

    async def test_one_that_may_only_read_adds_nothing(self, program: Program) -> None:
        await program.use(Scope.READ)

        answer = await program.post("/quick-add", text="Buy milk")

        assert answer.status_code == 403
        assert "write" in problem_of(answer)["detail"]
        assert (await program.post("/recurrence/preview", rule="FREQ=DAILY")).status_code == 200

    async def test_a_revoked_one_is_useless_at_once(self, program: Program) -> None:
        made = await program.token(Scope.WRITE)
        program.headers = {"Authorization": f"Bearer {made.secret}"}
        assert (await program.post("/quick-add", text="One")).status_code == 200

        async with program.application.work.write(program.owner) as uow:
            await tokens.revoke(uow, made.token.id)

        assert (await program.post("/quick-add", text="Two")).status_code == 401

    async def test_an_expired_one_is_useless(self, program: Program, clock: Clock) -> None:
        made = await program.token(Scope.WRITE, days=1)
        program.headers = {"Authorization": f"Bearer {made.secret}"}
        assert (await program.post("/quick-add", text="One")).status_code == 200

        clock.advance(timedelta(days=1))

        assert (await program.post("/quick-add", text="Two")).status_code == 401

    async def test_its_use_is_noted_and_its_secret_is_not_stored(self, program: Program) -> None:
        made = await program.token(Scope.WRITE)
        program.headers = {"Authorization": f"Bearer {made.secret}"}
        await program.post("/quick-add", text="One")

        async with program.application.work.read(program.owner) as uow:
            (stored,) = [token for token in await uow.tokens.all() if token.id == made.token.id]
        assert stored.last_used_at is not None
        assert made.secret not in str(stored.model_dump())

    async def test_a_page_with_its_cookies_needs_the_csrf_header(self, open_browser: Open) -> None:
        browser = open_browser()
        await browser.register("eve@example.org")

        assert (await browser.submit("/api/v1/quick-add", text="Buy milk")).status_code == 200
        assert (await browser.post("/api/v1/quick-add", json={"text": "Buy milk"})).status_code == 403


async def test_the_description_of_the_routes_is_served(program: Program) -> None:
    answer = await program.browser.get("/api/v1/openapi.json")

    assert re.match(r"3\.1\.", answer.json()["openapi"])
    assert {"/quick-add", "/recurrence/preview"} <= answer.json()["paths"].keys()
