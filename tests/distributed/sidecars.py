"""A sidecar without an app behind it, for the suites of single building blocks."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from distributed.parts import DAPRD
from todo_app.settings import Settings

START_SECONDS = 20.0
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class RunningSidecar:
    """How to reach it, and what it was given."""

    settings: Settings
    resources: Sequence[str]
    ports: Sequence[int]
    token: str


def component(name: str, kind: str, *, version: str = "v1", **metadata: str) -> str:
    """A component as JSON, which is YAML too."""
    items = [{"name": key, "value": value} for key, value in metadata.items()]
    spec = {"type": kind, "version": version, "metadata": items}
    return json.dumps(
        {"apiVersion": "dapr.io/v1alpha1", "kind": "Component", "metadata": {"name": name}, "spec": spec}
    )


def free_ports(count: int) -> list[int]:
    """Ports where nobody listens now."""
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


@contextlib.contextmanager
def run_sidecar(
    folder: Path,
    app_id: str,
    resources: Sequence[str],
    *,
    configuration: str | None = None,
    like: RunningSidecar | None = None,
) -> Iterator[RunningSidecar]:
    """Run one with these resources until the block ends; it serves when the block begins.

    With ``like`` it has the ports and the token of another one, which has ended.
    """
    (folder / "resources").mkdir()
    for number, resource in enumerate(resources):
        (folder / "resources" / f"{number}.yaml").write_text(resource, encoding="utf-8")
    ports, token = (like.ports, like.token) if like else (free_ports(4), secrets.token_urlsafe(16))
    http, grpc, internal, metrics = ports
    options = {
        "app-id": app_id,
        "mode": "standalone",
        "dapr-http-port": http,
        "dapr-grpc-port": grpc,
        "dapr-internal-grpc-port": internal,
        "metrics-port": metrics,
        "dapr-listen-addresses": "127.0.0.1",
        "resources-path": folder / "resources",
        "log-level": "warn",
    }
    if configuration is not None:
        (folder / "configuration.yaml").write_text(configuration, encoding="utf-8")
        options["config"] = folder / "configuration.yaml"
    command = [str(DAPRD), *(text for name, value in options.items() for text in (f"--{name}", str(value)))]
    environment = {**os.environ, "DAPR_API_TOKEN": token}
    with (folder / "sidecar.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(process, http, token, folder / "sidecar.log")
        settings = Settings(_env_file=None, dapr_grpc_port=grpc, dapr_http_port=http, dapr_api_token=token)
        yield RunningSidecar(settings, resources, ports, token)
    finally:
        process.kill()
        process.wait(STOP_SECONDS)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, token: str, log: Path) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1.0/healthz/outbound", headers={"dapr-api-token": token}
    )
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"the sidecar did not start:\n{log.read_text(encoding='utf-8')}")
