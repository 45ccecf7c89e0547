"""What an orchestrator is told of a process."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.api.client import BrowserClient
from tests.api.conftest import Clock


async def test_a_process_that_answers_is_alive(browser: BrowserClient) -> None:
    assert (await browser.get("/healthz")).json() == {"status": "ok"}


async def test_events_that_nobody_publishes_are_said_to_be_delayed(
    browser: BrowserClient, clock: Clock
) -> None:
    """Nothing is lost, so people may go on: it is ready all the same."""
    await browser.register("ada@example.org")
    assert (await browser.get("/readyz")).json()["status"] == "ok"
    clock.now = datetime(2100, 1, 1, tzinfo=UTC)

    answer = await browser.get("/readyz")

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "degraded", "database": "ok", "events": "delayed"},
    )
