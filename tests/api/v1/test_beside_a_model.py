"""Whatever a program does, the API shows what a plain model of it shows."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.api.client import BrowserClient
from tests.api.v1.program import Program
from todo_app.api.app import create_api
from todo_app.bootstrap import bootstrap
from todo_app.settings import Settings

Result = TypeVar("Result")

TITLES = st.sampled_from(["Pay rent", "Call Ben", "Buy milk", "Ärger", "zoo"])
PRIORITIES = st.sampled_from(["high", "medium", "low", None])
TAGS = st.lists(st.sampled_from(["home", "work", "phone"]), unique=True, max_size=3)
PICK = st.integers(0, 1_000)


@dataclass
class Known:
    """A task as the model has it."""

    title: str
    priority: str | None
    tags: list[str]
    status: str = "open"
    deleted: bool = False


class Life(RuleBasedStateMachine):
    """One program on a database of its own."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "punctual.db"
        shutil.copyfile(self.template, file)
        self.runner = asyncio.Runner()
        self.application = bootstrap(Settings(_env_file=None, data_dir=Path(self.folder.name)))
        self.browser = BrowserClient(create_api(self.application))
        self.program = self.run(Program.of(self.browser, self.application, "ada@example.org"))
        self.model: dict[str, Known] = {}
        self.before: list[tuple[str, dict[str, Known]]] = []

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.browser.aclose())
        self.run(self.application.close())
        self.runner.close()
        self.folder.cleanup()

    def change(self, method: str, path: str, body: Any = None, *, status: int) -> Any:
        """Send a change, and remember what was before it."""
        before = deepcopy(self.model)
        answer = self.run(self.program.send(method, path, body))
        assert answer.status_code == status, answer.text
        if "undo-id" in answer.headers:
            self.before.append((answer.headers["undo-id"], before))
        return answer

    def pick(self, number: int) -> str:
        return list(self.model)[number % len(self.model)]

    @rule(title=TITLES, priority=PRIORITIES, tags=TAGS)
    def add(self, title: str, priority: str | None, tags: list[str]) -> None:
        body = {"title": title, "priority": priority, "tags": tags}
        task = self.change("POST", "/tasks", body, status=201).json()
        self.model[task["id"]] = Known(title, priority, sorted(tags))

    @precondition(lambda self: self.model)
    @rule(number=PICK, title=TITLES, tags=TAGS)
    def edit(self, number: int, title: str, tags: list[str]) -> None:
        task_id = self.pick(number)
        self.change("PATCH", f"/tasks/{task_id}", {"title": title, "tags": tags}, status=200)
        self.model[task_id].title, self.model[task_id].tags = title, sorted(tags)

    @precondition(lambda self: self.model)
    @rule(number=PICK)
    def complete(self, number: int) -> None:
        task_id = self.pick(number)
        may = not self.model[task_id].deleted
        self.change("POST", f"/tasks/{task_id}/complete", status=200 if may else 422)
        if may:
            self.model[task_id].status = "completed"

    @precondition(lambda self: self.model)
    @rule(number=PICK)
    def reopen(self, number: int) -> None:
        task_id = self.pick(number)
        self.change("POST", f"/tasks/{task_id}/reopen", status=200)
        self.model[task_id].status = "open"

    @precondition(lambda self: self.model)
    @rule(number=PICK, deleted=st.booleans())
    def delete_or_restore(self, number: int, deleted: bool) -> None:
        task_id = self.pick(number)
        if deleted:
            self.change("DELETE", f"/tasks/{task_id}", status=204)
        else:
            self.change("POST", f"/tasks/{task_id}/restore", status=200)
        self.model[task_id].deleted = deleted

    @precondition(lambda self: self.model)
    @rule(numbers=st.lists(PICK, min_size=1, max_size=4), priority=PRIORITIES, dry_run=st.booleans())
    def change_many(self, numbers: list[int], priority: str | None, dry_run: bool) -> None:
        chosen = list(dict.fromkeys(self.pick(number) for number in numbers))
        body = {"ids": chosen, "change": {"priority": priority, "add_tags": ["home"]}, "dry_run": dry_run}
        found = self.change("POST", "/tasks/bulk", body, status=200).json()
        wanted = {
            task_id: Known(**{**vars(known), "priority": priority, "tags": sorted({*known.tags, "home"})})
            for task_id, known in self.model.items()
            if task_id in chosen
        }
        changed = {task_id for task_id in chosen if wanted[task_id] != self.model[task_id]}
        assert {each["id"] for each in found["items"] if each["changed"]} == changed
        if not dry_run:
            self.model |= wanted

    @precondition(lambda self: self.before)
    @rule()
    def undo(self) -> None:
        command_id, before = self.before.pop()
        answer = self.run(self.program.post(f"/undo/{command_id}"))
        assert answer.status_code == 200, answer.text
        # What was added lies in the trash.
        added = {task_id: known for task_id, known in self.model.items() if task_id not in before}
        self.model = before | {
            task_id: Known(**{**vars(known), "deleted": True}) for task_id, known in added.items()
        }

    @invariant()
    def everything_is_as_the_model_has_it(self) -> None:
        found = self.listed(status=["open", "completed", "deleted"])
        assert found == self.expected(lambda _: True)

    @rule()
    def filters_let_through_what_they_say(self) -> None:
        assert self.listed(tag="home") == self.expected(
            lambda known: not known.deleted and "home" in known.tags
        )
        assert self.listed(priority=["high", "none"]) == self.expected(
            lambda known: not known.deleted and known.priority in ("high", None)
        )

    def listed(self, **query: Any) -> dict[str, Known]:
        items = self.run(self.program.get("/tasks", limit=100, **query)).json()["items"]
        return {
            each["id"]: Known(
                each["title"], each["priority"], each["tags"], each["status"], each["deleted_at"] is not None
            )
            for each in items
        }

    def expected(self, passes: Callable[[Known], bool]) -> dict[str, Known]:
        return {task_id: known for task_id, known in self.model.items() if passes(known)}


@pytest.mark.timeout(600)
def test_the_api_does_what_the_model_does(sqlite_template: Path) -> None:
    machine = type("LifeOnACopy", (Life,), {"template": sqlite_template})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=5, stateful_step_count=15, deadline=None, database=None)
    )
