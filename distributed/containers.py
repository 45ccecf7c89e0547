"""The servers of the distributed mode in containers, where there is a Docker engine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

from distributed import servers
from distributed.local_run import ROOT, Addresses
from distributed.processes import Program

FILE: Final = ROOT / "docker-compose.kafka.yml"
_ENGINE_SECONDS = 10


def engine_answers() -> bool:
    """Whether containers can be run here."""
    if shutil.which("docker") is None:
        return False
    try:
        asked = subprocess.run(
            ["docker", "compose", "ls"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_ENGINE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


def containers(folder: Path) -> Program:
    """All containers as one program, which ends them when it is stopped.

    Args:
        folder: For the log.
    """
    ports = published_ports()
    return Program(
        name="containers",
        command=["docker", "compose", "--file", str(FILE), "up", "--no-color"],
        folder=ROOT,
        log=folder / "containers.log",
        environment=dict(os.environ),
        is_ready=lambda: (
            servers.has_database(ports["postgresql"])
            and servers.answers_redis(ports["redis"])
            and servers.answers_kafka(ports["redpanda"])
        ),
        stop_signal=signal.SIGINT,
        stop_seconds=30,
    )


def addresses() -> Addresses:
    """Where the containers' servers are."""
    ports = published_ports()
    return Addresses(
        database_url=servers.database_url(ports["postgresql"]),
        redis=f"127.0.0.1:{ports['redis']}",
        kafka=f"127.0.0.1:{ports['redpanda']}",
    )


def mail_url() -> str:
    """Where the container takes mail that shows it rather than send it on."""
    return f"smtp://127.0.0.1:{published_ports()['mailpit']}"


def published_ports() -> dict[str, int]:
    """The port of loopback of each container; of several, the first."""
    services: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
    return {name: int(service["ports"][0].split(":")[1]) for name, service in services.items()}
