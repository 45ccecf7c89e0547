"""The JSON that other programs see: CloudEvents 1.0, with nothing lost on the way there and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from todo_app.domain.events import Actor, ActorKind, Change, Event, TaskUpdated, event_types
from todo_app.events.catalogue import dead_letter_topic, topics_of
from todo_app.events.envelope import from_cloud_event, to_cloud_event

EVENT = Event(
    id=UUID(int=1),
    user_id=UUID(int=2),
    aggregate_id=UUID(int=3),
    seq=7,
    command_id=UUID(int=4),
    occurred_at=datetime(2026, 7, 15, 9, 30, tzinfo=UTC),
    actor=Actor(kind=ActorKind.PERSON, name="ada@example.org"),
    data=TaskUpdated(title="Tea ☕", changes=[Change(field="title", before="Coffee", after="Tea ☕")]),
)


def test_the_document_is_a_cloud_event() -> None:
    assert json.loads(to_cloud_event(EVENT)) == {
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000001",
        "source": "urn:punctual",
        "type": "task.updated",
        "subject": "00000000-0000-0000-0000-000000000003",
        "time": "2026-07-15T09:30:00Z",
        "datacontenttype": "application/json",
        "partitionkey": "00000000-0000-0000-0000-000000000003",
        "schemaversion": 1,
        "userid": "00000000-0000-0000-0000-000000000002",
        "seq": 7,
        "commandid": "00000000-0000-0000-0000-000000000004",
        "actorkind": "person",
        "actorname": "ada@example.org",
        "data": {
            "title": "Tea ☕",
            "changes": [{"field": "title", "before": "Coffee", "after": "Tea ☕"}],
        },
    }


def test_attribute_names_are_as_the_specification_wants_them() -> None:
    names = json.loads(to_cloud_event(EVENT)).keys()
    assert all(name.isalnum() and name == name.lower() and len(name) <= 20 for name in names)


@pytest.mark.parametrize("event", [EVENT, EVENT.model_copy(update={"undoes": UUID(int=9)})])
def test_there_and_back_nothing_is_lost(event: Event) -> None:
    assert from_cloud_event(to_cloud_event(event)) == event


def test_a_trace_goes_out_and_that_of_the_delivery_is_not_taken_for_it() -> None:
    trace = f"00-{'1' * 32}-{'2' * 16}-01"
    document = json.loads(to_cloud_event(EVENT.model_copy(update={"traceparent": trace})))
    assert document["traceparent"] == trace
    assert from_cloud_event(json.dumps(document)) == EVENT


def test_attributes_that_a_broker_adds_are_tolerated() -> None:
    document = {**json.loads(to_cloud_event(EVENT)), "pubsubname": "kafka", "topic": "task-events"}
    assert from_cloud_event(json.dumps(document)) == EVENT


@pytest.mark.parametrize(
    "change",
    [
        {"specversion": "0.3"},
        {"type": "task.exploded"},
        {"seq": 0},
        {"schemaversion": 2},
        {"data": {"title": "Tea", "changes": [], "secret": "x"}},
        {"data": {}},
        {"userid": "nobody"},
    ],
)
def test_what_is_not_in_the_catalogue_is_refused(change: dict[str, object]) -> None:
    document = {**json.loads(to_cloud_event(EVENT)), **change}
    with pytest.raises(ValidationError):
        from_cloud_event(json.dumps(document))


def test_every_event_type_has_a_topic() -> None:
    assert {topic for kind in event_types() for topic in topics_of(kind)} == {
        "reminders",
        "task-events",
        "task-recurrence",
    }
    assert dead_letter_topic("task-events") == "task-events-dead"


def test_an_event_type_without_a_topic_is_an_error() -> None:
    with pytest.raises(KeyError):
        topics_of("weather.changed")
