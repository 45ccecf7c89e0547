"""Changes of rules and reminders in the words of the activity list."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import JsonValue
from uuid6 import uuid7

from todo_app.domain.activity_text import describe
from todo_app.domain.events import Actor, ActorKind, Change, Event, TaskUpdated

WEEKLY = {"rule": "FREQ=WEEKLY;BYDAY=MO", "anchor": "schedule", "if_overdue": "future", "start": "2026-11-23"}
BEFORE = {"minutes_before": 30, "at": None, "snooze": False}
AT = {"minutes_before": None, "at": "2026-11-24T08:00:00Z", "snooze": False}


@pytest.mark.parametrize(
    ("field", "before", "after", "words"),
    [
        ("recurrence", None, WEEKLY, "set the repetition to every Monday"),
        ("recurrence", WEEKLY, None, "removed the repetition every Monday"),
        ("recurrence", WEEKLY, {**WEEKLY, "if_overdue": "next"}, "changed the repetition"),
        ("reminders", [], [BEFORE, AT], "set the reminders to 30 minutes before, 2026-11-24 09:00"),
        ("reminders", [BEFORE], [], "removed the reminders 30 minutes before"),
    ],
)
def test_a_change_in_words(field: str, before: JsonValue, after: JsonValue, words: str) -> None:
    event = Event(
        id=uuid7(),
        user_id=uuid7(),
        aggregate_id=uuid7(),
        seq=2,
        command_id=uuid7(),
        occurred_at=datetime(2026, 11, 23, tzinfo=UTC),
        actor=Actor(kind=ActorKind.PERSON, name="ada@example.org"),
        data=TaskUpdated(title="Pay rent", changes=[Change(field=field, before=before, after=after)]),
    )

    assert describe(event, {}, ZoneInfo("Europe/Berlin")) == words
