"""The words for days and for when something was used."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from todo_app.domain.labels import day_in_sentence, day_label, used_label

FRIDAY = date(2026, 7, 17)
NOW = datetime(2026, 7, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "alone", "in_sentence"),
    [
        (-1, "Yesterday", "yesterday"),
        (0, "Today", "today"),
        (1, "Tomorrow", "tomorrow"),
        (3, "Monday", "Monday"),
        (7, "24 Jul", "24 Jul"),
        (365, "17 Jul 2027", "17 Jul 2027"),
    ],
)
def test_a_day_is_said_as_people_say_it(days: int, alone: str, in_sentence: str) -> None:
    day = FRIDAY + timedelta(days)

    assert (day_label(day, today=FRIDAY), day_in_sentence(day, today=FRIDAY)) == (alone, in_sentence)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(0), "used in the last day"),
        (timedelta(hours=23), "used in the last day"),
        (timedelta(hours=25), "last used about a day ago"),
        (timedelta(days=12, hours=5), "last used about 12 days ago"),
    ],
)
def test_a_use_is_said_no_more_exactly_than_it_is_known(ago: timedelta, words: str) -> None:
    assert used_label(NOW - ago, now=NOW) == words
