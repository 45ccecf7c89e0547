"""The date picker's shortcuts, and what it reads and says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.date_choices import date_shortcuts, read_due, read_time, say_due
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 7, 17, 8, 0, tzinfo=UTC)


def test_the_shortcuts_say_which_days_they_mean() -> None:
    found = [(each.label, each.date, each.hint) for each in date_shortcuts(FRIDAY, BERLIN)]

    assert found == [
        ("Today", date(2026, 7, 17), "Fri"),
        ("Tomorrow", date(2026, 7, 18), "Sat"),
        ("This weekend", date(2026, 7, 18), "Sat"),
        ("Next week", date(2026, 7, 20), "Mon 20 Jul"),
    ]


def test_today_is_the_day_where_the_person_is() -> None:
    before_midnight = datetime(2026, 7, 17, 22, 30, tzinfo=UTC)

    assert date_shortcuts(before_midnight, BERLIN)[0].date == date(2026, 7, 18)


@pytest.mark.parametrize("weekday", range(7))
def test_every_day_has_all_shortcuts(weekday: int) -> None:
    day = FRIDAY.replace(day=13 + weekday)

    assert len(date_shortcuts(day, BERLIN)) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [("17:00", time(17)), ("5pm", time(17)), (" 08:15 ", time(8, 15)), ("", None), ("  ", None)],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: time | None) -> None:
    assert read_time(text, now=FRIDAY, zone=BERLIN) == expected


@pytest.mark.parametrize("text", ["25:00", "soon", "tomorrow 5pm", "5pm 6pm", "'; DROP", "\u0661\u0667"])
def test_anything_else_in_the_time_field_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_time(text, now=FRIDAY, zone=BERLIN)

    assert refused.value.field == "time"
    assert "Try" in str(refused.value)


@pytest.mark.parametrize("text", ["31 feb", "friday 25:00", "buy milk", "2026-02-30"])
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match=r"is no date\. Try"):
        read_due(text, now=FRIDAY, zone=BERLIN)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (Due(date(2026, 7, 24), time(17)), "Friday 24 July, 17:00"),
        (Due(date(2026, 7, 24)), "Friday 24 July"),
        (Due(date(2027, 1, 1)), "Friday 1 January 2027"),
    ],
)
def test_a_date_is_said_in_full(due: Due, words: str) -> None:
    assert say_due(due, today=FRIDAY.date()) == words
