"""Reminders in words, and words as reminders."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.errors import Invalid
from todo_app.domain.events import ReminderData
from todo_app.domain.reminder_words import read_reminder, say_before, say_reminder

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "When it is due"),
        (1, "1 minute before"),
        (30, "30 minutes before"),
        (60, "1 hour before"),
        (90, "1 hour 30 minutes before"),
        (24 * 60, "1 day before"),
        (10 * 24 * 60, "10 days before"),
        (14 * 24 * 60, "2 weeks before"),
    ],
)
def test_minutes_are_said_in_the_longest_units_and_read_back(minutes: int, said: str) -> None:
    assert say_before(minutes) == said
    assert read_reminder(said, now=NOW, zone=BERLIN) == ReminderData(minutes_before=minutes)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("30 min", "30 minutes before"),
        ("!30 min before", "30 minutes before"),
        ("at due time", "When it is due"),
        ("tomorrow 9am", "Tomorrow 09:00"),
        ("17:00", "Today 17:00"),
        ("1 dec 2027 8:15", "1 Dec 2027 08:15"),
    ],
)
def test_typed_words_are_said_again(typed: str, said: str) -> None:
    assert say_reminder(read_reminder(typed, now=NOW, zone=BERLIN), now=NOW, zone=BERLIN) == said


def test_a_snooze_says_so() -> None:
    snooze = ReminderData(at=datetime(2026, 11, 23, 9, tzinfo=UTC), snooze=True)
    assert say_reminder(snooze, now=NOW, zone=BERLIN) == "Snoozed until Today 10:00"


@pytest.mark.parametrize("typed", ["", "!", "tomorrow", "before", "30 min before buy milk", "x" * 5000])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_reminder(typed, now=NOW, zone=BERLIN)
    assert refused.value.field == "text"
