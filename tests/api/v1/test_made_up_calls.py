"""Calls made up from the API's description, one by one and in the order that its links allow, as two people."""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.api.v1.foreign import FOREIGN_IDS
from tests.api.v1.program import Program
from todo_app.domain.identity import Scope
from todo_app.services import seed

# How many of each operation. `make fuzz` makes up more, and all that can be at the edge of a schema too. Following
# links ends when the same call is answered otherwise, as it is once something was changed, so it begins anew.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
ROUNDS = ["fuzzing,stateful"]
if "FUZZ_EXAMPLES" in os.environ:
    ROUNDS = ["examples,coverage,fuzzing", *["stateful"] * 30]
SEED = int(os.environ.get("FUZZ_SEED") or random.randrange(1_000_000))
# What a schema can't say, such as that a name is taken, is tested elsewhere. That an address such as
# /tasks/bulk is no task's shows in 422 rather than 405 when it is asked to be changed.
LEFT_OUT = "positive_data_acceptance,unsupported_method"
_CONFIG = Path(__file__).with_name("schemathesis.toml")
_TASKS = 40
_IDS = re.compile(r'"id":"([0-9a-f-]{36})"')


async def _everything(program: Program) -> dict[str, Any]:
    exported: dict[str, Any] = (await program.get("/export")).json()
    exported.pop("exported_at")
    return exported


async def _live(program: Program) -> list[str]:
    """Give somebody a made-up life; the ids of what is in it."""
    engine, now = program.application.engine, datetime.now(UTC)
    async for _ in seed.seed(engine, program.owner, count=_TASKS, now=now):
        pass
    lists = [await program.get(path, limit=100) for path in ("/tasks", "/tags", "/projects")]
    return [found for answer in lists for found in _IDS.findall(answer.text)]


async def _make_up_calls(url: str, program: Program, foreign: Path, *, phases: str, with_seed: int) -> str:
    headers = [part for name, value in program.headers.items() for part in ("-H", f"{name}: {value}")]
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).parent / "st"), "--config-file", str(_CONFIG)),
        *("run", f"{url}/api/v1/openapi.json", *headers),
        *(
            "--phases",
            phases,
            "--max-examples",
            str(EXAMPLES),
            "--seed",
            str(with_seed),
            "--exclude-checks",
            LEFT_OUT,
        ),
        *("--suppress-health-check", "all", "--no-color", "--warnings", "off"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=foreign.parent,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.api.v1.foreign",
            "PYTHONPATH": str(Path(__file__).parents[3]),
            FOREIGN_IDS: str(foreign),
        },
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


@pytest.mark.timeout(3_600)
async def test_made_up_calls_break_nothing_and_open_nothing_foreign(
    program: Program, other: Program, url: str, tmp_path: Path
) -> None:
    calls = 0
    for caller, neighbour in ((program, other), (other, program)):
        await caller.use(Scope.ADMIN)
        foreign = tmp_path / "foreign.txt"
        foreign.write_text("\n".join(await _live(neighbour)), encoding="utf-8")
        before = await _everything(neighbour)

        for number, phases in enumerate(ROUNDS):
            said = await _make_up_calls(url, caller, foreign, phases=phases, with_seed=SEED + number)
            found = re.search(r"(\d+) generated", said)
            assert found
            calls += int(found[1])
        assert await _everything(neighbour) == before
    print(f"\n{calls:,} calls, seed {SEED}")  # noqa: T201  # with -s
    assert calls >= 200
