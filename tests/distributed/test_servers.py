"""The servers of a run by themselves: what they keep, and how they come back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from distributed.local_run import SERVERS, LocalRun, Plan


@pytest.fixture
def plan() -> Iterator[Plan]:
    folder = Path(tempfile.mkdtemp(prefix="punctual-servers-"))
    folder.chmod(0o711)
    yield Plan(folder, apps=[], is_thrown_away=True, is_kept_alive=False)
    shutil.rmtree(folder)


def quiet(plan: Plan) -> LocalRun:
    return LocalRun(plan, say=lambda *_: None)


def test_the_next_run_finds_the_data_of_the_last_one(plan: Plan) -> None:
    with quiet(plan) as run, psycopg.connect(run.addresses.database_url) as connection:
        connection.execute("CREATE TABLE kept ()")
        secrets = run.resources.secrets.read_text()

    with quiet(plan) as run, psycopg.connect(run.addresses.database_url) as connection:
        connection.execute("SELECT FROM kept")
        assert run.resources.secrets.read_text().split("database-url")[0] == secrets.split("database-url")[0]


def test_each_comes_back_after_a_kill_and_goes_on_after_a_pause(plan: Plan) -> None:
    with quiet(plan) as run:
        for name in SERVERS:
            run[name].kill()
            assert not run[name].is_running
            run[name].start()
            run[name].wait_until_ready()
        for name in SERVERS:
            run[name].pause()
            run[name].resume()
            run[name].wait_until_ready()
        # What Kafka held is still there: the run is the same.
        assert run.command("events", "topics") == "All topics are as they should be.\n"
