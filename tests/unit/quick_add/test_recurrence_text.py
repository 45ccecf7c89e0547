"""Phrases that repeat become the rules and occurrences of the case file, and their words mean the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.quick_add.case_files import Row, cases, now_of, zone_of
from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add import parse_recurrence, preview_phrase
from todo_app.domain.recurrence import Anchor, Preview, Recurrence, format_rules, parse_rules
from todo_app.domain.recurrence.series import local_date

_NEW_YORK = ZoneInfo("America/New_York")
_NOW = datetime(2026, 7, 15, 17, tzinfo=_NEW_YORK)
_SINGLE_RULE = {"error", "*"}


def _preview(row: Row) -> Preview:
    completed_at = datetime.fromisoformat(row["completed_at"]) if row["completed_at"] else None
    return preview_phrase(
        row["text"],
        start=datetime.fromisoformat(row["now"]),
        timezone=zone_of(row),
        count=int(row["count"]),
        completed_at=completed_at,
    )


@pytest.mark.parametrize("row", cases("recurrence_text.csv", only=lambda row: row["rule"] != "error"))
def test_a_phrase_comes_to_these_occurrences(row: Row) -> None:
    shown = _preview(row)
    assert " ".join(moment.isoformat() for moment in shown.occurrences) == row["occurrences"]
    assert shown.anchor == row["anchor"]


@pytest.mark.parametrize(
    "row", cases("recurrence_text.csv", only=lambda row: row["rule"] not in _SINGLE_RULE)
)
def test_a_phrase_is_stored_as_this_rule(row: Row) -> None:
    assert parse_rules(_preview(row).rule) == parse_rules(row["rule"])


@pytest.mark.parametrize("row", cases("recurrence_text.csv", only=lambda row: row["rule"] == "error"))
def test_what_is_no_recurrence_is_refused(row: Row) -> None:
    with pytest.raises(Invalid) as refused:
        _preview(row)
    assert refused.value.field == "text"


def _by_day(recurrence: Recurrence, timezone: ZoneInfo) -> Recurrence:
    """The recurrence with UNTIL as a day: the words name no time."""
    return Recurrence(
        tuple(
            replace(rule, until=rule.until and local_date(rule.until, timezone)) for rule in recurrence.rules
        ),
        recurrence.anchor,
    )


@pytest.mark.parametrize("row", cases("recurrence_text.csv", only=lambda row: row["rule"] != "error"))
def test_the_words_of_a_rule_read_back_as_the_same_rule(row: Row) -> None:
    shown = _preview(row)
    back = parse_recurrence(shown.text, now=now_of(row), timezone=zone_of(row))
    assert back is not None
    stored = Recurrence(parse_rules(shown.rule), Anchor(shown.anchor))
    assert _by_day(back.recurrence, zone_of(row)) == _by_day(stored, zone_of(row))


@pytest.mark.parametrize(
    ("text", "rule", "first"),
    [
        ("every second day", "FREQ=DAILY;INTERVAL=2", "2026-07-15"),
        ("every first and third friday", "FREQ=MONTHLY;BYDAY=1FR,3FR", "2026-07-17"),
        ("every monday morning", "FREQ=WEEKLY;BYDAY=MO", "2026-07-20T09:00:00"),
        ("every week at 9am", "FREQ=WEEKLY", "2026-07-16T09:00:00"),
        ("every day at 9 and 11am", "FREQ=DAILY;BYHOUR=9,11;BYMINUTE=0", "2026-07-16T09:00:00"),
        ("every day at 9am and 9:30pm", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0\nFREQ=DAILY;BYHOUR=21;BYMINUTE=30", "2026-07-15T21:30:00"),
        ("monthly on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15", "2026-07-15"),
        ("every 3 months on the 1st", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "2026-08-01"),
        ("every other week on tue and thu for 5 times", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=5", "2026-07-16"),
        ("every month starting jan 31 2010", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2026-07-31"),
        ("every year starting feb 29 2028", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2028-02-29"),
        ("every day from 10 dec until 20 jan", "FREQ=DAILY;UNTIL=20270120", "2026-12-10"),
        ("every hour for 2 days", "FREQ=HOURLY;COUNT=48", "2026-07-15T18:00:00"),
        ("every 4 hours starting jan 1 2010", "FREQ=HOURLY;INTERVAL=4", "2026-07-15T21:00:00"),
        ("every! monday", "FREQ=WEEKLY;BYDAY=MO", "2026-07-20"),
        ("every! 3 workdays", "FREQ=DAILY;INTERVAL=3;X-WORKDAYS=TRUE", "2026-07-20"),
        ("every! 3 days starting aug 1", "FREQ=DAILY;INTERVAL=3", "2026-08-01"),
        ("every! monday starting aug 1", "FREQ=WEEKLY;BYDAY=MO", "2026-08-03"),
        ("every! 3 days starting jan 1 2010", "FREQ=DAILY;INTERVAL=3", "2026-07-15"),
        ("after 2 hours", "FREQ=HOURLY;INTERVAL=2", "2026-07-15T19:00:00"),
    ],
)  # fmt: skip
def test_more_phrases(text: str, rule: str, first: str) -> None:
    found = parse_recurrence(text, now=_NOW, timezone=_NEW_YORK)
    assert found is not None
    assert (format_rules(found.recurrence.rules), found.first.isoformat()) == (rule, first)


def test_a_union_for_a_number_of_times_ends_with_the_last_of_them() -> None:
    shown = preview_phrase(
        "every 14 jan, 15 jun for 3 times", start=date(2026, 7, 15), timezone=_NEW_YORK, count=9
    )
    assert shown.occurrences == (date(2027, 1, 14), date(2027, 6, 15), date(2028, 1, 14))


@pytest.mark.parametrize(
    "text",
    [
        "", "monday", "every monday please", "every day until 2020-01-01", "every 9th friday", "every 32nd", "every 40",
        "every second", "every day for 0 times", "every month on 14 jan", "every year on the 5th", "after monday",
        "every hour at 9am and 5pm", "every 15 minutes",
    ],
)  # fmt: skip
def test_more_that_is_no_recurrence(text: str) -> None:
    assert parse_recurrence(text, now=_NOW, timezone=_NEW_YORK) is None
