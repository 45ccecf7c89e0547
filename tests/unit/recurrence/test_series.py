"""Series around changes of the clock, and several rules in one series."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from todo_app.domain.recurrence import Recurrence, next_occurrence, occurrences, parse_rules

_BERLIN = ZoneInfo("Europe/Berlin")


def _first(rules: str, start: str, count: int) -> list[str]:
    moment = datetime.fromisoformat(start) if "T" in start else date.fromisoformat(start)
    found = occurrences(Recurrence(parse_rules(rules)), start=moment, timezone=_BERLIN)
    return [occurrence.isoformat() for occurrence in islice(found, count)]


def test_two_times_that_a_gap_makes_one_are_one_occurrence() -> None:
    assert _first("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=30", "2026-03-29T00:00:00", 3) == [
        "2026-03-29T03:30:00+02:00",
        "2026-03-30T02:30:00+02:00",
        "2026-03-30T03:30:00+02:00",
    ]


def test_occurrences_never_go_back_in_time() -> None:
    assert _first("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", "2026-03-29T00:00:00", 3) == [
        "2026-03-29T03:00:00+02:00",
        "2026-03-29T03:30:00+02:00",
        "2026-03-30T02:00:00+02:00",
    ]


def test_rules_are_merged_and_what_they_share_counts_once() -> None:
    assert _first("FREQ=WEEKLY;BYDAY=MO,WE\nFREQ=WEEKLY;BYDAY=WE,FR", "2026-07-13", 4) == [
        "2026-07-13",
        "2026-07-15",
        "2026-07-17",
        "2026-07-20",
    ]


def test_a_count_is_not_spent_by_looking_from_a_later_day_on() -> None:
    recurrence = Recurrence(parse_rules("FREQ=DAILY;COUNT=5"))
    start = date(2026, 7, 1)
    assert next_occurrence(recurrence, start=start, timezone=_BERLIN, after=date(2026, 7, 4)) == date(
        2026, 7, 5
    )
    assert next_occurrence(recurrence, start=start, timezone=_BERLIN, after=date(2026, 7, 5)) is None


def test_working_days_are_counted_over_weekends() -> None:
    assert _first("FREQ=DAILY;INTERVAL=3;X-WORKDAYS=TRUE", "2026-07-18", 3) == [
        "2026-07-20",
        "2026-07-23",
        "2026-07-28",
    ]


def test_the_year_of_a_week_begins_with_the_week_start_of_the_rule() -> None:
    # With weeks from Sunday, 4 January 2026 begins week 1 of 2026; from Monday it ends it.
    assert _first("FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU;WKST=SU", "2026-01-01", 1) == ["2026-01-04"]
    assert _first("FREQ=YEARLY;BYWEEKNO=2;BYDAY=MO", "2026-01-01", 1) == ["2026-01-05"]
