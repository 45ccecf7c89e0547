"""Many programs at once on the same tasks: none fails for the others, and nothing is counted wrong."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from httpx import Response

from tests.api.v1.program import Program


def _request(chance: random.Random, ids: list[str]) -> tuple[str, str, dict[str, Any] | None]:
    where, some = f"/tasks/{chance.choice(ids)}", chance.sample(ids, 5)
    name = f"t{chance.randrange(20)}"
    return chance.choice(
        [
            ("PATCH", where, {"tags": [name, "t0"], "project": name}),
            ("PATCH", where, {"parent_id": chance.choice([*ids, None])}),
            ("POST", f"{where}/complete", None),
            ("POST", f"{where}/reopen", None),
            ("POST", f"{where}/restore", None),
            ("DELETE", where, None),
            ("POST", "/tasks/bulk", {"ids": some, "change": {"add_tags": [name], "status": "completed"}}),
            ("POST", "/tasks/bulk", {"ids": some, "change": {"deleted": False, "project": name}}),
            ("POST", "/reminders", {"task_id": ids[0], "minutes_before": chance.randrange(20)}),
        ]
    )


async def test_sixteen_at_once_get_their_answers(program: Program) -> None:
    chance = random.Random(7)
    ids = [(await program.add(f"Task {number}"))["id"] for number in range(10)]
    answers: list[Response] = []

    for _ in range(6):
        asked = [_request(chance, ids) for _ in range(16)]
        answers += await asyncio.gather(*(program.send(*each) for each in asked))

    assert {answer.status_code for answer in answers} <= {200, 201, 204, 422}
    async with program.application.work.read(program.owner) as uow:
        assert await uow.tasks.counts.wrong() == set()
