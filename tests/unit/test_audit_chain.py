"""The seals of the audit chain: what they cover, and that nobody makes them without the key."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_app.domain.audit_chain import START, Link, canonical, content_digest, head_seal, same, seal
from todo_app.domain.events import Actor, ActorKind, Event, TaskPurged

KEY = b"a key of this installation"
LINK = Link(
    user_id=UUID(int=1), position=3, event_id=UUID(int=2), content_digest="ab" * 32, previous_seal="cd" * 32
)


def test_a_seal_is_an_hmac_sha256_over_all_that_the_record_says() -> None:
    message = "\n".join(
        ["punctual-audit-1", "record", f"{1:032x}", "3", f"{2:032x}", "ab" * 32, "cd" * 32]
    ).encode()
    assert seal(KEY, LINK) == hmac.new(KEY, message, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        replace(LINK, user_id=UUID(int=9)),
        replace(LINK, position=4),
        replace(LINK, event_id=UUID(int=9)),
        replace(LINK, content_digest="ac" * 32),
        replace(LINK, previous_seal=START),
    ],
)
def test_any_other_record_has_another_seal(changed: Link) -> None:
    assert not same(seal(KEY, changed), seal(KEY, LINK))


def test_another_key_gives_other_seals() -> None:
    assert not same(seal(b"another key", LINK), seal(KEY, LINK))


def test_the_seal_of_a_head_can_not_be_taken_from_a_record() -> None:
    head = head_seal(KEY, user_id=LINK.user_id, records=LINK.position, last_seal=seal(KEY, LINK))
    assert head not in (seal(KEY, LINK), head_seal(KEY, user_id=LINK.user_id, records=2, last_seal=START))


def test_the_canonical_text_is_sorted_json_without_spaces() -> None:
    event = Event(
        id=UUID(int=1),
        user_id=UUID(int=2),
        aggregate_id=UUID(int=3),
        seq=1,
        command_id=UUID(int=4),
        occurred_at=datetime(2026, 7, 15, tzinfo=UTC),
        actor=Actor(kind=ActorKind.PERSON, name="ada"),
        data=TaskPurged(title="Tee ☕"),
    )
    assert canonical(event).startswith('{"actor":{"kind":"person","name":"ada"},"aggregate_id":')
    assert '"data":{"title":"Tee ☕","type":"task.purged"}' in canonical(event)
    assert Event.model_validate_json(canonical(event)) == event


@given(st.text(), st.text())
def test_a_digest_tells_contents_apart(one: str, other: str) -> None:
    assert (content_digest("5a17", one) == content_digest("5a17", other)) == (one == other)


def test_the_salt_hides_a_content_that_can_be_guessed() -> None:
    assert content_digest("5a17", "guess") != content_digest("5a18", "guess")
