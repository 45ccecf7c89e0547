"""What each sidecar loads of `dapr-components/local`, lets its app do, and brings to it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
import yaml
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from distributed.apps import APPS, App
from distributed.local_run import LocalRun, Plan
from distributed.sidecars import COMPONENTS
from tests.distributed.conftest import StandIns, eventually

BY_NAME = {app.name: app for app in APPS}


@pytest.fixture(params=sorted(BY_NAME))
def app(request: pytest.FixtureRequest) -> App:
    return BY_NAME[request.param]


def cloud_event(event_type: str, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "test",
        "type": event_type,
        "datacontenttype": "application/json",
        "data": data,
    }


def publish(stand_ins: StandIns, topic: str, *events: dict[str, Any]) -> None:
    entries = [
        {
            "entryId": event["id"],
            "event": event,
            "contentType": "application/cloudevents+json",
            "metadata": {"partitionKey": "one"},
        }
        for event in events
    ]
    answer = stand_ins.call("web-1", "POST", f"/v1.0-alpha1/publish/bulk/kafka-pubsub/{topic}", entries)
    assert answer.status == 204, answer.text


def meant_for(app_id: str) -> set[str]:
    """The components whose scopes name an app; the state store counts once."""
    found = [
        yaml.safe_load(file.read_text())
        for file in COMPONENTS.glob("*.yaml")
        if file.name != "configuration.yaml"
    ]
    return {
        each["metadata"]["name"] for each in found if each["kind"] == "Component" and app_id in each["scopes"]
    }


def test_a_sidecar_loads_what_is_meant_for_its_app(stand_ins: StandIns, app: App) -> None:
    loaded = stand_ins.call(app.name, "GET", "/v1.0/metadata").json()

    assert {component["name"] for component in loaded["components"]} == meant_for(app.app_id)
    assert loaded["subscriptions"]


def test_a_sidecar_has_nothing_to_complain_of(stand_ins: StandIns, app: App) -> None:
    lines = stand_ins.run[app.sidecar].program.log.read_text().splitlines()

    assert [line for line in lines if "level=error" in line or "level=fatal" in line] == []


def test_the_state_store_may_be_redis(stand_ins: StandIns, tmp_path_factory: pytest.TempPathFactory) -> None:
    plan = Plan(
        tmp_path_factory.mktemp("redis"),
        apps=[BY_NAME["notifications"]],
        changes={"notifications": stand_ins.run.plan.changes["notifications"]},
        addresses=stand_ins.run.addresses,
        state="redis",
        is_kept_alive=False,
    )
    with LocalRun(plan, say=lambda *_: None) as run:
        other = StandIns(run)
        loaded = other.call("notifications", "GET", "/v1.0/metadata").json()["components"]
        assert {each["type"] for each in loaded if each["name"] == "statestore"} == {"state.redis"}
        kept = [{"key": "lamp", "value": "on"}]
        assert other.call("notifications", "POST", "/v1.0/state/statestore", kept).status == 204
        assert other.call("notifications", "GET", "/v1.0/state/statestore/lamp").json() == "on"


def test_apps_share_what_the_state_store_holds(stand_ins: StandIns) -> None:
    kept = [{"key": "lamp", "value": "on"}]
    assert stand_ins.call("web-1", "POST", "/v1.0/state/statestore", kept).status == 204

    assert stand_ins.call("notifications", "GET", "/v1.0/state/statestore/lamp").json() == "on"
    assert stand_ins.call("audit", "GET", "/v1.0/state/statestore/lamp").status >= 400


def test_each_worker_gets_the_types_it_consumes(stand_ins: StandIns) -> None:
    done, made, due = cloud_event("task.completed"), cloud_event("task.created"), cloud_event("reminder.due")

    publish(stand_ins, "task-events", made, done)
    publish(stand_ins, "reminders", due)

    for worker, path, event in [
        ("recurrence", "/events/topics/task-events", done),
        ("recurrence", "/events/ignored", made),
        ("reminders", "/events/topics/task-events", done),
        ("reminders", "/events/topics/task-events", made),
        ("notifications", "/events/topics/reminders", due),
        ("notifications", "/events/topics/task-events", made),
        ("audit", "/events/topics/task-events", made),
        ("audit", "/events/topics/reminders", due),
    ]:
        eventually(lambda w=worker, p=path, e=event: e["id"] in stand_ins.events(w, p))
    assert made["id"] not in stand_ins.events("recurrence", "/events/topics/task-events")


def test_every_web_process_gets_every_notice(stand_ins: StandIns) -> None:
    async def both_have(event: dict[str, Any]) -> bool:
        path = "/events/topics/task-updates"
        return all(event["id"] in stand_ins.events(web, path) for web in ("web-1", "web-2"))

    # They read what comes after they have joined, which takes a moment.
    def noticed() -> bool:
        event = cloud_event("updates.noticed")
        path = "/v1.0/publish/kafka-pubsub-updates/task-updates"
        kind = "application/cloudevents+json"
        assert stand_ins.call("audit", "POST", path, event, kind=kind).status == 204
        try:
            eventually(lambda: asyncio.run(both_have(event)), seconds=1)
        except AssertionError:
            return False
        return True

    eventually(noticed)


async def test_what_is_no_json_goes_to_the_dead_letters(servers: LocalRun) -> None:
    garbage = f"garbage {uuid4()}".encode()
    producer = AIOKafkaProducer(bootstrap_servers=servers.addresses.kafka)
    consumer = AIOKafkaConsumer(
        "reminders-dead", bootstrap_servers=servers.addresses.kafka, auto_offset_reset="earliest"
    )
    async with producer, consumer:
        await producer.send_and_wait("reminders", garbage)
        async with asyncio.timeout(30):
            async for message in consumer:
                if message.value == garbage:
                    return


def test_everything_that_a_sidecar_brings_carries_the_token_of_the_app(stand_ins: StandIns) -> None:
    eventually(lambda: stand_ins.notes("reminders", "/events/ticks/reminder-check"))
    publish(stand_ins, "task-recurrence", cloud_event("task.recurred"))
    path = "/events/topics/task-recurrence"
    eventually(lambda: stand_ins.notes("reminders", path))

    brought = [
        *stand_ins.notes("reminders", "/events/ticks/reminder-check"),
        *stand_ins.notes("reminders", path),
    ]
    assert {note["token"] for note in brought} == {stand_ins.run.tokens.app}


def test_a_worker_calls_the_web_app(stand_ins: StandIns) -> None:
    method = "/v1.0/invoke/todo-web/method/events/effects/recurrence"
    assert stand_ins.call("recurrence", "POST", method, []).status == 200

    notes = [
        note for web in ("web-1", "web-2") for note in stand_ins.notes(web, "/events/effects/recurrence")
    ]
    assert {(note["caller"], note["token"]) for note in notes} == {
        ("todo-recurrence", stand_ins.run.tokens.app)
    }


def test_a_sidecar_answers_nobody_without_its_token(stand_ins: StandIns, app: App) -> None:
    assert stand_ins.call(app.name, "GET", "/v1.0/metadata", token="guessed").status == 401


@pytest.mark.parametrize(
    "topic", ["task-events", "reminders", "task-recurrence", "task-audit", "task-events-other"]
)
def test_a_worker_can_not_publish_to_topics_of_others(stand_ins: StandIns, topic: str) -> None:
    answer = stand_ins.call("recurrence", "POST", f"/v1.0/publish/kafka-pubsub/{topic}", {})

    assert answer.status == 403, answer.text


def test_a_worker_reads_its_own_secrets_only(stand_ins: StandIns) -> None:
    def status(worker: str, name: str) -> int:
        return stand_ins.call(worker, "GET", f"/v1.0/secrets/kubernetes-secrets/{name}").status

    assert status("audit", "secret-key") == 200
    assert status("recurrence", "database-url") == 200
    assert status("recurrence", "secret-key") == 403
    assert status("reminders", "secret-key") == 403
    # Nor all of them at once.
    assert (
        "secret-key"
        not in stand_ins.call("recurrence", "GET", "/v1.0/secrets/kubernetes-secrets/bulk").json()
    )
