"""What a sidecar brings, in the form in which Dapr delivers it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from tests.events.test_envelope import EVENT
from todo_app.api.ingress import effects_router, events_router, updates_router
from todo_app.api.sidecar_gate import TOKEN_HEADER, SidecarGate
from todo_app.domain.events import Event
from todo_app.events.consumers import Judgement
from todo_app.events.envelope import to_cloud_event
from todo_app.events.lanes import Unreachable
from todo_app.events.notices import Notices
from todo_app.events.updates import Update, UpdateData, UpdateKind
from todo_app.invocation.port import EffectFailed

_TRACE = f"00-{'1' * 32}-{'2' * 16}-01"
TOKEN = "what the sidecar knows"


class Asked:
    """An invocation that notes what it was asked, and answers or fails."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.fails: Exception | None = None

    async def execute(self, consumer: str, events: Sequence[Event]) -> Judgement:
        if consumer != "recurrence":
            raise KeyError(consumer)
        if self.fails:
            raise self.fails
        self.events += events
        return Judgement(ready=list(events))


@pytest.fixture
def received() -> list[Event]:
    return []


class Refused:
    """Where messages go that can't be read."""

    def __init__(self) -> None:
        self.messages: list[object] = []
        self.away = False

    async def refuse(self, topic: str, message: object) -> bool:
        if not self.away:
            self.messages.append(message)
        return not self.away


@pytest.fixture
def refused() -> Refused:
    return Refused()


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def notices() -> Notices:
    return Notices()


@pytest.fixture
def sidecar(received: list[Event], refused: Refused, asked: Asked, notices: Notices) -> AsyncClient:
    async def receive(events: list[Event]) -> None:
        received.extend(events)

    app = FastAPI()
    app.include_router(updates_router(notices), prefix="/events")
    app.include_router(events_router(receive, refused.refuse), prefix="/events")
    app.include_router(effects_router(asked), prefix="/events")
    app.add_middleware(SidecarGate, token=SecretStr(TOKEN))
    transport = ASGITransport(app)
    return AsyncClient(transport=transport, base_url="http://app.test", headers={TOKEN_HEADER: TOKEN})


def bulk(*documents: object) -> dict[str, object]:
    """A delivery as Dapr 1.18 sends it to a subscription in bulk."""
    entries = [
        {
            "entryId": str(number),
            "event": document,
            "contentType": "application/cloudevents+json",
            "metadata": {"pubsubName": "kafka-pubsub"},
        }
        for number, document in enumerate(documents)
    ]
    return {
        "id": str(uuid4()),
        "entries": entries,
        "metadata": None,
        "topic": "task-events",
        "pubsubname": "kafka-pubsub",
        "type": "com.dapr.event.sent.bulk",
    }


def from_broker(event: Event) -> dict[str, object]:
    """With what Dapr adds on the way."""
    document: dict[str, object] = json.loads(to_cloud_event(event))
    return document | {
        "topic": "task-events",
        "pubsubname": "kafka-pubsub",
        "traceid": _TRACE,
        "traceparent": _TRACE,
    }


async def test_events_are_received(sidecar: AsyncClient, received: list[Event]) -> None:
    answer = await sidecar.post("/events/topics/task-events", json=bulk(from_broker(EVENT)))

    assert answer.json() == {"statuses": [{"entryId": "0", "status": "SUCCESS"}]}
    assert received == [EVENT]


@pytest.mark.parametrize(
    "nonsense",
    [None, "text", 7, [], {}, {"specversion": "1.0"}, {"id": "x", "type": "task.created", "data": {}}],
)
async def test_what_can_not_be_read_is_put_aside_and_the_rest_received(
    sidecar: AsyncClient, received: list[Event], refused: Refused, nonsense: object
) -> None:
    answer = await sidecar.post("/events/topics/task-events", json=bulk(nonsense, from_broker(EVENT)))

    assert [each["status"] for each in answer.json()["statuses"]] == ["SUCCESS", "SUCCESS"]
    assert received == [EVENT]
    assert refused.messages == [nonsense]


async def test_what_can_not_be_put_aside_comes_again(
    sidecar: AsyncClient, received: list[Event], refused: Refused
) -> None:
    refused.away = True

    answer = await sidecar.post("/events/topics/task-events", json=bulk("nonsense", from_broker(EVENT)))

    assert [each["status"] for each in answer.json()["statuses"]] == ["RETRY", "SUCCESS"]
    assert received == [EVENT]


async def test_an_event_of_a_newer_kind_is_put_aside(
    sidecar: AsyncClient, received: list[Event], refused: Refused
) -> None:
    newer = from_broker(EVENT) | {"type": "task.teleported"}

    await sidecar.post("/events/topics/task-events", json=bulk(newer))

    assert refused.messages == [newer]
    assert received == []


async def test_an_update_is_announced(sidecar: AsyncClient, notices: Notices) -> None:
    told: list[UUID] = []
    notices.subscribe_told(told.append)
    update = Update(id=uuid4(), subject=EVENT.user_id, data=UpdateData(kind=UpdateKind.TOLD))

    answer = await sidecar.post(
        "/events/topics/task-updates", json=bulk(json.loads(update.model_dump_json()), {"data": "?"})
    )

    assert [each["status"] for each in answer.json()["statuses"]] == ["SUCCESS", "SUCCESS"]
    assert told == [EVENT.user_id]


async def test_an_effect_is_made_when_a_worker_asks_for_it(sidecar: AsyncClient, asked: Asked) -> None:
    answer = await sidecar.post("/events/effects/recurrence", json=[json.loads(to_cloud_event(EVENT))])

    assert answer.json() == {"ready": [str(EVENT.id)], "early": [], "over": []}
    assert asked.events == [EVENT]


@pytest.mark.parametrize(
    ("failure", "status"), [(EffectFailed("KeyError: 'due'"), 422), (Unreachable("no database"), 503)]
)
async def test_why_an_effect_was_not_made_is_said(
    sidecar: AsyncClient, asked: Asked, failure: Exception, status: int
) -> None:
    asked.fails = failure

    answer = await sidecar.post("/events/effects/recurrence", json=[json.loads(to_cloud_event(EVENT))])

    assert (answer.status_code, answer.json()["message"]) == (status, str(failure))


async def test_an_unknown_consumer_is_refused(sidecar: AsyncClient) -> None:
    answer = await sidecar.post("/events/effects/nobody", json=[])

    assert answer.status_code == 404


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + " "])
@pytest.mark.parametrize(
    "path", ["/events", "/events/topics/task-events", "/events/effects/recurrence", "/events/ignored"]
)
async def test_nobody_else_gets_in(
    sidecar: AsyncClient, received: list[Event], asked: Asked, token: str | None, path: str
) -> None:
    del sidecar.headers[TOKEN_HEADER]
    headers = {} if token is None else {TOKEN_HEADER: token.encode("latin-1")}

    answer = await sidecar.post(path, json=bulk(from_broker(EVENT)), headers=headers)

    assert answer.status_code == 404
    assert not received
    assert not asked.events


async def test_without_a_token_of_its_own_the_app_lets_nobody_in() -> None:
    app = SidecarGate(FastAPI(), token=None)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://app.test") as client:
        answer = await client.post("/events/ignored", headers={TOKEN_HEADER: ""})

    assert answer.status_code == 404
