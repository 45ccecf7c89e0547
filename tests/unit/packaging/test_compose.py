"""The containers agree with the local run: the same names and the same behaviour."""

from __future__ import annotations

import re
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml

from distributed import servers
from distributed.containers import FILE, addresses, published_ports

DOCUMENT = Path(FILE).parent / "docs" / "distributed.md"


@pytest.fixture
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
    return found


def test_every_image_is_pinned(services: dict[str, Any]) -> None:
    for service in services.values():
        assert re.search(r":v?\d+\.\d+", service["image"]), service["image"]


def test_everything_listens_on_loopback(services: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service["ports"])


def test_the_database_is_that_of_the_local_run(services: dict[str, Any]) -> None:
    assert services["postgresql"]["environment"] == {
        "POSTGRES_USER": servers.DATABASE,
        "POSTGRES_PASSWORD": servers.DATABASE,
        "POSTGRES_DB": servers.DATABASE,
    }
    assert addresses().database_url == servers.database_url(published_ports()["postgresql"])


def test_neither_broker_makes_topics_by_itself(services: dict[str, Any], tmp_path: Path) -> None:
    command = services["redpanda"]["command"]
    # In two words: `rpk` does not understand it in one, and its mode for developers makes topics by itself.
    assert command[command.index("--set") + 1] == "redpanda.auto_create_topics_enabled=false"
    assert "auto.create.topics.enable=false" in servers.kafka_properties(tmp_path, 1, 2).splitlines()


def test_clients_find_the_broker_where_it_is_published(services: dict[str, Any]) -> None:
    [advertised] = [
        each for each in services["redpanda"]["command"] if each.startswith("--advertise-kafka-addr")
    ]

    assert f"outside://{addresses().kafka}" in advertised


def test_what_others_wait_for_says_when_it_is_healthy(services: dict[str, Any]) -> None:
    waited_for = {name for service in services.values() for name in service.get("depends_on", {})}

    assert waited_for | {"postgresql", "redis", "redpanda"} <= {
        name for name, service in services.items() if "healthcheck" in service
    }


def test_data_is_kept_in_volumes_that_exist(services: dict[str, Any]) -> None:
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))["volumes"]

    assert {
        volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])
    } == kept.keys()


def test_a_broker_is_not_ready_when_somebody_else_listens_in_its_place() -> None:
    """As an engine of containers does before the broker is there: it takes the connection, and drops it."""
    with socket.create_server(("127.0.0.1", 0)) as engine:

        def take_and_drop() -> None:
            connection, _ = engine.accept()
            connection.close()

        thread = threading.Thread(target=take_and_drop)
        thread.start()
        assert not servers.answers_kafka(engine.getsockname()[1])
        thread.join()


def test_servers_keep_as_much_as_in_the_local_run(services: dict[str, Any]) -> None:
    assert "max_connections=300" in services["postgresql"]["command"]
    assert services["redis"]["command"][1:3] == ["--save", ""]


def test_the_ports_are_told(services: dict[str, Any]) -> None:
    told = DOCUMENT.read_text(encoding="utf-8")

    assert [
        port for service in services.values() for port in service["ports"] if port.split(":")[1] not in told
    ] == []
