"""What sidecars load agrees with the code: topics, event types, who may do what, and with itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from distributed.apps import APPS
from todo_app import doctor_distributed
from todo_app.events.catalogue import dead_letter_topic, topics_of
from todo_app.events.consumers import Consumer
from todo_app.events.topics import COPIES, GROUPS, PARTITIONS, TOPICS
from todo_app.ticks.port import EVERY, Tick
from workers.audit import audit_consumer
from workers.notifications import notifications_consumer
from workers.recurrence import recurrence_consumer
from workers.reminders import reminders_consumer

ROOT = Path(__file__).resolve().parents[3]
COMPONENTS = ROOT / "dapr-components"
APP_IDS = {app.app_id for app in APPS}
WORKERS = APP_IDS - {"todo-web"}
IGNORED = "/events/ignored"
# For a broker outside the cluster; a machine has no use for it.
ELSEWHERE = "pubsub-kafka-redpanda-cloud.yaml"

Resource = dict[str, Any]


def documents(folder: str, pattern: str = "*.yaml") -> Iterator[Resource]:
    for file in sorted((COMPONENTS / folder).glob(pattern)):
        yield from yaml.safe_load_all(file.read_text(encoding="utf-8"))


def components(folder: str) -> list[Resource]:
    return [each for each in documents(folder) if each["kind"] == "Component"]


def subscriptions() -> list[Resource]:
    return list(documents("k8s/subscriptions"))


def metadata(component: Resource) -> dict[str, Any]:
    return {item["name"]: item.get("value") for item in component["spec"]["metadata"]}


def rights(component: Resource, kind: str) -> dict[str, set[str]]:
    """App ids to topics, as written in one line."""
    pairs = (right.split("=") for right in metadata(component)[kind].split(";"))
    return {app_id: set(filter(None, topics.split(","))) for app_id, topics in pairs}


def pubsub(folder: str, name: str = "kafka-pubsub") -> list[Resource]:
    return [each for each in components(folder) if each["metadata"]["name"] == name]


def types_heard(subscription: Resource) -> set[str] | None:
    """The event types that reach the app; ``None`` when all do."""
    rules = subscription["spec"]["routes"].get("rules", [])
    return set(re.findall(r'"([^"]+)"', rules[0]["match"])) if rules else None


@pytest.fixture
def consumers() -> dict[str, Consumer]:
    known = (
        recurrence_consumer(),
        reminders_consumer(),
        notifications_consumer(),
        audit_consumer(b"", afterwards=lambda _: None),
    )
    return {f"todo-{consumer.name}": consumer for consumer in known}


@pytest.fixture(params=["local", "k8s"])
def folder(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_both_variants_have_the_same_files() -> None:
    local, k8s = ({file.name for file in (COMPONENTS / name).iterdir()} for name in ("local", "k8s"))

    assert k8s - {ELSEWHERE} == local


def test_every_component_is_for_apps_that_exist(folder: str) -> None:
    for component in components(folder):
        assert component.get("scopes"), component["metadata"]["name"]
        assert set(component["scopes"]) <= APP_IDS


def test_doctor_looks_for_what_each_app_is_given(folder: str) -> None:
    given = {app_id: set[str]() for app_id in APP_IDS}
    for component in components(folder):
        for app_id in component["scopes"]:
            given[app_id].add(component["metadata"]["name"])

    assert given == doctor_distributed.COMPONENTS


def test_values_of_a_cluster_come_from_secrets() -> None:
    secret = re.compile(r"password|connectionString|brokers|Username|redisHost", re.IGNORECASE)
    for component in components("k8s"):
        for item in component["spec"]["metadata"]:
            assert ("secretKeyRef" in item) == bool(secret.search(item["name"])), item
            if "secretKeyRef" in item:
                assert component["auth"]["secretStore"] == "kubernetes-secrets"


def test_every_worker_hears_of_the_types_it_consumes(consumers: dict[str, Consumer]) -> None:
    heard: dict[tuple[str, str], set[str] | None] = {}
    for each in subscriptions():
        [app_id] = each["scopes"]
        heard[app_id, each["spec"]["topic"]] = types_heard(each)
    wanted: dict[tuple[str, str], set[str]] = {}
    for app_id, consumer in consumers.items():
        for event_type in consumer.types:
            for topic in topics_of(event_type):
                wanted.setdefault((app_id, topic), set()).add(event_type)

    assert heard.keys() - {("todo-web", "task-updates")} == wanted.keys()
    assert {key: types for key, types in heard.items() if types is not None} == {
        key: wanted[key] for key, types in heard.items() if types is not None
    }
    # Who hears of everything wants everything.
    assert {app_id for (app_id, _), types in heard.items() if types is None} == {"todo-audit", "todo-web"}


def test_what_a_worker_does_not_consume_has_a_route_too() -> None:
    """Dapr would put it among the dead letters."""
    for each in subscriptions():
        routes = each["spec"]["routes"]
        assert routes["default"] == (
            IGNORED if "rules" in routes else f"/events/topics/{each['spec']['topic']}"
        )
        assert {rule["path"] for rule in routes.get("rules", [])} <= {
            f"/events/topics/{each['spec']['topic']}"
        }


def test_groups_that_are_looked_at_for_lag_are_those_that_subscribe() -> None:
    subscribed: dict[str, set[str]] = {}
    for each in subscriptions():
        if each["spec"]["pubsubname"] == "kafka-pubsub":
            subscribed.setdefault(each["scopes"][0], set()).add(each["spec"]["topic"])

    assert {group: set(topics) for group, topics in GROUPS.items()} == subscribed
    for name in ("local", "k8s"):
        assert [metadata(each)["consumerGroup"] for each in pubsub(name)] == ["{appID}"] * len(pubsub(name))


def test_a_dead_letter_topic_comes_with_retries() -> None:
    [resiliency] = documents("k8s", "resiliency.yaml")
    policies, targets = resiliency["spec"]["policies"], resiliency["spec"]["targets"]["components"]
    with_dead_letters = [each for each in subscriptions() if "deadLetterTopic" in each["spec"]]

    assert {each["scopes"][0] for each in with_dead_letters} == WORKERS
    for each in with_dead_letters:
        assert each["spec"]["deadLetterTopic"] == dead_letter_topic(each["spec"]["topic"])
        retry = targets[each["spec"]["pubsubname"]]["inbound"]["retry"]
        assert policies["retries"][retry]["maxRetries"] != 0


def test_policies_that_are_named_exist_and_every_component_has_a_timeout() -> None:
    [resiliency] = documents("k8s", "resiliency.yaml")
    policies, targets = resiliency["spec"]["policies"], resiliency["spec"]["targets"]
    of_components = targets["components"]
    used = [*targets["apps"].values(), *(use for each in of_components.values() for use in each.values())]

    assert {each["metadata"]["name"] for each in components("k8s")} == of_components.keys()
    for use in used:
        assert use["timeout"] in policies["timeouts"]
        assert use.get("retry", "delivery") in policies["retries"]
        assert use.get("circuitBreaker", "patient") in policies["circuitBreakers"]


def test_no_sidecar_tries_again_to_read_a_secret_that_is_not_there() -> None:
    """Most apps ask for several that nobody has set, and wait for each answer when they start."""
    [resiliency] = documents("k8s", "resiliency.yaml")

    assert resiliency["spec"]["targets"]["components"]["kubernetes-secrets"]["outbound"].keys() == {"timeout"}


def test_sidecars_let_apps_read_and_write_their_own_topics_only(folder: str) -> None:
    dead = {app_id: set(map(dead_letter_topic, topics)) for app_id, topics in GROUPS.items()}
    for component in pubsub(folder):
        reading, writing = rights(component, "subscriptionScopes"), rights(component, "publishingScopes")

        assert reading == {"todo-web": set(), **{app_id: set(topics) for app_id, topics in GROUPS.items()}}
        assert {app_id: writing[app_id] - {"task-audit"} for app_id in WORKERS} == dead
        assert reading.keys() == writing.keys() == APP_IDS
        known = set(metadata(component)["allowedTopics"].split(","))
        assert set().union(*reading.values(), *writing.values()) == known
        assert known <= {topic.name for topic in TOPICS}


def test_notices_are_written_by_all_and_read_by_every_web_process(folder: str) -> None:
    for component in pubsub(folder, "kafka-pubsub-updates"):
        assert rights(component, "publishingScopes") == {app_id: {"task-updates"} for app_id in APP_IDS}
        reading = rights(component, "subscriptionScopes")
        assert {app_id for app_id, topics in reading.items() if topics} == {"todo-web"}
        assert metadata(component)["consumerID"] in ("{uuid}", "{podName}")
        assert "consumerGroup" not in metadata(component)
        assert metadata(component)["initialOffset"] == "newest"


def test_workers_read_no_secret_that_they_do_not_need(folder: str) -> None:
    allowed = {}
    for configuration in documents(folder, "configuration.yaml"):
        scopes = {each["storeName"]: each for each in configuration["spec"]["secrets"]["scopes"]}
        assert all(each["defaultAccess"] == "deny" for each in scopes.values())
        allowed[configuration["metadata"]["name"]] = set(scopes["kubernetes-secrets"]["allowedSecrets"])

    assert allowed.keys() == APP_IDS
    assert {app_id for app_id, names in allowed.items() if "secret-key" in names} == {
        "todo-web",
        "todo-notifications",
        "todo-audit",
    }
    assert {app_id for app_id, names in allowed.items() if "smtp-url" in names} == {
        "todo-web",
        "todo-notifications",
    }


def test_both_variants_allow_the_same_secrets() -> None:
    local, k8s = (
        {
            each["metadata"]["name"]: each["spec"]["secrets"]["scopes"][0]
            for each in documents(name, "configuration.yaml")
        }
        for name in ("local", "k8s")
    )

    assert local == k8s


def test_ticks_have_a_route_of_their_name_and_come_as_often_as_elsewhere(folder: str) -> None:
    ticks = {
        each["metadata"]["name"]: each
        for each in components(folder)
        if each["spec"]["type"] == "bindings.cron"
    }

    assert ticks.keys() == set(Tick)
    for name, each in ticks.items():
        assert metadata(each)["route"] == f"/events/ticks/{name}"
        number, unit = re.fullmatch(r"@every (\d+)([smh])", metadata(each)["schedule"]).groups()
        assert int(number) * {"s": 1, "m": 60, "h": 3600}[unit] == EVERY[Tick(name)].total_seconds()


def test_topics_of_a_cluster_are_those_of_the_command() -> None:
    manifests = [
        yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in sorted((ROOT / "k8s" / "kafka" / "topics").glob("*.yaml"))
    ]

    assert sorted(each["metadata"]["name"] for each in manifests) == sorted(topic.name for topic in TOPICS)
    wanted = {topic.name: topic.settings for topic in TOPICS}
    for each in manifests:
        spec = each["spec"]
        assert (spec["partitions"], spec["replicas"]) == (PARTITIONS, COPIES)
        assert {name: str(value) for name, value in spec["config"].items()} == wanted[
            each["metadata"]["name"]
        ]
