"""The bus and the invocation between processes: real sidecars, a real Kafka."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from distributed.local_run import LocalRun
from tests.conformance.bus_suite import AT_ONCE, BusSuite, Running
from tests.conformance.invocation_suite import InvocationSuite, consumers
from tests.distributed.sidecars import RunningSidecar, component, run_sidecar, some_tokens
from tests.events.conftest import clock, scene, witness  # noqa: F401  # fixtures
from tests.events.scene import Scene
from tests.events.witness import Witness
from tests.fixtures.served import port_of, served
from todo_app.api.ingress import effects_router, events_router
from todo_app.api.sidecar_gate import SidecarGate
from todo_app.events.dapr import PUBSUB, DaprBus
from todo_app.events.supervisor import Supervisor
from todo_app.invocation.dapr import WEB, DaprInvocation
from todo_app.invocation.local import LocalInvocation
from todo_app.settings import Settings
from todo_app.sidecar import Sidecar

TOPICS = ("task-events", "task-recurrence", "reminders")


@asynccontextmanager
async def beside(
    app: FastAPI, folder: Path, app_id: str, resources: list[str], **options: object
) -> AsyncIterator[RunningSidecar]:
    """An app and its sidecar, while the block lasts."""
    tokens = some_tokens()
    await asyncio.to_thread(folder.mkdir)
    async with served(SidecarGate(app, SecretStr(tokens.app))) as url, contextlib.AsyncExitStack() as stack:
        sidecar = run_sidecar(folder, app_id, resources, app_port=port_of(url), tokens=tokens, **options)  # type: ignore[arg-type]  # passed on as they are
        # Starting it blocks, and it asks the app meanwhile.
        running = await asyncio.to_thread(sidecar.__enter__)
        stack.push(sidecar.__exit__)
        yield running


class TestDaprBus(BusSuite):
    @pytest.fixture
    def database(self, postgresql_database: str) -> str:
        """The kind that the distributed mode has."""
        return postgresql_database

    @pytest.fixture
    def sidecar(self) -> Later:
        return Later()

    @pytest.fixture
    def bus(self, scene: Scene, sidecar: Later) -> DaprBus:  # noqa: F811
        return DaprBus(scene.work, sidecar, retries=AT_ONCE)  # type: ignore[arg-type]  # it behaves as one

    @pytest.fixture
    def running(self, servers: LocalRun, sidecar: Later, tmp_path: Path) -> Running:
        @asynccontextmanager
        async def run(bus: DaprBus) -> AsyncIterator[None]:
            app = FastAPI()
            app.include_router(events_router(bus.receive, bus.publish_unreadable), prefix="/events")
            resources = [_pubsub(servers.addresses.kafka), *map(_subscription, TOPICS)]
            async with (
                Supervisor().running(bus.loops()),
                beside(app, tmp_path / "sidecar", f"test-{uuid4().hex}", resources) as running,
            ):
                sidecar.become(running.settings)
                yield
                await sidecar.close()

        return run


class TestDaprInvocation(InvocationSuite):
    @pytest.fixture
    async def invocation(
        self,
        scene: Scene,  # noqa: F811
        witness: Witness,  # noqa: F811
        tmp_path: Path,
    ) -> AsyncIterator[DaprInvocation]:
        web, names = FastAPI(), _names(tmp_path)
        web.include_router(effects_router(LocalInvocation(scene.work, consumers(witness))), prefix="/events")
        async with (
            beside(web, tmp_path / "web", WEB, [], configuration=names),
            beside(FastAPI(), tmp_path / "worker", "todo-recurrence", [], configuration=names) as worker,
        ):
            sidecar = Sidecar(worker.settings)
            yield DaprInvocation(sidecar)
            await sidecar.close()


class Later(Sidecar):
    """A sidecar of which it is said later where it is."""

    def __init__(self) -> None:
        """Nothing is known yet."""

    def become(self, settings: Settings) -> None:
        """It is there."""
        super().__init__(settings)


def _names(folder: Path) -> str:
    resolver = {
        "component": "sqlite",
        "version": "v1",
        "configuration": {"connectionString": str(folder / "names.db")},
    }
    return json.dumps(
        {
            "apiVersion": "dapr.io/v1alpha1",
            "kind": "Configuration",
            "metadata": {"name": "test"},
            "spec": {"nameResolution": resolver},
        }
    )


def _pubsub(brokers: str) -> str:
    return component(
        PUBSUB,
        "pubsub.kafka",
        brokers=brokers,
        authType="none",
        consumerGroup="{appID}",
        initialOffset="oldest",
    )


def _subscription(topic: str) -> str:
    return json.dumps(
        {
            "apiVersion": "dapr.io/v2alpha1",
            "kind": "Subscription",
            "metadata": {"name": f"all-{topic}"},
            "spec": {
                "pubsubname": PUBSUB,
                "topic": topic,
                "routes": {"default": f"/events/topics/{topic}"},
                "bulkSubscribe": {"enabled": True, "maxMessagesCount": 100, "maxAwaitDurationMs": 10},
            },
        }
    )
