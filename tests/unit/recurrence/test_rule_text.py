"""Rules are read strictly, and whatever is wrong with one is told by one kind of error."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from todo_app.domain.recurrence import InvalidRule, format_rules, parse_rules


@pytest.mark.parametrize(
    "text",
    [
        "", " \n ", ";", "FREQ", "FREQ=", "FREQ=DAILY;;COUNT=1", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;COUNT=1.5", "FREQ=DAILY;INTERVAL=9999999999", "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;BYHOUR=-1", "FREQ=DAILY;BYMONTHDAY=0", "FREQ=DAILY;BYMONTHDAY=32", "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=54MO", "FREQ=MONTHLY;BYDAY=+MO", "FREQ=MONTHLY;BYDAY=", "FREQ=DAILY;BYMONTH=1,,2",
        "FREQ=DAILY;BYMONTH=\u0661", "FREQ=DAILY;UNTIL=2026", "FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;WKST=1",
        "FREQ=DAILY;UNTIL=20260101T250000Z", "FREQ=DAILY;BYEASTER=0", "FREQ=DAILY;X-NAME=1",
        # What the table in RFC 5545 §3.3.10 rules out.
        "FREQ=MONTHLY;BYWEEKNO=20", "FREQ=DAILY;BYYEARDAY=100", "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "FREQ=DAILY;BYSETPOS=1",
        "FREQ=WEEKLY;X-WORKDAYS=TRUE", "FREQ=DAILY;BYDAY=MO;X-WORKDAYS=TRUE", "FREQ=DAILY\n" * 25, "FREQ=DAILY;" * 1000,
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused(text: str) -> None:
    with pytest.raises(InvalidRule):
        parse_rules(text)


def test_case_a_prefix_and_a_closing_semicolon_do_not_matter() -> None:
    assert parse_rules("rrule:freq=Weekly;byday=mo,tu;") == parse_rules("FREQ=WEEKLY;BYDAY=MO,TU")
    assert parse_rules("FREQ=MONTHLY;BYDAY=+1FR") == parse_rules("FREQ=MONTHLY;BYDAY=1FR")


def test_until_is_an_instant_a_wall_clock_or_a_day() -> None:
    (instant,) = parse_rules("FREQ=DAILY;UNTIL=20260722T070000Z")
    (wall_clock,) = parse_rules("FREQ=DAILY;UNTIL=20260722T070000")
    (day,) = parse_rules("FREQ=DAILY;UNTIL=20260722")
    assert instant.until == datetime(2026, 7, 22, 7, tzinfo=UTC)
    assert wall_clock.until == datetime(2026, 7, 22, 7)  # noqa: DTZ001
    assert day.until == date(2026, 7, 22)


def test_several_rules_stand_on_lines_of_their_own() -> None:
    text = "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=14\nFREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15"
    assert format_rules(parse_rules(text)) == text


_PARTS = st.sampled_from(
    [
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYDAY",
        "BYMONTH",
        "BYMONTHDAY",
        "BYSETPOS",
        "BYHOUR",
        "WKST",
        "X-WORKDAYS",
        "Z",
    ]
)
_VALUES = st.sampled_from(
    [
        "DAILY",
        "WEEKLY",
        "MONTHLY",
        "YEARLY",
        "1",
        "-1",
        "31",
        "MO",
        "1MO,-1FR",
        "1,2,3",
        "20260101",
        "TRUE",
        "",
        ",",
    ]
)
_RULE_LIKE = st.lists(st.tuples(_PARTS, _VALUES).map("=".join), max_size=5).map(";".join)


@settings(max_examples=1000, deadline=None)
@given(text=_RULE_LIKE | st.text(max_size=40))
@example(text="FREQ=DAILY;BYMONTH=²")
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rules = parse_rules(text)
    except InvalidRule:
        return
    assert parse_rules(format_rules(rules)) == rules
