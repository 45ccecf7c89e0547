"""Each building block of Dapr is in use: its counters rise, and without it what it is for does not work."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.request import urlopen

import pytest

from tests.distributed.conftest import eventually
from tests.distributed.whole.conftest import Somebody, Whole
from tests.distributed.whole.test_between_processes import remind, rings
from todo_app.bootstrap import bootstrap
from todo_app.doctor_distributed import examine_distributed
from todo_app.findings import Health
from todo_app.settings import Settings

# Longer than what is looked at takes with everything in place, shorter than until somebody looks by themselves.
A_WHILE = 6.0


def count(whole: Whole, sidecar: str, name: str, **labels: str) -> float:
    """The sum of a counter of a sidecar's own."""
    with urlopen(f"http://127.0.0.1:{whole.run.ports[f'{sidecar}-metrics']}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    wanted = {f'{label}="{value}"' for label, value in labels.items()}
    return sum(
        float(line.rpartition(" ")[2])
        for line in lines
        if re.match(rf"{name}[{{ ]", line) and all(each in line for each in wanted)
    )


@contextmanager
def without(whole: Whole, sidecar: str, file: str) -> Iterator[None]:
    """A sidecar that was started without one of its components, while the block lasts."""
    component = whole.run.resources.components / file
    text = component.read_text(encoding="utf-8")
    process = whole.run[sidecar]
    process.stop()
    component.unlink()
    process.start()
    process.wait_until_ready()
    try:
        yield
    finally:
        process.stop()
        component.write_text(text, encoding="utf-8")
        process.start()
        process.wait_until_ready()


async def test_every_block_is_used(whole: Whole, somebody: Somebody) -> None:
    def counts() -> list[float]:
        return [
            count(whole, "web-1-sidecar", "dapr_component_pubsub_egress_bulk_count", topic="task-events")
            + count(whole, "web-2-sidecar", "dapr_component_pubsub_egress_bulk_count", topic="task-events"),
            count(whole, "audit-sidecar", "dapr_component_pubsub_ingress_bulk_event_count"),
            count(whole, "web-2-sidecar", "dapr_component_pubsub_ingress_bulk_event_count"),
            count(whole, "web-1-sidecar", "dapr_component_state_count", component="statestore"),
            count(whole, "reminders-sidecar", "dapr_component_input_binding_count", success="true"),
            count(whole, "recurrence-sidecar", "dapr_runtime_service_invocation_req_sent_total"),
        ]

    before = counts()
    async with somebody.tab("web-1") as tab:
        await asyncio.to_thread(somebody.add, "Pay rent every day")
        await tab.until(lambda: "Pay rent" in tab.titles)
        first = tab.id_of("Pay rent")
        await tab.send("complete", task_id=first)
        await tab.until(lambda: "Pay rent" in tab.titles and tab.id_of("Pay rent") != first, seconds=20)
    # Whoever signs up is counted, so that nobody signs up a thousand times.
    somebody.whole.sign_up()
    # Ticks come once a second.
    eventually(lambda: all(now > then for then, now in zip(before, counts(), strict=True)))
    assert count(whole, "web-1-sidecar", "dapr_component_secret_count", success="true") > 0


async def test_without_updates_tabs_do_not_hear_what_workers_do(whole: Whole, somebody: Somebody) -> None:
    soon = timedelta(seconds=0.5)
    with without(whole, "web-2-sidecar", "pubsub-updates.yaml"):
        async with somebody.tab("web-2") as tab:
            await remind(whole, somebody, "One", after=soon)
            # Every twenty seconds a process looks by itself. It just did, so that it will not soon again.
            await tab.until(lambda: rings(tab) == "1", seconds=40)
            await remind(whole, somebody, "Two", after=soon)
            with pytest.raises(AssertionError):
                await tab.until(lambda: rings(tab) == "2", seconds=A_WHILE)
    async with somebody.tab("web-2") as tab:
        await remind(whole, somebody, "Three", after=soon)
        await tab.until(lambda: rings(tab) == "3")


async def test_without_pubsub_a_worker_hears_of_nothing(whole: Whole, somebody: Somebody) -> None:
    with without(whole, "audit-sidecar", "pubsub-kafka.yaml"):
        await asyncio.to_thread(somebody.add, "Not sealed yet")
        with pytest.raises(AssertionError):
            eventually(whole.is_quiet, seconds=A_WHILE)
    eventually(whole.is_quiet)


async def test_without_its_ticks_reminders_are_late(whole: Whole, somebody: Somebody) -> None:
    with without(whole, "reminders-sidecar", "cron-reminders.yaml"):
        # The worker looks every five seconds by itself, and so misses one of these by far.
        for seconds in (2.0, 3.7, 5.4):
            await remind(whole, somebody, f"After {seconds} s", after=timedelta(seconds=seconds))
        late = """SELECT count(*) AS reminders, max(reminders.sent_at - fires_at) AS most FROM reminders
                  JOIN users ON users.id = reminders.user_id
                  WHERE email = %s AND reminders.sent_at IS NOT NULL"""
        eventually(lambda: whole.rows(late, somebody.email)[0]["reminders"] == 3)
    assert whole.rows(late, somebody.email)[0]["most"] > timedelta(seconds=1.5)


def test_without_the_state_store_attempts_are_counted_by_the_table(whole: Whole) -> None:
    counted = "SELECT count(*) AS attempts FROM state_store"
    before = whole.rows(counted)[0]["attempts"]
    whole.sign_up()
    assert whole.rows(counted)[0]["attempts"] == before
    with without(whole, "web-1-sidecar", "state-postgres.yaml"):
        whole.sign_up()
    assert whole.rows(counted)[0]["attempts"] > before


async def test_doctor_finds_what_a_sidecar_has_not_loaded(whole: Whole) -> None:
    settings = Settings(
        _env_file=None,
        mode="dapr",
        dapr_grpc_port=whole.run.ports["web-1-sidecar-grpc"],
        dapr_http_port=whole.run.ports["web-1-sidecar-http"],
        dapr_api_token=whole.run.tokens.dapr,
        database_url=whole.run.addresses.database_url,
        kafka_brokers=whole.run.addresses.kafka,
    )
    assert await _complaints(settings) == {}
    with without(whole, "web-1-sidecar", "cron-sweep.yaml"):
        assert "sweep" in (await _complaints(settings))["Components"]
    whole.run["web-1-sidecar"].kill()
    assert "not there" in (await _complaints(settings))["Sidecar"]
    whole.run["web-1-sidecar"].start()
    whole.run["web-1-sidecar"].wait_until_ready()


async def _complaints(settings: Settings) -> dict[str, str]:
    application = bootstrap(settings)
    try:
        findings = await examine_distributed(application)
    finally:
        await application.close()
    return {finding.subject: finding.says for finding in findings if finding.health is not Health.OK}
