"""A sidecar by itself, for the suites of single building blocks."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from distributed import parts
from distributed.ports import free_ports
from distributed.processes import Process, Program
from distributed.sidecars import COMPONENTS, PORTS, Tokens, answers
from todo_app.settings import Settings


@dataclass(frozen=True)
class RunningSidecar:
    """How to reach it, and what it was given."""

    settings: Settings
    resources: Sequence[str]
    ports: Mapping[str, int]
    tokens: Tokens
    process: Process


def component(name: str, kind: str, *, version: str = "v1", **metadata: str) -> str:
    """A component as JSON, which is YAML too."""
    items = [{"name": key, "value": value} for key, value in metadata.items()]
    spec = {"type": kind, "version": version, "metadata": items}
    return json.dumps(
        {"apiVersion": "dapr.io/v1alpha1", "kind": "Component", "metadata": {"name": name}, "spec": spec}
    )


def local_component(file: str) -> str:
    """A component as the run on one machine loads it."""
    return (COMPONENTS / file).read_text(encoding="utf-8")


def some_tokens() -> Tokens:
    return Tokens(dapr=secrets.token_urlsafe(16), app=secrets.token_urlsafe(16))


@contextlib.contextmanager
def run_sidecar(
    folder: Path,
    app_id: str,
    resources: Sequence[str],
    *,
    configuration: str | None = None,
    like: RunningSidecar | None = None,
    app_port: int | None = None,
    tokens: Tokens | None = None,
    **environment: str,
) -> Iterator[RunningSidecar]:
    """Run one with these resources until the block ends; it serves when the block begins.

    Args:
        folder: An empty one, for its files.
        app_id: The name it goes by.
        resources: Its components, as YAML.
        configuration: Its configuration, as YAML.
        like: Another one, which has ended, for ports and tokens.
        app_port: Where its app listens; by default it has none.
        tokens: What it and its app ask of each other.
        environment: Variables that the components refer to.
    """
    ports = like.ports if like else free_ports(PORTS)
    tokens = like.tokens if like else tokens or some_tokens()
    options: dict[str, object] = {
        "app-id": app_id,
        "mode": "standalone",
        "dapr-http-port": ports["http"],
        "dapr-grpc-port": ports["grpc"],
        "dapr-internal-grpc-port": ports["internal"],
        "metrics-port": ports["metrics"],
        "dapr-listen-addresses": "127.0.0.1",
        "resources-path": folder / "resources",
        "log-level": "warn",
    }
    (folder / "resources").mkdir()
    for number, resource in enumerate(resources):
        (folder / "resources" / f"{number}.yaml").write_text(resource, encoding="utf-8")
    if configuration is not None:
        (folder / "configuration.yaml").write_text(configuration, encoding="utf-8")
        options["config"] = folder / "configuration.yaml"
    if app_port is not None:
        options |= {"app-port": app_port, "app-protocol": "http"}
    command = [
        str(parts.DAPRD),
        *(word for name, value in options.items() for word in (f"--{name}", str(value))),
    ]
    given = {**os.environ, "DAPR_API_TOKEN": tokens.dapr, "APP_API_TOKEN": tokens.app, **environment}
    program = Program(
        name=app_id,
        command=command,
        folder=folder,
        log=folder / "sidecar.log",
        environment=given,
        is_ready=lambda: answers(ports["http"], "/v1.0/healthz/outbound"),
    )
    process = Process(program, say=lambda *_: None, is_kept_alive=False)
    process.start()
    try:
        process.wait_until_ready()
        settings = Settings(
            _env_file=None,
            dapr_grpc_port=ports["grpc"],
            dapr_http_port=ports["http"],
            dapr_api_token=tokens.dapr,
            app_api_token=tokens.app,
        )
        yield RunningSidecar(settings, resources, ports, tokens, process)
    finally:
        process.kill()
