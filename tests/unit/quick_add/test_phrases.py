"""The decisions of quick add that the case files leave to us, and the chips that people remove."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.quick_add import QuickAdd, Token, TokenKind, parse, parse_due
from todo_app.domain.task import Due, Priority

# A Wednesday, 17:00 in New York.
_NOW = datetime(2026, 7, 15, 21, tzinfo=UTC)
_ZONE = ZoneInfo("America/New_York")


def _parse(text: str, *ignored: str) -> QuickAdd:
    spans = [(text.index(part), text.index(part) + len(part)) for part in ignored]
    return parse(text, now=_NOW, timezone=_ZONE, ignored=spans)


def _due(text: str) -> Due | None:
    return parse_due(text, now=_NOW, timezone=_ZONE)


def test_date_and_time_side_by_side_are_one_chip() -> None:
    parsed = _parse("Call Ana tomorrow at 5pm p1")
    assert parsed.tokens == (
        Token(TokenKind.DUE, 9, 24, "tomorrow at 5pm"),
        Token(TokenKind.PRIORITY, 25, 27, "p1"),
    )


def test_date_and_time_apart_are_two_chips_and_one_due_date() -> None:
    parsed = _parse("Dinner 7pm with Ana on friday")
    assert [token.text for token in parsed.tokens] == ["7pm", "on friday"]
    assert (parsed.title, parsed.due) == ("Dinner with Ana", Due(date(2026, 7, 17), time(19)))


def test_the_time_of_a_second_date_is_not_taken_for_the_first() -> None:
    parsed = _parse("Dentist tomorrow and gym friday 5pm")
    assert (parsed.title, parsed.due) == ("Dentist and gym friday 5pm", Due(date(2026, 7, 16)))


def test_a_removed_chip_stays_text_and_the_rest_is_read_on() -> None:
    parsed = _parse("Dentist tomorrow and gym friday", "tomorrow")
    assert (parsed.title, parsed.due) == ("Dentist tomorrow and gym", Due(date(2026, 7, 17)))


def test_a_removed_priority_lets_the_earlier_one_count() -> None:
    parsed = _parse("Fix bug p3 p1", "p1")
    assert (parsed.title, parsed.priority) == ("Fix bug p1", Priority.LOW)


def test_a_removed_quoted_tag_is_kept_as_one_piece_of_text() -> None:
    parsed = _parse('Read #"next monday" today', '#"next monday"')
    assert (parsed.title, parsed.tags, parsed.due) == ('Read #"next monday"', (), Due(date(2026, 7, 15)))


def test_a_comma_or_full_stop_goes_with_the_date_before_it() -> None:
    assert _parse("Call Ana tomorrow, then Ben").title == "Call Ana then Ben"
    assert _parse("Pay rent on friday.").title == "Pay rent"


@pytest.mark.parametrize("text", ["Call Tom", "Tom about the offer", "Log on today about tom"])
def test_tom_without_a_time_is_a_person(text: str) -> None:
    parsed = _parse(text)
    assert "tom" in parsed.title.lower()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("the 27th", Due(date(2026, 7, 27))),
        ("on the 3rd of september", Due(date(2026, 9, 3))),
        ("by friday", Due(date(2026, 7, 17))),
        ("jan 5, 2031", Due(date(2031, 1, 5))),
        ("9am tomorrow", Due(date(2026, 7, 16), time(9))),
        ("6pm tonight", Due(date(2026, 7, 15), time(18))),
        ("tomorrow morning at 8am", Due(date(2026, 7, 16), time(8))),
        ("fri @ 7 p.m.", Due(date(2026, 7, 17), time(19))),
        ("@7pm", Due(date(2026, 7, 15), time(19))),
        ("in an hour", Due(date(2026, 7, 15), time(18))),
        ("in two weeks", Due(date(2026, 7, 29))),
        ("in 45 min", Due(date(2026, 7, 15), time(17, 45))),
        ("next weekend", Due(date(2026, 7, 25))),
        ("next year", Due(date(2027, 1, 1))),
        ("this evening", Due(date(2026, 7, 15), time(19))),
        ("end of the month", Due(date(2026, 7, 31))),
        ("new year's eve 8pm", Due(date(2026, 12, 31), time(20))),
        ("9/11", Due(date(2026, 9, 11))),
    ],
)
def test_the_date_picker_understands(text: str, due: Due) -> None:
    assert _due(text) == due


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "at 5", "5", "march", "2 weeks", "tomorrow maybe", "feb 30", "31 june", "feb 29 2027", "13/13", "32nd",
        "21th", "in days", "13pm", "0am", "24:00", "next", "the 9/11", "mid", "24/7", "1.2", "every day",
    ],
)  # fmt: skip
def test_the_date_picker_refuses(text: str) -> None:
    assert _due(text) is None


@pytest.mark.parametrize(
    ("text", "chips", "title", "due"),
    [
        ("Gym tomorrow every week", ["tomorrow", "every week"], "Gym", Due(date(2026, 7, 16))),
        (
            "Gym every week tomorrow 9am",
            ["every week", "tomorrow 9am"],
            "Gym",
            Due(date(2026, 7, 16), time(9)),
        ),
        (
            "Standup every day #work 9am",
            ["every day", "#work", "9am"],
            "Standup",
            Due(date(2026, 7, 16), time(9)),
        ),
        ("daily standup 9am", ["daily", "9am"], "standup", Due(date(2026, 7, 16), time(9))),
        ("Pay rent every month 27th", ["every month", "27th"], "Pay rent", Due(date(2026, 7, 27))),
    ],
)
def test_a_date_beside_a_recurrence_starts_it(text: str, chips: list[str], title: str, due: Due) -> None:
    parsed = _parse(text)
    assert ([token.text for token in parsed.tokens], parsed.title, parsed.due) == (chips, title, due)


def test_a_date_elsewhere_does_not_touch_a_recurrence() -> None:
    parsed = _parse("Every friday review next week plan")
    assert (parsed.title, parsed.due) == ("review next week plan", Due(date(2026, 7, 17)))


@pytest.mark.parametrize(
    "text", ["Feed every 3 cats", "Read every 5th page", "Boil every 27 eggs", "Wait every second"]
)
def test_a_number_that_counts_things_is_no_day_of_the_month(text: str) -> None:
    assert _parse(text) == QuickAdd(title=text)


def test_a_removed_recurrence_stays_text_and_a_date_counts_again() -> None:
    parsed = _parse("Gym every week from friday on", "every week from friday")
    assert (parsed.title, parsed.recurrence) == ("Gym every week from friday on", None)
    parsed = _parse("Gym every week and friday", "every week")
    assert (parsed.title, parsed.due) == ("Gym every week and", Due(date(2026, 7, 17)))


def test_somebody_who_writes_the_day_first_can_say_so() -> None:
    parsed = parse("Pay rent 9/11", now=_NOW, timezone=_ZONE, day_first=True)
    assert parsed.due == Due(date(2026, 11, 9))
    assert parse_due("9/30", now=_NOW, timezone=_ZONE, day_first=True) == Due(date(2026, 9, 30))


def test_hours_from_now_are_hours_of_real_time() -> None:
    before_the_spring_change = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_due("in 1 hour", now=before_the_spring_change, timezone=berlin) == Due(
        date(2026, 3, 29), time(3, 30)
    )
