"""The whole app, distributed: servers, sidecars, two web processes and every worker, started once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from distributed.apps import APPS
from distributed.local_run import LocalRun, Plan
from tests.distributed.conftest import eventually
from tests.fixtures.tab import Tab, post, sign_up


@dataclass(frozen=True)
class Whole:
    """The running app, and what its database and sidecars say."""

    run: LocalRun

    def url(self, web: str = "web-1") -> str:
        """Where a web process listens."""
        return f"http://localhost:{self.run.ports[web]}"

    def sign_up(self) -> Somebody:
        """Somebody new."""
        email = f"{uuid4().hex[:12]}@example.org"
        return Somebody(self, email, sign_up(self.url(), email))

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What a query finds."""
        with psycopg.connect(self.run.addresses.database_url, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]  # a test's own text

    def is_quiet(self) -> bool:
        """Whether every event has taken effect everywhere."""
        undone = """
            SELECT count(*) AS events FROM outbox
            WHERE published_at IS NULL OR NOT EXISTS (
                SELECT FROM inbox WHERE inbox.event_id = outbox.id AND inbox.consumer = 'audit')
        """
        return bool(self.rows(undone)[0]["events"] == 0)


@dataclass(frozen=True)
class Somebody:
    """Somebody who has just signed up, by way of one of the web processes."""

    whole: Whole
    email: str
    cookie: str

    def add(self, text: str, *, web: str = "web-1") -> None:
        """Add a task by the REST API."""
        csrf = self.cookie.split("punctual_csrf=")[1].split(";")[0]
        status, _ = post(
            self.whole.url(web), "/api/v1/quick-add", {"text": text}, cookie=self.cookie, csrf=csrf
        )
        assert status in (200, 201)

    def tab(self, web: str, path: str = "/all") -> Tab:
        """A tab of theirs."""
        return Tab(self.whole.url(web), self.cookie, path=path)


@pytest.fixture(scope="package")
def whole() -> Iterator[Whole]:
    """One set of processes for all tests here; each leaves everything running."""
    folder = Path(tempfile.mkdtemp(prefix="punctual-whole-"))
    # As root, PostgreSQL runs as another user, who must get in.
    folder.chmod(0o711)
    try:
        with LocalRun(Plan(folder, is_thrown_away=True), say=lambda *_: None) as run:
            yield Whole(run)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def somebody(whole: Whole) -> Somebody:
    """Somebody new."""
    return whole.sign_up()


@pytest.fixture(autouse=True)
def everything_is_quiet_afterwards(whole: Whole) -> Iterator[None]:
    """No test ends before the events of its own have taken effect, and nothing may be left broken."""
    yield
    for app in APPS:
        whole.run[app.name].wait_until_ready()
    eventually(whole.is_quiet, seconds=90)
