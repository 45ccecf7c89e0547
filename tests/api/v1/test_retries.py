"""A program whose connection breaks sends its request again, and nothing is doubled."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlsplit

import httpx

from tests.api.v1.program import Program


async def _send_and_hang_up(url: str, head: dict[str, str], body: bytes) -> None:
    """Send a request and be gone before it is answered."""
    _, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
    lines = [f"{name}: {value}" for name, value in {**head, "Content-Length": str(len(body))}.items()]
    writer.write("\r\n".join(["POST /api/v1/tasks HTTP/1.1", *lines, "", ""]).encode() + body)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def test_nothing_is_doubled_or_lost(program: Program, url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        for number in range(10):
            body = json.dumps({"title": f"Task {number}", "tags": ["t"]}).encode()
            head = {
                **program.headers,
                "Host": "punctual.test",
                "Content-Type": "application/json",
                "Idempotency-Key": f"key {number}",
            }

            await _send_and_hang_up(url, head, body)
            answers = await asyncio.gather(
                *(client.post("/api/v1/tasks", content=body, headers=head) for _ in range(2))
            )

            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.content for answer in answers}) == 1

    assert sorted(await program.titles()) == [f"Task {number}" for number in range(10)]
