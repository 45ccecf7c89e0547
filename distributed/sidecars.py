"""The Dapr sidecars of a run: what they load, and how each is started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final, Literal

import yaml

from distributed import parts
from distributed.processes import Program

COMPONENTS: Final = Path(__file__).resolve().parent.parent / "dapr-components" / "local"
# The names of the ports that each sidecar listens on.
PORTS: Final = ("http", "grpc", "internal", "metrics")

StateStore = Literal["postgres", "redis"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the two sides of a sidecar ask of each other."""

    # The sidecar asks it of the app, and the app of the sidecar.
    dapr: str
    app: str


@dataclass(frozen=True, slots=True)
class Resources:
    """A run's own copy of what sidecars load, which a test may change before a sidecar starts."""

    folder: Path

    @property
    def components(self) -> Path:
        """The folder of components, subscriptions and resiliency."""
        return self.folder / "components"

    @property
    def secrets(self) -> Path:
        """The file in the place of Kubernetes' secrets: JSON, name to value."""
        return self.folder / "secrets.json"

    @property
    def names(self) -> Path:
        """The database in which sidecars find each other."""
        return self.folder / "names.db"

    def configuration(self, app_id: str) -> Path:
        """The configuration of one app."""
        return self.folder / "configurations" / f"{app_id}.yaml"


def lay_out(folder: Path, *, state: StateStore) -> Resources:
    """Copy the local components into an empty folder, with one of the two state stores."""
    resources = Resources(folder)
    resources.components.mkdir(parents=True)
    for file in (*COMPONENTS.glob("*.yaml"), *(COMPONENTS / "subscriptions").glob("*.yaml")):
        is_other_store = file.name.startswith("state-") and file.name != f"state-{state}.yaml"
        if file.name != "configuration.yaml" and not is_other_store:
            shutil.copyfile(file, resources.components / file.name)
    _split_configurations(resources)
    return resources


def _split_configurations(resources: Resources) -> None:
    """Give each app a file of its own: a sidecar reads the first configuration of a file only."""
    text = (COMPONENTS / "configuration.yaml").read_text(encoding="utf-8")
    for configuration in yaml.safe_load_all(text):
        file = resources.configuration(configuration["metadata"]["name"])
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump(configuration), encoding="utf-8")


def sidecar(
    name: str,
    *,
    app_id: str,
    app_port: int,
    ports: Mapping[str, int],
    tokens: Tokens,
    resources: Resources,
    addresses: Mapping[str, str],
    log: Path,
) -> Program:
    """The sidecar of one app.

    Args:
        name: Of the program.
        app_id: The app's name among sidecars; several processes may share it.
        app_port: Where the app listens.
        ports: To listen on, by the names in `PORTS`.
        tokens: The same that the app gets.
        resources: What it loads.
        addresses: The variables that the components refer to.
        log: Where its lines are kept.
    """
    command = [
        str(parts.DAPRD),
        *("--app-id", app_id, "--app-port", str(app_port), "--app-protocol", "http", "--mode", "standalone"),
        *("--dapr-http-port", str(ports["http"]), "--dapr-grpc-port", str(ports["grpc"])),
        *("--dapr-internal-grpc-port", str(ports["internal"]), "--metrics-port", str(ports["metrics"])),
        *("--dapr-listen-addresses", "127.0.0.1", "--metrics-listen-address", "127.0.0.1"),
        *("--dapr-internal-grpc-listen-address", "127.0.0.1"),
        *("--resources-path", str(resources.components), "--config", str(resources.configuration(app_id))),
        # An app that is away gets nothing, so that nothing is tried in vain.
        *("--enable-app-health-check", "--app-health-check-path", "/healthz"),
        *("--app-health-probe-interval", "2", "--app-health-probe-timeout", "1500"),
        # One that is only busy goes on getting its work.
        *("--app-health-threshold", "5"),
        # What is subscribed to is declared; the app is not asked.
        *("--disable-init-endpoints", "subscribe,config"),
        *("--dapr-graceful-shutdown-seconds", "20", "--log-level", "warn"),
    ]
    environment = {
        **os.environ,
        **addresses,
        "NAMES_FILE": str(resources.names),
        "SECRETS_FILE": str(resources.secrets),
        "DAPR_API_TOKEN": tokens.dapr,
        "APP_API_TOKEN": tokens.app,
        # What other sidecars of this machine find it by.
        "DAPR_HOST_IP": "127.0.0.1",
    }
    return Program(
        name=name,
        command=command,
        folder=resources.folder,
        log=log,
        environment=environment,
        is_ready=lambda: answers(ports["http"], "/v1.0/healthz/outbound"),
        stop_seconds=30,
    )


def answers(port: int, path: str) -> bool:
    """Whether an HTTP server on this port of loopback says that it is well."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 300
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
