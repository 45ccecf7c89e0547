"""The published schemas are those of the code, fit real documents, and do not change so that readers break."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.events.test_envelope import EVENT
from todo_app.domain.events import event_types
from todo_app.events.envelope import to_cloud_event
from todo_app.events.schemas import breaks, schemas

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "events"
UPDATED = "task.updated"


@pytest.fixture
def later() -> dict[str, Any]:
    """A schema of a later version, to be changed by the test."""
    return copy.deepcopy(schemas()[UPDATED])


def test_there_is_one_for_every_type() -> None:
    assert set(schemas()) == {*event_types(), "updates.noticed", "audit.sealed"}
    assert {file.stem for file in FOLDER.glob("*.json")} == set(schemas())


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_published_one_is_that_of_the_code(name: str) -> None:
    """`make event-schemas` writes them anew, and refuses what breaks readers."""
    published = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))

    assert breaks(published, schemas()[name]) == []
    assert published == schemas()[name]


def test_a_real_document_fits() -> None:
    validator = Draft202012Validator(schemas()[UPDATED])

    validator.validate(json.loads(to_cloud_event(EVENT)))
    assert not validator.is_valid(json.loads(to_cloud_event(EVENT)) | {"seq": "seven"})


def test_something_new_that_may_be_missing_breaks_nobody(later: dict[str, Any]) -> None:
    later["properties"]["data"]["properties"]["colour"] = {"type": "string", "default": ""}

    assert breaks(schemas()[UPDATED], later) == []


def test_what_breaks_readers_is_named(later: dict[str, Any]) -> None:
    data = later["properties"]["data"]
    del data["properties"]["title"]
    data["properties"]["colour"] = {"type": "string"}
    data["required"].append("colour")
    later["properties"]["seq"]["type"] = "string"
    later["$defs"]["ActorKind"]["enum"].remove("agent")
    del later["$defs"]["Change"]["properties"]["before"]

    assert sorted(breaks(schemas()[UPDATED], later)) == [
        'document.actorkind can\'t be "agent" any more',
        "document.data.changes[].before is gone",
        "document.data.colour is required now",
        "document.data.title is gone",
        "document.seq can't be of type integer any more",
    ]
